"""Who may take a record which way, and where each step begins."""

import pytest

from governance import publishing
from governance.curation.heads import open_revision
from governance.models import Record, Revision
from tests.governance.curating import agreement
from tests.governance.publishing.standing import draft, in_review, propose, published_one, withdrawn

pytestmark = pytest.mark.django_db


# Who may do what

STEPS = {
    "create_draft": lambda people, user: publishing.create_draft(agreement(), user),
    "save_draft": lambda people, user: propose(draft(people), user, summary="x"),
    "submit": lambda people, user: publishing.submit(draft(people), user),
    "approve": lambda people, user: publishing.approve(in_review(people), user),
    "send_back": lambda people, user: publishing.send_back(in_review(people), user, "Cite the date."),
    "withdraw": lambda people, user: publishing.withdraw(in_review(people).record, user, "Not ours."),
    "reopen": lambda people, user: publishing.reopen(withdrawn(people), user),
    "rename": lambda people, user: publishing.rename(published_one(people).record, "new", user),
    "restore": lambda people, user: publishing.restore(published_one(people).record, Revision.objects.first(), user),
}  # fmt: skip
CURATORS = {"create_draft", "save_draft", "submit"}
REVIEWERS = CURATORS | {"approve", "send_back", "withdraw"}
ALLOWED = {"no": set(), "ben": CURATORS, "raj": REVIEWERS, "ada": set(STEPS)}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ALLOWED)
def test_each_role_takes_the_steps_that_are_its_own(people, who, step):
    if step in ALLOWED[who]:
        assert STEPS[step](people, people[who])
    else:
        with pytest.raises(publishing.NotAllowed, match="no right"):
            STEPS[step](people, people[who])


def test_somebody_whose_login_was_made_inactive_has_no_rights_left(people):
    people["rosa"].is_active = False
    with pytest.raises(publishing.NotAllowed):
        publishing.approve(in_review(people), people["rosa"])


# Which step begins where


@pytest.mark.parametrize("state", ["draft", "in-review", "published", "withdrawn"])
def test_a_step_is_refused_where_it_does_not_begin(people, state):
    amal, rosa, ada = people["amal"], people["rosa"], people["ada"]
    record = publishing.create_draft(agreement(), amal).record
    if state != "draft":
        waiting = publishing.submit(record, amal)
    if state in ("published", "withdrawn"):
        publishing.approve(waiting, rosa)
    if state == "withdrawn":
        publishing.withdraw(record, rosa, "A duplicate.")
    record.refresh_from_db()
    assert record.state == state
    steps = {
        "submit": lambda: publishing.submit(record, amal),
        "withdraw": lambda: publishing.withdraw(record, rosa, "Why not."),
        "reopen": lambda: publishing.reopen(record, ada),
        "save": lambda: propose(record, amal, summary="Changed."),
    }
    open_here = {
        "draft": {"submit", "withdraw", "save"}, "in-review": {"withdraw", "save"}, "published": {"withdraw", "save"},
        "withdrawn": {"reopen"},
    }  # fmt: skip
    for name, step in steps.items():
        before = Revision.objects.count()
        if name not in open_here[state]:
            with pytest.raises(publishing.WrongState):
                step()
            assert Revision.objects.count() == before


def test_a_new_record_goes_from_draft_over_review_to_its_readers(people):
    revision = publishing.create_draft(agreement(), people["amal"], "First version")
    record = revision.record
    assert (record.state, revision.author, revision.comment) == ("draft", people["amal"], "First version")
    waiting = publishing.submit(record, people["amal"])
    record.refresh_from_db()
    assert (record.state, waiting.decision, waiting.author) == ("in-review", "pending", people["amal"])
    decided = publishing.approve(waiting, people["rosa"], "Well cited.")
    record.refresh_from_db()
    assert record.state == "published"
    assert (decided.decision, decided.state, decided.reviewer, decided.answer) == (
        "approved", "published", people["rosa"], "Well cited.",
    )  # fmt: skip
    assert decided.decided is not None
    assert open_revision(record) is None


def test_saving_a_record_in_review_takes_it_out_of_the_queue(people):
    waiting = in_review(people)
    propose(waiting.record, people["ben"], summary="Better.")
    waiting.refresh_from_db()
    record = Record.objects.get(type="instrument")
    assert (record.state, record.summary, waiting.decision) == ("draft", "Better.", "replaced")


def test_what_was_sent_back_is_a_draft_again_and_says_why(people):
    waiting = in_review(people)
    publishing.send_back(waiting, people["rosa"], "Cite the date.")
    record = Record.objects.get(type="instrument")
    assert record.state == "draft"
    assert open_revision(record).answer == "Cite the date."
    again = publishing.submit(record, people["amal"])
    assert (open_revision(record), again.decision) == (again, "pending")


def test_sending_back_and_withdrawing_need_a_reason(people):
    waiting = in_review(people)
    with pytest.raises(publishing.PublishingError, match="Say what"):
        publishing.send_back(waiting, people["rosa"], "  ")
    with pytest.raises(publishing.PublishingError, match="Say why"):
        publishing.withdraw(waiting.record, people["rosa"], "\n")


def test_a_decision_is_taken_once(people):
    waiting = in_review(people)
    publishing.approve(waiting, people["rosa"])
    for step in (
        lambda: publishing.approve(waiting, people["raj"]),
        lambda: publishing.send_back(waiting, people["raj"], "Too late."),
    ):
        with pytest.raises(publishing.WrongState):
            step()
