import pytest

from governance.knowledge import apply, dump
from instruments.models import Provision, ProvisionPrinciple
from tests.factories import make_document, make_instrument, make_principle, make_provision

pytestmark = pytest.mark.django_db


def test_provisions_are_kept_in_order_with_what_they_carry():
    make_principle("non-refoulement")
    make_principle("solidarity")
    carried = [{"slug": "solidarity", "strength": "implied", "basis": "inferred"}, "non-refoulement"]
    record = apply(make_document("instrument", "convention", provisions=[
        {"label": "Article 33", "heading": "Expulsion", "gist": "Nobody is sent back.", "principles": carried},
        {"label": "Preamble", "slug": "opening"},
    ])).record  # fmt: skip
    rows = list(Provision.objects.filter(instrument=record.pk))
    assert [(row.label, row.slug, row.position) for row in rows] == [
        ("Article 33", "article-33", 0),
        ("Preamble", "opening", 1),
    ]
    assert [(p.principle.slug, p.strength, p.basis) for p in rows[0].principles.all()] == [
        ("solidarity", "implied", "inferred"),
        ("non-refoulement", "explicit", "editorial"),
    ]
    assert [item["url"] for item in dump(record)["provisions"]] == [
        "/instruments/convention/article-33/",
        "/instruments/convention/opening/",
    ]


def test_what_a_provision_carries_is_found_with_its_instrument():
    make_principle("solidarity")
    provisions = [{"label": "Article 1", "principles": ["solidarity"]}]
    record = apply(make_document("instrument", "convention", provisions=provisions)).record
    assert [(tag.principle.slug, tag.basis) for tag in record.principle_tags.all()] == [("solidarity", "computed")]


def test_applying_again_replaces_the_provisions_of_this_instrument_only():
    principle = make_principle("solidarity")
    make_provision(make_instrument("other"), "Article 1", principle)
    for labels in (["Article 1", "Article 2"], ["Article 2"], []):
        provisions = [{"label": label, "principles": ["solidarity"]} for label in labels]
        apply(make_document("instrument", "convention", provisions=provisions))
        kept = Provision.objects.filter(instrument__slug="convention").values_list("label", flat=True)
        assert list(kept) == labels
    assert ProvisionPrinciple.objects.count() == Provision.objects.count() == 1


def test_a_provision_is_named_by_its_label_and_heading():
    instrument = make_instrument("convention")
    assert str(make_provision(instrument, "Article 1")) == "Article 1"
    assert str(make_provision(instrument, "Article 2", heading="Aims")) == "Article 2 – Aims"
