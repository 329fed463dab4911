"""Whatever writes to the database, and however, the next search says what the database says."""

import os
import subprocess
import sys
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from governance.models import Change, Name, Position, Record, Relation
from governance.models.types import Country, Level
from instruments.models import Instrument, Provision
from search import sync
from search.checking import compare
from search.engines import Busy, get_engine
from tests.search.conftest import ask, changing, slugs


def record(slug: str) -> Record:
    return Record.objects.get(slug=slug)


@pytest.fixture(autouse=True)
def nothing_is_left_wrong(growing):
    """After every test the index, brought up to date, is the same as one made anew."""
    yield
    assert not compare()


def test_a_record_made_by_a_document_is_found_at_once(publish) -> None:
    assert ask("kampala").count == 0
    publish("instrument", "kampala-convention", kind="convention")
    assert slugs(ask("kampala")) == ["kampala-convention"]


def test_a_saved_model_is_found_at_once() -> None:
    topic = Record.objects.get(slug="human-trafficking")
    topic.title = "Trafficking in persons"
    topic.save()
    assert ask("trafficking in persons").hits[0].slug == "human-trafficking"


def test_an_update_of_many_is_found_at_once() -> None:
    Record.objects.filter(slug="dublin-iii").update(title="Third Dublin Regulation")
    assert slugs(ask("third regulation")) == ["dublin-iii"]


def test_rows_made_in_bulk_are_found_at_once() -> None:
    Name.objects.bulk_create([Name(record=record("unhcr"), text="the refugee agency", kind="plain")])
    assert ask("the refugee agency").hits[0].slug == "unhcr"


def test_sql_by_hand_is_found_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_record SET summary = 'Quokkas everywhere' WHERE slug = 'unhcr'")
    assert slugs(ask("quokkas")) == ["unhcr"]


def test_a_table_emptied_as_a_whole_is_noticed() -> None:
    Name.objects.all().delete()
    assert ask("GCM").count == 0


@pytest.mark.postgres
def test_a_truncated_table_is_noticed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE governance_name")
    assert ask("GCM").count == 0


@pytest.mark.parametrize("state", ["withdrawn", "draft", "in-review"])
def test_what_is_no_longer_published_is_gone_at_once_with_its_parts(state: str) -> None:
    assert "article-33" in slugs(ask("expulsion"))
    Record.objects.filter(slug="refugee-convention-1951").update(state=state)
    found = ask("expulsion")
    assert found.count == 0
    assert "1951" not in str(found.facets)
    assert get_engine().suggest("1951 conv") == []


def test_a_withdrawn_record_is_no_longer_mentioned_by_others() -> None:
    assert "human-trafficking" in {count.value for count in ask("protocol").facets["topic"]}
    Record.objects.filter(slug="human-trafficking").update(state="withdrawn")
    assert slugs(ask("human")) == []
    assert ask("protocol").facets["topic"] == []


def test_a_record_published_again_is_there_again() -> None:
    Record.objects.filter(slug="dublin-iii").update(state="draft")
    assert ask("dublin").count == 0
    Record.objects.filter(slug="dublin-iii").update(state="published")
    assert slugs(ask("dublin")) == ["dublin-iii"]


def test_a_deleted_record_is_gone_at_once() -> None:
    Instrument.objects.get(slug="smuggling-protocol").delete()
    assert slugs(ask("palermo protocol")) == ["trafficking-protocol"]


def test_a_deleted_provision_is_gone_at_once() -> None:
    Provision.objects.filter(slug="article-31").delete()
    assert ask("penalties").count == 0


def test_a_new_title_is_found_in_the_records_that_mention_it() -> None:
    Record.objects.filter(slug="human-trafficking").update(title="Modern servitude")
    assert set(slugs(ask("modern servitude"))) == {
        "human-trafficking",
        "trafficking-protocol",
        "agreement-niger-morocco",
    }


def test_a_new_region_of_a_country_moves_what_it_takes_part_in() -> None:
    Country.objects.filter(slug="NE").update(region="014")
    assert "agreement-niger-morocco" in slugs(ask("", region="014"))


def test_a_level_with_another_parent_takes_its_records_along() -> None:
    Level.objects.filter(slug="subregional").update(parent=Level.objects.get(slug="global"))
    assert "agreement-niger-morocco" in slugs(ask("", level="global"))
    assert "agreement-niger-morocco" not in slugs(ask("", level="regional"))


def test_a_new_relation_is_found_from_both_ends() -> None:
    Relation.objects.create(record=record("dublin-iii"), target=record("unhcr"), predicate="related-to")
    assert set(slugs(ask("dublin commissioner"))) == {"unhcr", "dublin-iii"}


def test_very_many_changes_are_applied_in_portions_and_what_has_been_stays(monkeypatch) -> None:
    monkeypatch.setattr(sync, "MOST_AT_ONCE", 2)
    before, theirs = get_engine().status().position, Record.objects.filter(type="instrument")
    theirs.update(summary="Quokkas everywhere")
    wait_until_settled()
    with pytest.raises(Busy, match="more changes"):
        sync.catch_up(longest=0)
    assert before < get_engine().status().position < Change.objects.reach()
    assert set(slugs(ask("quokkas", type="instrument"))) == set(theirs.values_list("slug", flat=True))
    assert Change.objects.reached_by(get_engine().status().position)


def test_what_was_rolled_back_is_not_found() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        Record.objects.filter(slug="dublin-iii").update(title="Quokka regulation")
        raise RuntimeError
    assert ask("quokka").count == 0


def test_nothing_is_written_when_nothing_changed() -> None:
    before = get_engine().snapshot().generation
    ask("dublin")
    sync.catch_up()
    assert get_engine().snapshot().generation == before


def test_the_same_record_changed_many_times_is_there_once() -> None:
    for number in range(8):
        Record.objects.filter(slug="dublin-iii").update(title=f"Dublin {number}")
        assert slugs(ask("title:dublin")) == ["dublin-iii"]
    assert ask("title:dublin").hits[0].title == "Dublin 7"


def test_the_index_follows_the_log_to_its_head() -> None:
    Record.objects.filter(slug="dublin-iii").update(title="Dublin")
    assert Change.objects.reached_by(sync.catch_up())


def test_an_index_ahead_of_the_log_is_of_another_database_and_made_anew() -> None:
    get_engine().rebuild([], Position(10**9, 10**9))
    assert slugs(ask("dublin")) == ["dublin-iii"]


def test_changes_made_while_the_index_is_built_are_in_it_before_it_is_live(monkeypatch) -> None:
    monkeypatch.setattr(sync, "documents_of", changing("dublin-iii", "Quokka regulation"))
    sync.rebuild()
    assert Change.objects.reached_by(get_engine().status().position)
    assert slugs(ask("quokka")) == ["dublin-iii"]


def test_while_somebody_else_writes_readers_get_what_is_there_but_nothing_hidden(monkeypatch) -> None:
    monkeypatch.setattr(sync, "LOCK_TIMEOUT", 0.05)
    Record.objects.filter(slug="smuggling-protocol").update(state="withdrawn")
    with get_engine().store.lock(1):
        found = ask("palermo protocol")
    assert slugs(found) == ["trafficking-protocol"]
    assert found.count == 1
    assert slugs(ask("palermo protocol")) == ["trafficking-protocol"]


def test_whoever_cannot_get_the_lock_says_so() -> None:
    Record.objects.filter(slug="dublin-iii").update(title="Dublin")
    with get_engine().store.lock(1), pytest.raises(Busy):
        sync.catch_up(timeout=0.05)
    assert Change.objects.reached_by(sync.catch_up())


def wait_until_settled() -> None:
    """On PostgreSQL, until transactions of others that began before the last write have ended."""
    until = time.monotonic() + 20
    while Change.objects.reach().beyond and time.monotonic() < until:
        time.sleep(0.05)


def test_another_process_sees_what_this_one_wrote(engine_address) -> None:
    Record.objects.filter(slug="dublin-iii").update(title="Quokka regulation")
    ask("quokka")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", READ_ELSEWHERE, str(engine_address.path)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout.split() == ["dublin-iii"]


READ_ELSEWHERE = """
import sys, django
from pathlib import Path
django.setup()
from governance.environment import SearchAddress
from search.engines import engine_at
from search.parser import parse
from search.request import SearchRequest

engine = engine_at(SearchAddress("whoosh", path=Path(sys.argv[1])))
print(*(hit.slug for hit in engine.search(SearchRequest(q="quokka"), parse("quokka")).hits))
"""


def test_whoever_builds_the_index_is_told_how_far_it_is(monkeypatch) -> None:
    seconds = iter(range(10_000))
    monkeypatch.setattr(sync, "monotonic", lambda: next(seconds))
    told: list[int] = []
    sync.rebuild(progress=told.append)
    assert told == sorted(told) and told[-1] == get_engine().status().documents - 1


def test_an_answer_from_an_index_that_is_behind_is_not_kept_as_the_current_one(client, engine, monkeypatch) -> None:
    monkeypatch.setattr(sync, "LOCK_TIMEOUT", 0.05)
    current = client.get("/search/", {"q": "dublin"}).headers["ETag"]
    engine.rebuild([], Change.objects.order_by("id").first().place)
    with engine.store.lock(1):
        answer = Client(HTTP_HOST="localhost").get("/search/", {"q": "dublin"})  # who has no page kept
    assert answer.headers["ETag"] not in ("", current)
    assert "behind" in answer.headers["ETag"]


def test_no_name_is_suggested_by_an_index_that_is_behind(client, engine, monkeypatch) -> None:
    monkeypatch.setattr(sync, "LOCK_TIMEOUT", 0.05)
    Record.objects.filter(slug="dublin-iii").update(state="withdrawn")
    with engine.store.lock(1):
        shown, told = (
            client.get("/search/suggest/", {"q": "dublin"}),
            client.get("/api/v1/suggestions/", {"q": "dublin"}),
        )
    assert (shown.json()["suggestions"], shown.headers["Cache-Control"]) == ([], "no-store")
    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    assert client.get("/search/suggest/", {"q": "dublin"}).json()["suggestions"] == []
