"""The OpenSearch engine: `search.engines.Engine` over the indexes under one prefix, for any number of processes."""

import time
from collections.abc import Collection, Iterable
from threading import RLock

from governance.environment import SearchAddress
from governance.models import Position
from search.documents import SearchDocument
from search.engines import Away, Filed, Forward, Status
from search.engines.opensearch import state
from search.engines.opensearch.bulk import Bulk
from search.engines.opensearch.client import Cluster
from search.engines.opensearch.deep import Deep
from search.engines.opensearch.fields import fields, zones_of
from search.engines.opensearch.indices import Indices
from search.engines.opensearch.reader import LIVE, Reader
from search.engines.opensearch.searching import Search
from search.engines.opensearch.suggesting import suggest
from search.parser import Parsed
from search.query import QueryLimit
from search.request import SearchRequest
from search.results import Results, Suggestion

MOST_RECORDS = 1000  # in one query


def open(address: SearchAddress) -> "OpenSearchEngine":
    return OpenSearchEngine(Indices(Cluster(address), address.prefix, address.shards))


class OpenSearchEngine:
    """Readers share what they have counted until the index changes; of writers there is one at a time, anywhere."""

    def __init__(self, indices: Indices) -> None:
        self.cluster, self.indices = indices.cluster, indices
        self.deep = Deep()
        self._lock = RLock()
        self._reader: Reader | None = None

    # Reading

    def reader(self) -> Reader:
        """The index as it stands; raises IndexUnusable when there is none."""
        now = self.indices.state()
        with self._lock:
            held = self._reader
            if held is None or (held.state.index, held.state.position) != (now.index, now.position):
                held = self._reader = Reader(self.cluster, now)
            return held

    def search(self, request: SearchRequest, parsed: Parsed) -> Results:
        return Search(self.reader(), request, parsed, self.deep).run()

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        return suggest(self.reader(), text, limit)

    def status(self, thorough: bool = False) -> Status:
        if thorough:
            self._reader = None
        reader = self.reader()
        try:
            documents, records = reader.count([LIVE, {"exists": {"field": "ref"}}])
        except QueryLimit as limit:  # which is no fault of anybody's query
            raise Away("the search cluster takes too long to count what is in the index") from limit
        return Status(reader.state.position, documents, records)

    def filed(self, records: Collection[int] | None = None) -> dict[str, Filed]:
        index = self.indices.state().index
        wanted = [LIVE] if records is None else _of_records(records)
        hits = (
            hit["_source"]
            for query in wanted
            for hit in self.indices.scan(index, query, ["key", "record", "digest", "mention"])
        )
        return {hit["key"]: Filed(hit["record"], hit["digest"], hit["mention"]) for hit in hits}

    # Writing

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        position: Position,
        timeout: float = 60,
        unless_usable: bool = False,
        forward: Forward | None = None,
    ) -> bool:
        if unless_usable and self.indices.is_usable():  # whoever builds beside it keeps nobody waiting
            return False
        with self.indices.building(timeout) as go_on:
            if unless_usable and self.indices.is_usable():  # built while we waited
                return False
            with self.indices.built(documents, position, go_on) as new:
                while forward and forward(OpenSearchEngine(new)):
                    go_on()
        return True

    def apply(
        self,
        changed: Collection[int],
        documents: Iterable[SearchDocument],
        since: Position,
        position: Position,
        timeout: float = 5,
    ) -> bool:
        end = time.monotonic() + timeout
        if self.indices.state().position != since:
            return False
        with state.writing(self.cluster, self.indices.alias, timeout) as turn:
            held = turn.state
            if held.position != since:
                return False
            self.cluster.call("POST", f"{held.index}/_refresh", read=60)
            written = set()
            with Bulk(self.cluster, held.index, held.sequence, go_on=turn.go_on, until=end) as bulk:
                for document in documents:
                    bulk.put(document.key, fields(document, zones_of(document), held.means))
                    written.add(document.key)
                for query in _of_records(changed):
                    turn.go_on()
                    for hit in self.indices.scan(held.index, query, False):
                        if hit["_id"] not in written:
                            bulk.delete(hit["_id"])
                bulk.flush()
            self.cluster.call("POST", f"{held.index}/_refresh", read=60)
            # Only now, when everybody can see it, does the index say that it has come so far.
            return state.write(self.cluster, turn.state, position=position, lease={})


def _of_records(records: Collection[int]) -> list[dict]:
    ids = sorted(records)
    return [{"terms": {"record": ids[start : start + MOST_RECORDS]}} for start in range(0, len(ids), MOST_RECORDS)]
