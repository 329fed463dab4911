"""A search that takes too long on a real node is told the reader, whatever the node calls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.models import Position
from search.engines.opensearch import reader
from search.engines.opensearch.client import Cluster
from search.engines.opensearch.reader import Reader
from search.engines.opensearch.state import State
from search.query import QueryLimit
from tests.search.conftest import every_engine

DOCUMENTS = 6000  # a node looks at the clock every few thousand
SLOW = {"script": {"script": "int found = 1; for (int i = 0; i < 20000; ++i) { found += i % 7 } return found > 0"}}


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Reader]:
    """An index of nothing in particular, with many documents."""
    address = every_engine("opensearch", tmp_path)
    cluster, name = Cluster(address), f"{address.prefix}-many"
    cluster.call("PUT", name, {"settings": {"number_of_replicas": 0}})
    lines = b"".join(b'{"index": {}}\n{"number": %d}\n' % number for number in range(DOCUMENTS))
    cluster.call("POST", f"{name}/_bulk", lines, refresh=True)
    yield Reader(cluster, State(name, (0, 0), Position(0, 1), 1, {}))
    cluster.call("DELETE", name)


def test_a_search_that_takes_too_long_is_refused_and_says_why(many: Reader, monkeypatch) -> None:
    monkeypatch.setattr(reader, "TIME_LIMIT", "50ms")
    with pytest.raises(QueryLimit, match="too long"):
        many.search({"query": SLOW})


def test_so_is_one_of_several_that_are_counted_at_once(many: Reader, monkeypatch) -> None:
    monkeypatch.setattr(reader, "TIME_LIMIT", "50ms")
    monkeypatch.setattr(reader, "FEW", -1)  # documents from which on each is counted by a search of its own
    with pytest.raises(QueryLimit, match="too long"):
        many.count([SLOW, {"match_none": {}}])
