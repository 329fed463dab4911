"""The public history: who changed what and when, without names; earlier states readable; sources side by side."""

import json

import pytest
from bs4 import BeautifulSoup

from governance import publishing
from governance.curation.heads import head
from governance.models import Record
from tests.factories import make_source
from tests.governance.curating import agreement, make_user, make_world, publish

pytestmark = pytest.mark.django_db
HISTORY = "/history/instruments/labour-agreement/"


@pytest.fixture
def world() -> dict:
    make_world()
    make_source("S8", title="A weak source", reliability="low")
    people = {"amal": make_user("amal", "curator"), "rosa": make_user("rosa", "reviewer")}
    return people | {"record": publish(agreement(summary="First."), people["amal"], people["rosa"]).record}


def revise(world: dict, **fields) -> None:
    record = world["record"]
    document = head(record).document | fields
    publishing.save_draft(document, world["rosa"], comment="A word between curators.")
    publishing.approve(publishing.submit(record, world["rosa"]), make_user("zoe", "reviewer"), "Well done, Rosa.")


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").main.text.split())


def test_each_public_state_tells_what_changed_and_that_letters_did_it(client, world):
    revise(world, summary="Second.")
    page = text(client.get(HISTORY))
    assert "Editor B, reviewed by editor C" in page
    assert "Editor A, reviewed by editor B" in page
    assert "Changed: Summary" in page
    for private in ("amal", "rosa", "zoe", "between curators", "Well done"):
        assert private not in page.lower()


def test_a_state_shows_the_difference_and_the_whole_of_it(client, world):
    revise(world, summary="Second.")
    newest, first = (
        client.get(row["url"]) for row in json.loads(client.get(f"{HISTORY}?format=json").content)["results"]
    )
    soup = BeautifulSoup(newest.content, "html.parser")
    assert [tag.text for tag in soup.select("del, ins")] == ["First", "Second"]
    assert "This is an earlier state." in text(first)
    assert "First." in text(first)
    assert "Morocco" in text(first)
    assert "1 May 2023 S9 ¶2" in text(first)


def test_a_pending_change_and_a_draft_have_no_public_history(client, world):
    publishing.save_draft(head(world["record"]).document | {"summary": "Secret."}, world["amal"])
    pending = publishing.submit(world["record"], world["amal"])
    assert "Secret" not in client.get(HISTORY).content.decode()
    assert client.get(f"{HISTORY}{pending.number}/").status_code == 404
    publishing.create_draft(agreement("a-draft"), world["amal"])
    assert client.get("/history/instruments/a-draft/").status_code == 404


def test_an_earlier_state_tells_nothing_of_records_withdrawn_since(client, world):
    other = publish(agreement("other", title="The other one"), world["amal"], world["rosa"]).record
    own = head(world["record"]).document["relations"]
    revise(world, relations=[*own, {"predicate": "follows", "type": "instrument", "slug": "other"}])
    assert "The other one" in text(client.get(f"{HISTORY}3/")) + text(client.get(f"{HISTORY}4/"))
    publishing.withdraw(other, world["rosa"], "A duplicate.")
    for number in range(1, 6):
        assert "other" not in client.get(f"{HISTORY}{number}/").content.decode().replace("another", "").lower()


def test_a_renamed_record_keeps_its_history_and_a_withdrawn_one_closes_it(client, world):
    publishing.rename(world["record"], "new-name", make_user("ada", "administrator"))
    assert client.get(HISTORY)["Location"] == "/history/instruments/new-name/"
    publishing.withdraw(Record.objects.get(slug="new-name"), world["rosa"], "A duplicate.")
    assert client.get("/history/instruments/new-name/").status_code == 410


def test_dates_on_which_sources_differ_stand_side_by_side_with_the_reason(client, world):
    signed = [
        {"event": "signed", "value": "2023-05-01", "cite": ["S9.2", "!S8.1"]},
        {"event": "signed", "value": "2023-06", "cite": ["S8.1 'in June'"]},
    ]
    why = {"kind": "contradiction", "field": "/dates/0", "text": "S9 is the official text.", "cite": ["S9.2"]}
    publish(agreement("disputed", dates=signed, caveats=[why]), world["amal"], world["rosa"])
    page = BeautifulSoup(client.get("/instruments/disputed/").content, "html.parser")
    rows = [" ".join(row.text.split()) for row in page.select("#competing tbody tr")]
    assert rows[0].startswith("1 May 2023 shown here S9 ¶2")
    assert rows[1].startswith("June 2023 weak source S8 ¶1 in June Low reliability")
    assert "S9 is the official text." in page.select_one("#competing").text
    disputed = text(client.get("/disputed/"))
    assert "Dates: S8 ¶1 says otherwise" in disputed
    two = [{"event": "held", "value": "2020"}, {"event": "held", "value": "2022"}]
    publish(agreement("twice", dates=two), world["amal"], world["rosa"])
    assert not BeautifulSoup(client.get("/instruments/twice/").content, "html.parser").select("#competing")
