import json

import pytest
from hypothesis import given

from governance.knowledge import compact, digest, expand, own
from governance.knowledge.form import DEFAULTS
from governance.models import Level, Name, Source
from tests.governance.knowledge.documents import documents


@given(documents)
def test_both_forms_say_the_same(document):
    full = own(document)
    assert own(expand(document)) == full
    assert own(compact(document)) == full
    assert own(compact(full)) == full
    assert digest(document) == digest(full) == digest(compact(document))


@given(documents)
def test_saying_it_again_changes_nothing(document):
    assert own(own(document)) == own(document)
    assert compact(compact(document)) == compact(document)


@given(documents)
def test_the_full_form_goes_through_json(document):
    assert own(json.loads(json.dumps(own(document)))) == own(document)


def test_evidence_in_place_becomes_bases_and_citations_by_pointer():
    full = expand({
        "type": "instrument", "slug": "x",
        "level": {"value": "regional", "basis": "inferred", "cite": ["S4.12 'a phrase'"]},
        "dates": [{"event": "adopted", "value": "1951", "cite": ["!S1.2"]}],
        "provisions": [{"label": "Article 1", "principles": [{"slug": "p", "cite": ["R42 [p. 3]"]}]}],
    })  # fmt: skip
    assert full["bases"] == {"level": "inferred"}
    assert [(item["field"], item["source"], item["stance"]) for item in full["citations"]] == [
        ("/level", "S4", "supports"),
        ("/dates/0", "S1", "contradicts"),
        ("/provisions/0/principles/0", "R42", "supports"),
    ]


@pytest.mark.parametrize(
    ("written", "basis"),
    [
        ({"value": "x"}, "editorial"),
        ({"value": "x", "cite": ["S1"]}, "stated"),
        ({"value": "x", "cite": ["S1"], "basis": "editorial"}, "editorial"),
        ({"value": "x", "basis": "computed"}, "computed"),
    ],
)
def test_a_basis_left_out_is_stated_where_there_is_a_citation_and_editorial_otherwise(written, basis):
    assert own({"type": "event", "slug": "x", "summary": written})["bases"]["summary"] == basis


def test_what_a_provision_carries_its_instrument_carries():
    full = own({
        "type": "instrument", "slug": "x", "principles": ["solidarity"],
        "provisions": [{"label": "Article 1", "principles": ["non-refoulement", "solidarity"]}],
    })  # fmt: skip
    assert full["principles"] == ["solidarity", "non-refoulement"]
    assert full["bases"] == {"principles/0": "editorial", "principles/1": "computed"}


def test_a_provision_gets_its_address_from_its_label():
    assert own({"type": "instrument", "slug": "x", "provisions": [{"label": "Article 1 (2)"}]})["provisions"][0][
        "slug"
    ] == ("article-1-2")


def test_the_other_side_of_a_relation_is_no_part_of_what_a_document_says():
    forward = {"predicate": "follows", "type": "event", "slug": "e", "direction": "forward"}
    inverse = {"predicate": "followed-by", "type": "event", "slug": "f", "direction": "inverse"}
    full = own({"type": "event", "slug": "x", "bases": {}, "relations": [forward, inverse]})
    assert [item["slug"] for item in full["relations"]] == ["e"]


def test_what_is_derived_or_the_default_makes_no_difference():
    plain = {"type": "source", "slug": "S1", "title": "A"}
    dumped = plain | {
        "url": "/sources/S1/", "updated": "2026-01-01T00:00:00Z", "state": "draft", "countries": [], "code": "S1",
        "rights": "snippets", "residue": [], "author": "", "level": None,
    }  # fmt: skip
    assert digest(plain) == digest(dumped)
    assert digest({"type": "level", "slug": "x", "position": "0"}) == digest({"type": "level", "slug": "x"})


def test_numbers_may_be_written_as_text():
    as_text = {"type": "source", "slug": "S1", "residue": ["2", "18"], "joined": [["4", "5"]]}
    assert own(as_text) == own({"type": "source", "slug": "S1", "residue": [2, 18], "joined": [[4, 5]]})


def test_the_defaults_are_those_of_the_models():
    models = {"position": Level, "rights": Source, "language": Name}
    assert {name: model._meta.get_field(name).default for name, model in models.items()} == DEFAULTS
