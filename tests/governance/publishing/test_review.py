"""The reviewer is not the author, and readers see nothing of a change before it is approved."""

import pytest
from django.test import override_settings

from governance import publishing
from governance.curation.heads import current, open_revision
from governance.knowledge import own
from governance.models import Decision, Record, Revision
from tests.factories import make_document
from tests.governance.curating import agreement, publish
from tests.governance.publishing.standing import in_review, propose

pytestmark = pytest.mark.django_db


def test_nobody_approves_what_they_wrote(people):
    record = publishing.create_draft(agreement(), people["rosa"]).record
    waiting = publishing.submit(record, people["rosa"])
    with pytest.raises(publishing.NotAllowed, match="another reviewer"):
        publishing.approve(waiting, people["rosa"])
    assert publishing.approve(waiting, people["raj"]).decision == "approved"


def test_nobody_approves_a_text_they_had_a_hand_in_even_if_others_went_on_with_it(people):
    record = publishing.create_draft(agreement(), people["rosa"]).record
    propose(record, people["amal"], summary="Amal went on.")
    waiting = publishing.submit(record, people["amal"])
    with pytest.raises(publishing.NotAllowed):
        publishing.approve(waiting, people["rosa"])
    publishing.approve(waiting, people["raj"])
    # What is published is nobody's any more: a later change by others is open to her.
    propose(record, people["ben"], summary="Ben's change.")
    assert publishing.approve(publishing.submit(record, people["ben"]), people["rosa"]).decision == "approved"


def test_a_hand_in_a_text_is_not_washed_off_by_a_rename_or_by_sending_it_back(people, published):
    propose(published, people["rosa"], summary="Rosa's words.")
    publishing.rename(published, "another-name", people["ada"])
    published.refresh_from_db()
    propose(published, people["amal"], summary="Rosa's words, and mine.")
    publishing.send_back(publishing.submit(published, people["amal"]), people["raj"], "Shorter.")
    propose(published, people["amal"], summary="Shorter.")
    with pytest.raises(publishing.NotAllowed):
        publishing.approve(publishing.submit(published, people["amal"]), people["rosa"])


def test_handing_over_the_draft_of_somebody_else_is_no_authorship(people):
    record = publishing.create_draft(agreement(), people["amal"]).record
    waiting = publishing.submit(record, people["rosa"])
    assert waiting.author == people["amal"]
    assert publishing.approve(waiting, people["rosa"]).decision == "approved"


@override_settings(REVIEW="one")
def test_where_one_person_may_publish_the_revision_says_so(people):
    revision = publish(agreement(), people["amal"], people["amal"])
    assert (revision.record.state, revision.reviewer) == ("published", people["amal"])
    assert "one person" in revision.answer
    other = publish(agreement("other"), people["amal"], people["ben"])
    assert other.answer == ""


@override_settings(REVIEW="one")
def test_one_person_review_gives_no_rights_to_those_who_have_none(people):
    with pytest.raises(publishing.NotAllowed):
        publishing.approve(in_review(people), people["no"])


# A change to what readers see


def test_a_change_to_a_published_record_touches_no_row_before_it_is_approved(people, published):
    before, updated = current(published), published.updated
    revision = propose(
        published, people["amal"], title="New title", names=[{"text": "N", "language": "en", "kind": "short"}]
    )
    assert (revision.decision, revision.state) == ("pending", "draft")
    assert current(published) == before
    publishing.submit(published, people["amal"])
    published.refresh_from_db()
    assert (current(published), published.state, published.updated) == (before, "published", updated)


def test_approving_a_change_makes_every_row_so(people, published):
    changed = agreement(
        title="New title",
        names=[{"text": "N", "kind": "short", "cite": ["S9.3"]}],
        participation=[{"party": f"country/{code}", "act": "signatory"} for code in ("ES", "MA")],
        provisions=[{"label": "Article 1", "gist": "Free movement."}],
        caveats=[{"kind": "doubtful", "field": "/dates", "text": "Said once.", "cite": ["S9"]}],
        dates=[],
    )
    publishing.save_draft(changed, people["amal"])
    revision = publishing.approve(publishing.submit(published, people["amal"]), people["rosa"])
    assert current(published) == own(changed) == revision.document
    assert Record.objects.get(type="instrument").title == "New title"


def test_an_earlier_state_comes_back_with_all_its_rows(people, published):
    first = Revision.objects.get(record=published, state="published")
    publishing.save_draft(
        make_document(
            "instrument", published.slug, kind="treaty", level={"value": "bilateral", "cite": ["S9"]},
        ),
        people["amal"],
    )  # fmt: skip
    publishing.approve(publishing.submit(published, people["amal"]), people["rosa"])
    assert published.participation.count() == 0
    restored = publishing.restore(published, first, people["ada"])
    assert current(published) == first.document
    assert published.participation.count() == 2
    assert published.citations.count() == 3
    assert (restored.decision, restored.state, restored.author) == ("approved", "published", people["ada"])


def test_what_was_never_approved_comes_back_as_a_draft_only(people, published):
    proposal = propose(published, people["amal"], title="Never approved")
    publishing.discard(proposal, people["amal"])
    assert open_revision(published) is None
    restored = publishing.restore(published, proposal, people["ada"])
    assert (restored.decision, restored.document["title"]) == ("pending", "Never approved")
    published.refresh_from_db()
    assert published.title != "Never approved"


def test_only_authors_and_reviewers_give_up_a_change(people, published):
    proposal = propose(published, people["amal"], title="Mine")
    with pytest.raises(publishing.NotAllowed):
        publishing.discard(proposal, people["ben"])
    assert publishing.discard(proposal, people["rosa"]).decision == Decision.DISCARDED
    with pytest.raises(publishing.WrongState):
        publishing.discard(proposal, people["rosa"])
