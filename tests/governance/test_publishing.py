"""Who may take a record which way, and what readers see meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import override_settings

from governance import publishing
from governance.curation.heads import current, head, open_revision
from governance.knowledge import DocumentError, apply, own
from governance.models import Decision, FormerSlug, Record, Revision
from tests.factories import make_date, make_document, make_instrument, make_participation
from tests.governance.curating import agreement, make_user, make_world, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    make_world()
    roles = {
        "amal": "curator",
        "ben": "curator",
        "rosa": "reviewer",
        "raj": "reviewer",
        "ada": "administrator",
        "no": "",
    }
    return {name: make_user(name, role) for name, role in roles.items()}


@pytest.fixture
def published(people) -> Record:
    return publish(agreement(), people["amal"], people["rosa"]).record


def draft(people) -> Record:
    return publishing.create_draft(agreement(), people["amal"]).record


def published_one(people) -> Revision:
    return publish(agreement(), people["amal"], people["rosa"])


def in_review(people) -> Revision:
    return publishing.submit(publishing.create_draft(agreement(), people["amal"]).record, people["amal"])


def withdrawn(people) -> Record:
    record = publish(agreement(), people["amal"], people["rosa"]).record
    publishing.withdraw(record, people["rosa"], "A duplicate.")
    record.refresh_from_db()
    return record


def propose(record: Record, user, **fields) -> Revision:
    return publishing.save_draft({**head(record).document, **fields}, user)


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


# The reviewer is not the author


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["save", "approve", "create"])
def test_of_several_in_the_same_moment_one_gets_through(step):
    make_world()
    amal, rosa = make_user("amal", "curator"), make_user("rosa", "reviewer")
    record = publish(agreement(), amal, rosa).record
    begun, document = head(record).token, head(record).document
    if step == "approve":
        propose(record, amal, summary="Waiting.")
        waiting = publishing.submit(record, amal)
    ways = {
        "save": lambda n: publishing.save_draft({**document, "summary": f"No. {n}"}, amal, base=begun),
        "approve": lambda n: publishing.approve(waiting, rosa),
        "create": lambda n: publishing.create_draft(agreement("same-address"), amal),
    }

    def attempt(number: int) -> str:
        try:
            ways[step](number)
            return "done"
        except (publishing.PublishingError, DocumentError) as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, range(4)))
    refusal = {"save": "Conflict", "approve": "WrongState", "create": "DocumentError"}[step]
    assert outcomes == sorted(["done", *[refusal] * 3])


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


# What must hold before a record is published


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
