"""How an index is built in a cluster that has much to do: what is turned away comes again, and nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from governance.environment import SearchAddress
from governance.models import Position
from search.engines import Busy
from search.engines.opensearch import bulk, patience
from search.engines.opensearch.bulk import Bulk
from search.engines.opensearch.client import Cluster, Refused
from search.engines.opensearch.engine import OpenSearchEngine
from search.engines.opensearch.engine import open as open_engine
from search.engines.opensearch.indices import Indices
from tests.cluster.front import Answer, Front, before
from tests.search.conftest import every_engine
from tests.search.engine.conftest import some_documents

DOCUMENTS = some_documents(30)
BUSY: Answer = (429, {"error": {"type": "rejected_execution_exception", "reason": "full"}, "status": 429})


@pytest.fixture(scope="module")
def address() -> Iterator[SearchAddress]:
    address = every_engine("opensearch", Path())
    address = replace(address, prefix=f"{address.prefix}-building")
    yield address
    Cluster(address).call("DELETE", f"{address.prefix}-*", ignore_unavailable=True)


@pytest.fixture
def front(address: SearchAddress) -> Iterator[Front]:
    with before(address.host) as server:
        yield server


@pytest.fixture
def indices(address: SearchAddress, front: Front, monkeypatch: pytest.MonkeyPatch) -> Indices:
    """What builds through the front, in several calls at once."""
    monkeypatch.setattr(patience, "FIRST", 0.001)
    monkeypatch.setattr(bulk, "MOST_WRITES", 4)
    monkeypatch.setattr(bulk, "FEWEST_WRITES", 2)
    return Indices(Cluster(replace(address, host=f"127.0.0.1:{front.server_port}")), address.prefix, 1)


def build(indices: Indices) -> None:
    with indices.built(DOCUMENTS, Position(0, 1), lambda: None):
        pass


def built(address: SearchAddress) -> set[str]:
    """The keys of what is in the index that is served."""
    engine = open_engine(address)
    assert engine.status(thorough=True).documents == len(DOCUMENTS)
    return set(engine.filed())


def test_what_a_busy_cluster_turns_away_comes_again(address: SearchAddress, front: Front, indices: Indices) -> None:
    times: Counter[str] = Counter()

    def policy(method: str, path: str, body: bytes) -> Answer | None:
        times[f"{method} {path}"] += 1
        bulks = sum(count for call, count in times.items() if "_bulk" in call)
        if "_bulk" in path and bulks < 6 and bulks % 2:  # the call as a whole is taken, and none of the writes
            return 200, {"items": [{"index": {"status": 429}} for _write in range(body.count(b"\n") // 2)]}
        return BUSY if times[f"{method} {path}"] == 1 else None

    front.policy = policy
    build(indices)
    assert built(address) == {document.key for document in DOCUMENTS}


def test_who_is_turned_away_for_long_says_so_and_leaves_nothing(
    front: Front, indices: Indices, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = indices.names()
    monkeypatch.setattr(patience, "IN_ALL", 0.02)
    front.policy = lambda method, path, body: BUSY if "_bulk" in path else None
    with pytest.raises(Busy, match="has had too much"):
        build(indices)
    assert indices.names() == before


def test_who_brings_an_index_forward_waits_no_longer_than_he_said(front: Front, indices: Indices) -> None:
    build(indices)
    turned_away = iter(range(12))  # each time waited for twice as long: four seconds in all
    front.policy = lambda method, path, body: BUSY if "_bulk" in path and next(turned_away, None) is not None else None
    engine = OpenSearchEngine(indices)
    with pytest.raises(Busy, match="has had too much"):
        engine.apply({1}, DOCUMENTS[:1], Position(0, 1), Position(0, 2), timeout=0.1)
    assert engine.status().position == Position(0, 1)


def test_who_waits_for_the_cluster_gives_signs_of_life(
    front: Front, indices: Indices, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(indices)
    monkeypatch.setattr(bulk, "LOOK", 0.001)
    turned_away, signs = iter(range(5)), []
    front.policy = lambda method, path, body: BUSY if next(turned_away, None) is not None else None
    with Bulk(indices.cluster, indices.alias, 1, go_on=lambda: signs.append("here")) as writes:
        writes.delete("x1")
        signs.clear()
        writes.flush()
    assert len(signs) > 1


@pytest.mark.parametrize("what", ["_forcemerge", "_tasks"])
def test_an_index_that_cannot_be_merged_is_served_all_the_same(
    what: str, address: SearchAddress, front: Front, indices: Indices
) -> None:
    front.policy = lambda method, path, body: (403, {"error": "security_exception"}) if what in path else None
    build(indices)
    assert any(what in path for path in front.asked)
    assert built(address) == {document.key for document in DOCUMENTS}


def test_once_built_it_is_as_safe_as_any_and_in_few_segments(address: SearchAddress, indices: Indices) -> None:
    build(indices)
    found = indices.cluster.call("GET", f"{indices.alias}/_settings")
    settings = next(iter(found.values()))["settings"]["index"]
    assert settings["translog"]["durability"] == "request"
    assert "merge" not in settings
    told = next(iter(indices.cluster.call("GET", f"{indices.alias}/_stats/segments")["indices"].values()))
    assert told["primaries"]["segments"]["count"] <= 2  # the last is what the index says of itself


def test_a_write_that_is_refused_is_told_of_and_nothing_goes_on(indices: Indices) -> None:
    build(indices)
    with Bulk(indices.cluster, indices.alias, 1, 2) as several, pytest.raises(Refused, match="strict"):
        for number in range(20):
            several.put(f"x{number}", {"unknown": number})
        several.flush()
