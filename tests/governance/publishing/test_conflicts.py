"""Two at once overwrite nothing of each other, and an address is never given away again."""

import pytest

from governance import publishing
from governance.curation.heads import current, head, open_revision
from governance.knowledge import DocumentError
from governance.models import FormerSlug, Record, Revision
from tests.factories import make_date, make_instrument
from tests.governance.curating import agreement
from tests.governance.publishing.standing import propose, withdrawn

pytestmark = pytest.mark.django_db


# Two at once


def test_the_second_to_save_is_told_and_overwrites_nothing(people, published):
    begun = head(published).token
    publishing.save_draft({**head(published).document, "title": "Amal was here"}, people["amal"], base=begun)
    with pytest.raises(publishing.Conflict) as told:
        publishing.save_draft({**head(published).document, "title": "Ben too"}, people["ben"], base=begun)
    assert told.value.head.document["title"] == "Amal was here"
    assert open_revision(published).document["title"] == "Amal was here"


def test_a_change_made_by_sql_is_noticed_too(people, published):
    begun = head(published).token
    Record.objects.filter(pk=published.pk).update(summary="Written by hand.")
    with pytest.raises(publishing.Conflict):
        publishing.save_draft({**head(published).document, "title": "Mine"}, people["amal"], base=begun)


def test_a_change_is_not_approved_over_another_that_came_between(people, published):
    first = Revision.objects.get(record=published, state="published")
    propose(published, people["amal"], summary="Second.")
    publishing.approve(publishing.submit(published, people["amal"]), people["rosa"])
    propose(published, people["amal"], summary="Third.")
    waiting = publishing.submit(published, people["amal"])
    publishing.restore(published, first, people["ada"])
    with pytest.raises(publishing.Conflict, match="Nothing was overwritten"):
        publishing.approve(waiting, people["rosa"])
    now = head(published)
    assert now.is_outdated
    publishing.save_draft(
        {**now.document, "summary": "Third, looked over."}, people["amal"], onto=publishing.baseline(published)
    )
    publishing.approve(publishing.submit(published, people["amal"]), people["rosa"])
    assert current(published)["summary"] == "Third, looked over."


def test_saving_what_stands_there_already_keeps_no_revision(people, published):
    count = Revision.objects.count()
    propose(published, people["amal"])
    assert Revision.objects.count() == count


def test_a_state_that_no_revision_holds_is_kept_before_it_is_changed(people):
    record = make_instrument("by-hand", kind="treaty")
    make_date(record, "signed", "2001")
    propose(record, people["amal"], summary="First words.")
    kept = Revision.objects.filter(record=record, decision="approved").get()
    assert (kept.comment, kept.document["dates"][0]["value"]) == ("As found", "2001")


# Addresses


def test_an_address_is_never_given_away_again(people, published):
    publishing.rename(published, "renamed", people["ada"])
    publishing.withdraw(published, people["rosa"], "A duplicate.")
    for slug in ("labour-agreement", "Labour-Agreement", "renamed"):
        with pytest.raises(DocumentError) as refused:
            publishing.create_draft(agreement(slug), people["amal"])
        assert [problem.place for problem in refused.value.problems] == ["/slug"]
    with pytest.raises(DocumentError):
        publishing.save_draft(agreement(), people["amal"])


def test_a_published_record_answers_at_its_former_address(people, published, client):
    publishing.rename(published, "renamed", people["ada"])
    assert FormerSlug.objects.get().slug == "labour-agreement"
    response = client.get("/instruments/labour-agreement/")
    assert (response.status_code, response["Location"]) == (301, "/instruments/renamed/")
    publishing.rename(Record.objects.get(slug="renamed"), "labour-agreement", people["ada"])
    assert client.get("/instruments/labour-agreement/").status_code == 200
    assert client.get("/instruments/renamed/").status_code == 301


def test_a_curator_renames_a_draft_and_its_address_is_free_again(people):
    record = publishing.create_draft(agreement(), people["amal"]).record
    publishing.rename(record, "better", people["amal"])
    assert not FormerSlug.objects.exists()
    assert publishing.create_draft(agreement(), people["amal"]).record.slug == "labour-agreement"


@pytest.mark.parametrize("slug", ["", "with space", "a/b", "x" * 121, "labour-agreement"])
def test_an_address_that_cannot_be_is_refused(people, published, slug):
    with pytest.raises((DocumentError, publishing.PublishingError)):
        publishing.rename(published, slug, people["ada"])
    published.refresh_from_db()
    assert published.slug == "labour-agreement"


def test_a_withdrawn_record_comes_back_only_when_its_draft_is_approved(people, client):
    record = withdrawn(people)
    publishing.reopen(record, people["ada"])
    propose(record, people["amal"], summary="Not a duplicate after all.")
    assert client.get(record.get_absolute_url()).status_code == 410
    publishing.approve(publishing.submit(record, people["amal"]), people["rosa"])
    assert client.get(record.get_absolute_url()).status_code == 200
