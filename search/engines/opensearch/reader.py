"""One state of one index, and what has been asked of it already: counts, values and titles do not change under it."""

import json
import math
from collections.abc import Iterable
from threading import RLock
from typing import Any

from django.utils.translation import gettext as _

from search.engines import IndexUnusable
from search.engines.opensearch.client import Cluster, Refused
from search.engines.opensearch.state import State
from search.query import QueryLimit

LIVE = {"exists": {"field": "record"}}
TIME_LIMIT = "2s"
MOST_VALUES = 10_000
MOST_KEPT = 20_000
Query = dict[str, Any]


class Reader:
    """Asks one index; shared by threads."""

    def __init__(self, cluster: Cluster, state: State) -> None:
        self.cluster, self.state = cluster, state
        self._lock = RLock()
        self._counts: dict[str, int] = {}
        self._values: dict[str, list[str]] = {}
        self._titles: dict[str, str | None] = {}

    def search(self, body: Query, read: float = 10.0) -> Query:
        """The answer to a search; raises QueryLimit when it takes too long, IndexUnusable when the index has gone."""
        asked = {"timeout": TIME_LIMIT, **body}
        try:
            answer = self.cluster.call(
                "POST", f"{self.state.index}/_search", asked, read=read, allow_partial_search_results=False
            )
        except Refused as error:
            if error.status == 404:
                raise IndexUnusable(f"the index {self.state.index} has been replaced") from error
            raise
        if answer["timed_out"]:
            raise QueryLimit(_("The search takes too long; use fewer or longer words."))
        return answer

    @property
    def documents(self) -> int:
        return self.count([LIVE])[0]

    def count(self, filters: list[Query]) -> list[int]:
        """How many documents pass each of the filters."""
        keys = [json.dumps(query, sort_keys=True) for query in filters]
        missing = {key: query for key, query in zip(keys, filters, strict=True) if key not in self._counts}
        if missing:
            named = dict(enumerate(missing.items()))
            asked = {str(number): query for number, (_key, query) in named.items()}
            answer = self.search({"size": 0, "aggs": {"counts": {"filters": {"filters": asked}}}})
            buckets = answer["aggregations"]["counts"]["buckets"]
            with self._lock:
                if len(self._counts) > MOST_KEPT:
                    self._counts.clear()
                found = {key: buckets[str(number)]["doc_count"] for number, (key, _query) in named.items()}
                self._counts |= found
                return [found[key] if key in found else self._counts[key] for key in keys]
        return [self._counts[key] for key in keys]

    def rarity(self, found: int) -> float:
        """The weight of what so many documents have."""
        return math.log(1 + (self.documents - found + 0.5) / (found + 0.5))

    def values(self, facet: str) -> list[str]:
        """The values of a facet."""
        if facet not in self._values:
            field = {"field": f"facets.{facet}", "size": MOST_VALUES, "order": {"_key": "asc"}}
            answer = self.search({"size": 0, "aggs": {"values": {"terms": field}}})
            self._values[facet] = [bucket["key"] for bucket in answer["aggregations"]["values"]["buckets"]]
        return self._values[facet]

    def titles(self, references: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Titles of those of the records (type, slug) that are in the index."""
        refs = {f"{type_}/{slug}": (type_, slug) for type_, slug in references}
        missing = [ref for ref in refs if ref not in self._titles]
        for start in range(0, len(missing), 1000):
            part = missing[start : start + 1000]
            asked = {"size": len(part), "query": {"terms": {"ref": part}}, "_source": ["type", "slug", "title"]}
            found = [hit["_source"] for hit in self.search(asked)["hits"]["hits"]]
            self._titles |= dict.fromkeys(part)
            self._titles |= {f"{item['type']}/{item['slug']}": item["title"] for item in found}
        titles = ((reference, self._titles.get(ref)) for ref, reference in refs.items())
        return {reference: title for reference, title in titles if title is not None}

    def words(self, start: str, most: int) -> list[str]:
        """Words of the index that begin so, at most `most`."""
        pattern = "".join(f"\\{c}" if not c.isalnum() else c for c in start) + ".*"
        field = {"field": "any", "include": pattern, "size": most, "order": {"_count": "desc"}}
        asked = {"size": 0, "query": {"prefix": {"any": start}}, "aggs": {"words": {"terms": field}}}
        return [bucket["key"] for bucket in self.search(asked)["aggregations"]["words"]["buckets"]]

    def spellings(self, word: str, size: int) -> list[tuple[str, int]]:
        """Words of the index that are written like `word`, with the number of documents that have them."""
        term = {
            "field": "any", "size": size, "shard_size": 4 * size, "suggest_mode": "always", "max_edits": 2,
            "prefix_length": 0, "min_word_length": 2, "max_inspections": 50, "max_term_freq": 1_000_000_000,
            "string_distance": "damerau_levenshtein", "accuracy": 0.1, "sort": "frequency",
        }  # fmt: skip
        answer = self.search({"size": 0, "suggest": {"near": {"text": word, "term": term}}})
        return [(item["text"], item["freq"]) for part in answer["suggest"]["near"] for item in part["options"]]
