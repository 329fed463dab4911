"""What must hold before a record is published."""

import pytest

from governance import publishing
from governance.knowledge import DocumentError, apply, own
from governance.models import Record, Revision
from tests.factories import make_document, make_instrument, make_participation
from tests.governance.curating import agreement, publish
from tests.governance.publishing.standing import in_review, propose

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"participation": [{"party": "country/MA", "act": "party"}]}, "/participation", "two sides"),
        ({"participation": [{"party": "country/MA", "act": "party"}] * 2}, "/participation", "two sides"),
        (
            {"participation": [{"party": f"country/{c}", "act": "observer"} for c in ("MA", "TN")]},
            "/participation",
            "two sides",
        ),
        ({"kind": "memorandum-of-understanding", "participation": []}, "/participation", "two sides"),
        ({"level": ""}, "/level", "level"),
        (
            {"dates": [{"event": "signed", "value": "2023-05-02"}, {"event": "in-force", "value": "2023-05-01"}]},
            "/dates/1/value",
            "later",
        ),
        (
            {"dates": [{"event": "in-force", "value": "2001"}, {"event": "adopted", "value": "2002"}]},
            "/dates/0/value",
            "later",
        ),
        (
            {"dates": [{"event": "in-force", "value": "2001"}, {"event": "ended", "value": "1999-12"}]},
            "/dates/1/value",
            "later",
        ),
        ({"names": [{"text": "N", "kind": "short", "basis": "stated"}]}, "/names/0/basis", "source that states"),
        ({"summary": {"value": "x", "basis": "stated"}}, "/bases/summary", "source that states"),
    ],
)
def test_what_does_not_hold_is_kept_as_a_draft_and_not_submitted(people, fields, place, words):
    record = publishing.create_draft(agreement(**fields), people["amal"]).record
    with pytest.raises(DocumentError, match=words) as refused:
        publishing.submit(record, people["amal"])
    assert place in [problem.place for problem in refused.value.problems]
    record.refresh_from_db()
    assert record.state == "draft"


@pytest.mark.parametrize(
    "fields",
    [
        {"dates": [{"event": "signed", "value": "2023-05"}, {"event": "in-force", "value": "2023-05-01"}]},
        {"dates": [{"event": "signed", "value": "2023"}, {"event": "in-force", "value": "2023"}]},
        {"dates": [{"event": "adopted", "value": "2023"}, {"event": "in-force", "value": "2022/2024"}]},
        {"participation": [{"party": "country/MA", "act": "ratified"}, {"party": "country/ES", "act": "signatory"}]},
        {"kind": "treaty", "participation": []},
    ],
)
def test_what_may_hold_is_published(people, fields):
    assert publish(agreement(**fields), people["amal"], people["rosa"]).state == "published"


def test_nothing_is_published_without_a_citation_except_what_needs_none(people):
    record = publishing.create_draft(make_document("event", "a-meeting"), people["amal"]).record
    with pytest.raises(DocumentError, match="without a citation"):
        publishing.submit(record, people["amal"])
    for type_, slug in (("level", "local"), ("country", "FR"), ("source", "S10")):
        assert publish(make_document(type_, slug), people["amal"], people["rosa"]).state == "published"


def test_what_stopped_holding_while_it_waited_is_not_published(people):
    waiting = in_review(people)
    one_sided = own(agreement(participation=[]))
    apply(one_sided, state="in-review")
    Revision.objects.filter(pk=waiting.pk).update(document=one_sided)
    with pytest.raises(DocumentError, match="two sides"):
        publishing.approve(Revision.objects.get(pk=waiting.pk), people["rosa"])
    assert Record.objects.get(type="instrument").state == "in-review"


def test_a_document_that_cannot_be_kept_writes_nothing(people, published):
    before = Revision.objects.count()
    for bad in ({"title": ""}, {"dates": [{"event": "signed", "value": "soon"}]}, {"topics": ["nowhere"]}):
        with pytest.raises(DocumentError):
            publishing.save_draft(agreement(**bad), people["amal"])
        with pytest.raises(DocumentError):
            publishing.create_draft(agreement("new", **bad), people["amal"])
    assert Revision.objects.count() == before
    assert Record.objects.filter(type="instrument").count() == 1


def test_a_withdrawn_neighbour_does_not_keep_a_record_from_being_edited(people, published):
    other = publish(
        agreement("other", relations=[{"predicate": "follows", "to": "instrument/labour-agreement"}]),
        people["amal"],
        people["rosa"],
    ).record
    publishing.withdraw(published, people["rosa"], "A duplicate.")
    assert propose(other, people["amal"], summary="Still here.").decision == "pending"


def test_make_participation_by_hand_counts_as_a_side(people):
    record = make_instrument("by-hand", kind="bilateral-agreement", state="draft")
    make_participation(record, Record.objects.get(slug="MA"))
    with pytest.raises(DocumentError, match="two sides"):
        publishing.submit(record, people["amal"])
