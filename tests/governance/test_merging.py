"""Two records made one with all that hangs on them, old addresses leading on, and the way back."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from governance import merging, publishing
from governance.curation.heads import current, head, open_revision
from governance.curation.uniting import redirected, united
from governance.knowledge import apply, compact, own
from governance.models import Distinct, Merge, Record, Revision
from tests.governance.curating import agreement, make_user, make_world, publish
from tests.sharing import until_the_file_ends

pytestmark = pytest.mark.django_db
WHAT = {"value": "What it is.", "cite": ["S9.1"]}


def principle(slug: str, **fields) -> dict:
    return {"type": "principle", "slug": slug, "title": slug.title(), "kind": "principle", "summary": WHAT} | fields


def make() -> dict:
    make_world()
    people = {"ada": make_user("ada", "administrator"), "amal": make_user("amal", "curator")}
    solidarity = apply(
        principle("solidarity", names=[{"text": "Solidarité", "language": "fr", "kind": "short"}])
    ).record
    sharing = principle(
        "burden-sharing", title="Burden-sharing", names=[{"text": "BS", "kind": "abbreviation", "cite": ["S9.7"]}],
        caveats=[{"kind": "naming", "field": "/names/0", "text": "Rarely used.", "cite": ["S9.7"]},
                 {"kind": "imprecise", "field": "/summary", "text": "Loosely worded."}],
    )  # fmt: skip
    sharing = apply(sharing).record
    narrower = apply(principle("local-sharing", parent="burden-sharing")).record
    rosa = make_user("rosa", "reviewer")
    carrying = agreement(
        principles=[{"slug": "solidarity", "cite": ["S9.3"]}, {"slug": "burden-sharing", "cite": ["S9.4"]}],
        provisions=[{"label": "Article 1", "gist": "First.", "principles": [{"slug": "burden-sharing"}]}],
        relations=[{"predicate": "related-to", "to": "principle/burden-sharing", "cite": ["S9.5"]}],
        caveats=[{"kind": "doubtful", "field": "/principles/1", "text": "Only implied."}],
    )
    treaty = publish(carrying, people["amal"], rosa).record
    return people | {
        "rosa": rosa, "winner": solidarity, "loser": sharing, "narrower": narrower, "treaty": treaty,
        "before": [compact(current(record)) for record in (solidarity, sharing, narrower, treaty)],
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> Iterator[dict]:
    with until_the_file_ends(django_db_blocker):
        yield make()


@pytest.fixture
def world(made: dict, db) -> dict:
    return deepcopy(made)


def state_of(world: dict) -> list[dict]:
    return [
        compact(current(Record.objects.get(pk=world[name].pk))) for name in ("winner", "loser", "narrower", "treaty")
    ]


def test_the_winner_says_all_and_everything_that_named_the_loser_names_it(client, world):
    merging.merge(world["loser"], world["winner"], world["ada"])
    winner, loser, narrower, treaty = state_of(world)
    assert {name["text"] for name in winner["names"]} == {"Solidarité", "BS", "Burden-sharing"}
    place = next(n for n, name in enumerate(winner["names"]) if name["text"] == "BS")
    assert winner["names"][place]["cite"] == ["S9.7"]
    assert [(row["text"], row.get("field")) for row in winner["caveats"]] == [
        ("Rarely used.", f"/names/{place}"), ("Loosely worded.", None),
    ]  # fmt: skip
    assert narrower["parent"] == "solidarity"
    assert treaty["principles"] == [{"slug": "solidarity", "cite": ["S9.3", "S9.4"]}]
    assert treaty["provisions"][0]["principles"] == [{"slug": "solidarity", "strength": "explicit"}]
    assert treaty["relations"] == [{"predicate": "related-to", "to": "principle/solidarity", "cite": ["S9.5"]}]
    assert treaty["caveats"][0]["field"] == "/principles/0"
    assert loser == world["before"][1]


def test_the_old_address_leads_on_in_every_channel(client, world):
    merging.merge(world["loser"], world["winner"], world["ada"])
    for path in (
        "/principles/burden-sharing/",
        "/fr/principles/burden-sharing/",
        "/history/principles/burden-sharing/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, path.replace("burden-sharing", "solidarity"))
        assert answer["Cache-Control"] == "no-cache"  # or browsers would keep it after the merge is taken back
    assert client.get("/api/v1/principles/burden-sharing/").status_code == 301
    assert "burden-sharing" not in client.get("/principles/").content.decode()
    assert "Burden-sharing" in client.get("/principles/solidarity/").content.decode()


def test_a_draft_that_names_the_loser_names_the_winner_once_it_is_approved(world):
    draft = agreement("a-draft", principles=[{"slug": "burden-sharing", "cite": ["S9.4"]}])
    record = publishing.create_draft(draft, world["amal"]).record
    merging.merge(world["loser"], world["winner"], world["ada"])
    publishing.approve(publishing.submit(record, world["amal"]), world["rosa"])
    assert current(record)["principles"] == ["solidarity"]


def test_taking_a_merge_back_brings_everything_back(client, world):
    made = merging.merge(world["loser"], world["winner"], world["ada"])
    assert merging.undo(made, world["ada"]) == []
    assert state_of(world) == world["before"]
    assert client.get("/principles/burden-sharing/").status_code == 200
    assert not Merge.objects.exists()
    assert Revision.objects.filter(record=world["treaty"]).count() == 4  # submitted … merged, undone: all is kept


def test_what_was_edited_after_the_merge_stays_and_is_named(world):
    made = merging.merge(world["loser"], world["winner"], world["ada"])
    publishing.save_draft(head(world["treaty"]).document | {"summary": "Newer."}, world["amal"])
    publishing.approve(publishing.submit(world["treaty"], world["amal"]), world["rosa"])
    assert merging.undo(made, world["ada"]) == [world["treaty"]]
    winner, loser, narrower, treaty = state_of(world)
    assert (winner, loser, narrower) == tuple(world["before"][:3])
    assert treaty["summary"] == "Newer."


def test_merges_that_follow_each_other_lead_to_the_last_and_come_back_one_by_one(client, world):
    third = apply(principle("fairness")).record
    first = merging.merge(world["loser"], world["winner"], world["ada"])
    second = merging.merge(world["winner"], third, world["ada"])
    assert client.get("/principles/burden-sharing/")["Location"] == "/principles/fairness/"
    merging.undo(second, world["ada"])
    assert client.get("/principles/burden-sharing/")["Location"] == "/principles/solidarity/"
    merging.undo(first, world["ada"])
    assert state_of(world) == world["before"]


@pytest.mark.parametrize("name", ["amal", "rosa"])
def test_only_administrators_merge_and_undo(world, name):
    with pytest.raises(publishing.NotAllowed):
        merging.merge(world["loser"], world["winner"], world[name])
    made = merging.merge(world["loser"], world["winner"], world["ada"])
    with pytest.raises(publishing.NotAllowed):
        merging.undo(made, world[name])


def test_nobody_brings_their_own_draft_to_readers_by_merging_it_unless_one_person_is_enough(world, settings):
    draft = publishing.create_draft(principle("a-draft", title="Unseen"), world["ada"]).record
    with pytest.raises(publishing.NotAllowed, match="another administrator"):
        merging.merge(draft, world["winner"], world["ada"])
    assert "Unseen" not in str(current(Record.objects.get(pk=world["winner"].pk)))
    merging.merge(draft, world["winner"], make_user("anna", "administrator"))
    own = publishing.create_draft(principle("own-draft"), world["ada"]).record
    settings.REVIEW = "one"
    merging.merge(own, world["winner"], world["ada"])


def test_what_cannot_be_merged_says_why(world):
    draft = publishing.create_draft(principle("a-draft"), world["amal"]).record
    for loser, winner, words in (
        (world["loser"], world["loser"], "into itself"),
        (world["loser"], world["treaty"], "same type"),
        (world["loser"], draft, "not published"),
    ):
        with pytest.raises(publishing.PublishingError, match=words):
            merging.merge(loser, winner, world["ada"])
    merging.merge(draft, world["winner"], world["ada"])
    assert open_revision(draft) is None
    with pytest.raises(publishing.WrongState, match="withdrawn already"):
        merging.merge(draft, world["winner"], world["ada"])
    with pytest.raises(publishing.WrongState, match="take the merge back"):
        publishing.reopen(draft, world["ada"])


def test_the_page_shows_what_would_change_then_merges_and_takes_back(client, world):
    client.force_login(world["ada"])
    page = f"/admin/governance/principle/{world['loser'].pk}/merge/"
    shown = client.get(f"{page}?into=solidarity").content.decode()
    assert "Labour Agreement" in shown
    assert "Burden-sharing" in shown
    assert not Merge.objects.exists()
    assert "There is no record" in client.get(f"{page}?into=nothing").content.decode()
    answer = client.post(page, {"into": "principle/solidarity", "merge": "1"}, follow=True)
    assert "was merged into" in answer.content.decode()
    assert "Take the merge back" in client.get(f"/admin/edit/{world['loser'].pk}/", follow=True).content.decode()
    client.post(page, {"undo": "1"})
    assert state_of(world) == world["before"]


def test_two_that_are_not_the_same_are_told_apart_for_good(client, world):
    twin = apply(principle("other-solidarity", title="Solidarity")).record
    client.force_login(world["amal"])
    care = "/admin/care/duplicates/"
    assert "Solidarity – Solidarity" in client.get(care).content.decode()
    page = f"/admin/governance/principle/{twin.pk}/merge/"
    client.post(page, {"into": "principle/solidarity", "distinct": "1"})
    assert Distinct.objects.count() == 1
    assert "Solidarity – Solidarity" not in client.get(care).content.decode()


def test_uniting_keeps_what_the_winner_says_once_and_adds_what_it_leaves_out():
    winner = {"type": "actor", "slug": "iom", "title": "IOM", "kind": "un-agency", "dates": [
        {"event": "established", "value": "1951", "cite": ["S1.1"]}]}  # fmt: skip
    loser = {"type": "actor", "slug": "oim", "title": "iom", "kind": "organisation", "summary": WHAT, "dates": [
        {"event": "established", "value": "1951", "cite": ["S2.1"]}, {"event": "established", "value": "1952"}],
        "relations": [{"predicate": "part-of", "to": "actor/iom"}]}  # fmt: skip
    made = united(winner, loser)
    assert (made["kind"], made["summary"]) == ("un-agency", WHAT)
    assert [row["value"] for row in made["dates"]] == ["1951", "1952"]
    assert made["dates"][0]["cite"] == ["S1.1", "S2.1"]
    assert "relations" not in made
    assert "names" not in made  # the loser's title is the winner's
    assert own(made)["slug"] == "iom"


def test_a_document_that_names_neither_stays_as_it_is():
    document = {"type": "topic", "slug": "asylum", "title": "Asylum", "parent": "protection"}
    assert redirected(document, "topic/other", "topic/third") == document


def test_of_rows_that_become_one_the_basis_goes_with_the_sources_that_stand():
    def made(*rows: dict) -> list[dict]:
        given = {"type": "topic", "slug": "t", "title": "T", "principles": list(rows)}
        return redirected(given, "principle/old", "principle/new")["principles"]

    stated = {"slug": "new", "cite": ["S1.1"]}
    inferred = {"slug": "old", "basis": "inferred", "cite": ["S2.2"]}
    assert made(stated, inferred) == [{"slug": "new", "cite": ["S1.1", "S2.2"]}]
    assert made({"slug": "new"}, inferred) == [{"slug": "new", "basis": "inferred", "cite": ["S2.2"]}]
    assert made({"slug": "new", "basis": "inferred"}, {"slug": "old"}) == [{"slug": "new", "basis": "inferred"}]
