"""Round trips between documents and records."""

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from governance.knowledge import DocumentError, apply, compact, digest, dump, own
from governance.models import FormerSlug, Record, Revision
from governance.models.revision import Decision
from tests.factories import make_document, make_instrument, make_principle, make_source
from tests.governance.knowledge.documents import documents


def without_time(document: dict) -> dict:
    return {key: value for key, value in document.items() if key != "updated"}


@given(document=documents)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_a_record_says_what_its_document_says(world, document):
    """Apply and dump are inverse to each other, in both forms, and the revision holds the same."""
    with transaction.atomic():
        revision = apply(document)
        dumped = dump(revision.record, public=False)
        assert own(dumped) == own(document) == revision.document
        for form in (dumped, compact(dumped), revision.document):
            again = dump(apply(form).record, public=False)
            assert without_time(again) == without_time(dumped)
            assert digest(again) == digest(document)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_new_record_is_published_unless_the_document_or_the_caller_says_otherwise():
    assert apply(make_document("event", "a")).record.state == "published"
    assert apply(make_document("event", "b", state="in-review")).record.state == "in-review"
    assert apply(make_document("event", "c", state="in-review"), state="draft").record.state == "draft"


@pytest.mark.django_db
def test_a_record_keeps_its_state_when_the_document_says_none():
    apply(make_document("event", "a", state="withdrawn"))
    assert apply(make_document("event", "a", summary="Changed.")).record.state == "withdrawn"


@pytest.mark.django_db
def test_what_a_document_leaves_out_becomes_empty():
    make_source("S1")
    long = make_document(
        "event", "a", summary={"value": "Long.", "cite": ["S1"]}, place="Marrakesh",
        names=[{"text": "A", "kind": "short"}], caveats=[{"kind": "doubtful", "text": "Really?", "cite": ["S1.1"]}],
    )  # fmt: skip
    apply(long)
    record = apply(make_document("event", "a")).record
    assert own(dump(record, public=False)) == own(make_document("event", "a"))


@pytest.mark.django_db
def test_each_application_is_the_next_revision():
    for number in (1, 2, 3):
        revision = apply(make_document("event", "a", summary=f"Edition {number}."), comment=f"No. {number}")
        assert (revision.number, revision.comment, revision.decision) == (number, f"No. {number}", Decision.APPROVED)
    assert Revision.objects.count() == 3


@pytest.mark.django_db
def test_a_dumped_document_brings_its_time_and_a_written_one_gets_the_present():
    brought = apply(make_document("event", "a", updated="2020-02-29T12:00:00.000001Z")).record
    assert dump(brought)["updated"] == "2020-02-29T12:00:00.000001Z"
    assert apply(make_document("event", "a")).record.updated > brought.updated


@pytest.mark.django_db
def test_a_former_slug_leads_to_the_record_that_bears_another_now():
    record = make_instrument("new-slug")
    FormerSlug.objects.create(type="instrument", slug="old-slug", record_id=record.pk)
    principle = make_principle("renamed")
    FormerSlug.objects.create(type="principle", slug="before", record_id=principle.pk)
    revision = apply(make_document("instrument", "old-slug", title="Retitled", principles=["before"]))
    assert revision.record_id == record.pk
    assert revision.document["slug"] == "new-slug"
    assert Record.objects.get(pk=record.pk).title == "Retitled"
    assert dump(revision.record)["principles"] == ["renamed"]


@pytest.mark.django_db
def test_a_source_may_cite_itself_from_the_start():
    record = apply(make_document("source", "S9", summary={"value": "A text.", "cite": ["S9.1"]})).record
    assert [item["source"] for item in dump(record)["citations"]] == ["S9"]


@pytest.mark.django_db
def test_an_error_at_the_end_leaves_nothing_behind():
    apply(make_document("event", "a", summary="Before."))
    with pytest.raises(ValueError, match="unsaved related object"):
        apply(make_document("event", "a", summary="After."), author=get_user_model()(username="nobody"))
    assert Record.objects.get(slug="a").summary == "Before."


@pytest.mark.django_db
def test_a_refused_document_writes_nothing_and_names_the_record():
    with pytest.raises(DocumentError) as caught:
        apply(make_document("event", "a", kind="party", names=[{"text": "A", "kind": "nick"}]))
    assert caught.value.reference == "event/a"
    assert [problem.place for problem in caught.value.problems] == ["/kind", "/names/0/kind"]
    assert str(caught.value).startswith("event/a: /kind: ")
    assert not Record.objects.exists() and not Revision.objects.exists()
