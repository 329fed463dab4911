"""What only an engine on other machines has to hold: writers who overtake each other, hosts that do not answer."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from governance.environment import SearchAddress
from governance.models import Change, Position, Record
from search import sync
from search.documents import documents_of
from search.engines import Away, Busy, IndexUnusable, get_engine
from search.engines.opensearch import deep, state
from search.engines.opensearch import searching as searching_module
from search.engines.opensearch.bulk import Bulk
from search.engines.opensearch.client import Cluster
from search.engines.opensearch.engine import OpenSearchEngine
from search.engines.opensearch.engine import open as open_engine
from search.engines.opensearch.fields import fields, zones_of
from search.engines.opensearch.indices import NotVerified
from search.parser import parse
from search.request import SearchRequest
from tests.cluster.ports import free_ports
from tests.search.conftest import ask, changing, every_engine, slugs

pytestmark = pytest.mark.usefixtures("collection")
NOWHERE = f"127.0.0.1:{free_ports(1)[0]}"


@pytest.fixture(autouse=True)
def engine_address(settings, tmp_path: Path) -> SearchAddress:
    settings.SEARCH = replace(address := every_engine("opensearch", tmp_path), prefix=f"{address.prefix}-own")
    return settings.SEARCH


@pytest.fixture
def searching() -> OpenSearchEngine:
    engine = get_engine()
    assert isinstance(engine, OpenSearchEngine)
    return engine


def documents() -> list:
    return list(documents_of(Record.objects.visible_to(None).order_by("pk")))


class TestWriting:
    def test_who_was_overtaken_changes_nothing_when_he_comes_back(self, searching: OpenSearchEngine) -> None:
        document = documents()[0]
        with state.writing(searching.cluster, searching.indices.alias, 1) as turn:
            source = fields(document, zones_of(document), turn.state.means)
            late = Bulk(searching.cluster, turn.state.index, turn.state.sequence)
        with state.writing(searching.cluster, searching.indices.alias, 1) as turn:
            in_time = Bulk(searching.cluster, turn.state.index, turn.state.sequence)
            in_time.put(document.key, source | {"title": "In time"})
            in_time.flush()
            late.put(document.key, source | {"title": "Too late"})
            with pytest.raises(Busy):
                late.flush()
        found = searching.cluster.call("GET", f"{turn.state.index}/_doc/{document.key}")
        assert found["_source"]["title"] == "In time"
        sync.rebuild()

    def test_the_same_changes_twice_come_to_the_same(self, searching: OpenSearchEngine) -> None:
        before, since = searching.filed(), searching.status().position
        everything = {document.record for document in documents()}
        later = Position(since.xid, since.id + 1)
        assert searching.apply(everything, documents(), since, later)
        assert not searching.apply(everything, documents(), since, later)
        assert searching.apply(everything, documents(), later, since)
        assert searching.filed() == before

    def test_while_somebody_writes_others_wait_and_say_so(self, searching: OpenSearchEngine) -> None:
        since = searching.status().position
        with state.writing(searching.cluster, searching.indices.alias, 1), pytest.raises(Busy):
            searching.apply({1}, [], since, Position(0, since.id + 1), timeout=0.1)
        assert searching.status().position == since

    def test_a_writer_that_died_holds_nobody_up_for_long(self, searching: OpenSearchEngine) -> None:
        now = searching.indices.state()
        assert state.write(searching.cluster, now, lease={"owner": "dead", "until": time.time() - 1})
        with state.writing(searching.cluster, now.index, 0) as turn:
            assert turn.state.sequence == now.sequence + 1

    def test_who_takes_long_and_gives_signs_of_life_is_not_overtaken(
        self, searching: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        since, everything = searching.status().position, {document.record for document in documents()}
        later = Position(since.xid, since.id + 1)
        monkeypatch.setattr(state, "SIGN_OF_LIFE", 0)
        monkeypatch.setattr(state, "LEASE", -1)  # as if it had run out while the first document was made

        def slowly() -> Iterator:
            monkeypatch.setattr(state, "LEASE", 60)
            for document in documents():
                yield document
                with pytest.raises(Busy), state.writing(searching.cluster, searching.indices.alias, 0):
                    pass

        assert searching.apply(everything, slowly(), since, later)
        assert searching.apply(everything, documents(), later, since)

    def test_who_was_overtaken_is_told_so(self, searching: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(state, "SIGN_OF_LIFE", 0)
        monkeypatch.setattr(state, "LEASE", -1)
        alias = searching.indices.alias
        with (
            state.writing(searching.cluster, alias, 0) as late,
            state.writing(searching.cluster, alias, 0),
            pytest.raises(Busy, match="by now"),
        ):
            late.go_on()


class TestRebuilding:
    def test_what_is_read_back_must_be_what_was_written(self, searching: OpenSearchEngine) -> None:
        before = searching.indices.state().index
        twice = [*documents(), documents()[0]]  # the second under the same key: one is missing afterwards
        with pytest.raises(NotVerified):
            searching.rebuild(twice, searching.status().position)
        assert searching.indices.state().index == before
        assert searching.indices.names() == [before]

    def test_while_somebody_builds_nobody_waits_who_finds_an_index(self, searching: OpenSearchEngine) -> None:
        position = searching.status().position
        with searching.indices.building(1):
            assert not searching.rebuild([], position, timeout=0, unless_usable=True)
            with pytest.raises(Busy):
                searching.rebuild([], position, timeout=0)

    def test_what_changes_meanwhile_is_in_it_before_it_is_served(
        self, searching: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sync, "documents_of", changing("dublin-iii", "Quokka regulation"))
        sync.rebuild()
        assert Change.objects.reached_by(searching.status().position)
        found = searching.search(SearchRequest(q="quokka"), parse("quokka"))
        assert [hit.title for hit in found.hits] == ["Quokka regulation"]

    def test_an_index_that_fails_leaves_the_live_one(self, searching: OpenSearchEngine) -> None:
        before = searching.indices.state().index

        def failing() -> Iterator:
            yield documents()[0]
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError):
            searching.rebuild(failing(), searching.status().position)
        assert searching.indices.state().index == before
        assert "refugee-convention-1951" in slugs(ask("refugee convention"))

    def test_the_index_of_another_release_is_left_to_it_until_there_is_a_newer_one(
        self, searching: OpenSearchEngine
    ) -> None:
        names = [f"{searching.indices.prefix}-{'0' * 12}-{n}abc" for n in (1, 2)]
        for name in names:
            searching.cluster.call("PUT", name, {})
        searching.indices.tidy()
        assert names[1] in searching.indices.names()
        assert names[0] not in searching.indices.names()
        searching.cluster.call("DELETE", names[1])


class TestFarDown:
    def test_pages_beyond_what_can_be_numbered_go_on_where_the_last_one_ended(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = [hit.key for hit in ask("", ordering="title", page_size=100).hits]
        for module in (deep, searching_module):
            monkeypatch.setattr(module, "DEEPEST", 4)
        pages = [[hit.key for hit in ask("", ordering="title", page=n, page_size=3).hits] for n in range(1, 8)]
        assert [key for page in pages for key in page] == whole
        assert [hit.key for hit in ask("", ordering="title", page=6, page_size=3).hits] == pages[5]


class TestAway:
    def test_a_search_says_so_at_once_and_the_other_pages_are_there(self, settings, client: Client) -> None:
        settings.SEARCH = SearchAddress("opensearch", host=NOWHERE, prefix="p")
        for address in ("/search/?q=dublin", "/api/v1/search/?q=dublin"):
            answer = client.get(address)
            assert answer.status_code == 503
            assert b"Search does not answer" in answer.content
        assert client.get("/search/suggest/?q=dub").json()["suggestions"] == []
        assert client.get("/instruments/").status_code == 200
        assert client.get("/readyz").json()["problems"] == {"index": "the search cluster does not answer"}

    def test_nobody_asks_again_for_a_while(self) -> None:
        cluster = Cluster(SearchAddress("opensearch", host=NOWHERE, prefix="p"))
        with pytest.raises(Away, match="no host"):
            cluster.call("GET", "")
        with pytest.raises(Away, match="a moment ago"):
            cluster.call("GET", "")

    def test_the_next_host_is_asked(self, engine_address: SearchAddress) -> None:
        cluster = Cluster(replace(engine_address, host=f"{NOWHERE},{engine_address.host}"))
        assert cluster.call("GET", "")["version"]["distribution"] == "opensearch"

    def test_an_index_that_is_not_there_is_told_from_a_cluster_that_is_not(self, engine_address: SearchAddress) -> None:
        with pytest.raises(IndexUnusable):
            open_engine(replace(engine_address, prefix="other")).status()


def test_the_longest_question_is_within_the_clauses_that_are_allowed() -> None:
    question = "what do I do when a person of my family has fled from war and danger to another country and the police "
    question += "there wants to return him home because he has no papers and no refugee status at all"
    assert len(question.split()) > 35
    assert "non-refoulement" in slugs(ask(question))


def test_facets_not_asked_for_are_not_counted(searching: OpenSearchEngine) -> None:
    found = searching.search(SearchRequest(q="dublin", facets=("kind",)), parse("dublin"))
    assert set(found.facets) == {"kind"}
    assert Change.objects.reached_by(found.position)
