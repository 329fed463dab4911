"""One state of one index, and what has been asked of it already: counts, values and titles do not change under it."""

import json
import math
from collections.abc import Iterable
from threading import RLock
from typing import Any

from django.utils.translation import gettext as _

from search.engines import IndexUnusable
from search.engines.opensearch.client import Cluster, Refused, checked
from search.engines.opensearch.state import State
from search.query import QueryLimit
from search.ranking import MOST_LINKED

LIVE = {"exists": {"field": "record"}}
TIME_LIMIT = "2s"
MOST_VALUES = 10_000
MOST_KEPT = 20_000
FEW = 10_000  # documents
COSTLY = {"too_many_nested_clauses", "time_exceeded_exception"}  # what a node calls a search that costs too much
MOST_AT_ONCE = 500  # searches in one call
Query = dict[str, Any]
_WHOLE = json.dumps({"allow_partial_search_results": False})
_LIVE = json.dumps(LIVE, sort_keys=True)
Counted = list[tuple[str, int]]  # words, and how many documents have each
Links = dict[str, float]  # keys of documents, and how near they are, from 0 to 1


class Reader:
    """Asks one index; shared by threads."""

    def __init__(self, cluster: Cluster, state: State) -> None:
        self.cluster, self.state = cluster, state
        self._lock = RLock()
        self._counts: dict[str, int] = {}
        self._values: dict[str, list[str]] = {}
        self._titles: dict[str, str | None] = {}
        self._links: dict[str, Links] = {}
        self._spellings: dict[str, Counted] = {}

    def search(self, body: Query, read: float = 10.0) -> Query:
        """The answer to a search; raises QueryLimit when it takes too long, IndexUnusable when the index has gone."""
        asked = {"timeout": TIME_LIMIT, **body}
        return self._in_time(self._call("_search", asked, read, allow_partial_search_results=False))

    def _call(self, verb: str, body: Query | bytes, read: float = 10.0, **options: bool) -> Query:
        try:
            return self.cluster.call("POST", f"{self.state.index}/{verb}", body, read=read, **options)
        except Refused as error:
            raise self._meant(error) from error

    def _meant(self, error: Refused) -> Exception:
        if error.status == 404:
            return IndexUnusable(f"the index {self.state.index} has been replaced")
        # Where no partial answer is wanted, a node that stops for the time says so as of a fault of its own.
        if error.kind in COSTLY or error.reason == "Time exceeded":
            return QueryLimit(_("The search takes too long; use fewer or longer words."))
        return error

    @staticmethod
    def _in_time(answer: Query) -> Query:
        if answer["timed_out"]:
            raise QueryLimit(_("The search takes too long; use fewer or longer words."))
        return answer

    @property
    def documents(self) -> int:
        return self.count([LIVE])[0]

    def count(self, filters: list[Query]) -> list[int]:
        """How many documents pass each of the filters."""
        queries = {json.dumps(query, sort_keys=True): query for query in filters}
        counts = {key: self._counts[key] for key in queries if key in self._counts}
        asked = [key for key in queries if key not in counts]
        if asked:
            wanted = [queries[key] for key in asked]
            counted = self._counted if queries.keys() == {_LIVE} or self.documents <= FEW else self._counted_apart
            found = dict(zip(asked, counted(wanted), strict=True))
            with self._lock:
                if len(self._counts) > MOST_KEPT:
                    self._counts = {}
                self._counts |= found
            counts |= found
        return [counts[json.dumps(query, sort_keys=True)] for query in filters]

    def _counted(self, filters: list[Query]) -> list[int]:
        """By looking once at every document with every filter: the quickest as long as the documents are few."""
        named = {str(number): query for number, query in enumerate(filters)}
        answer = self.search({"size": 0, "aggs": {"counts": {"filters": {"filters": named}}}})
        buckets = answer["aggregations"]["counts"]["buckets"]
        return [buckets[number]["doc_count"] for number in named]

    def _counted_apart(self, filters: list[Query]) -> list[int]:
        """By a search for each filter, many at a time: for a word it is enough to look it up."""
        found = []
        for start in range(0, len(filters), MOST_AT_ONCE):
            part = filters[start : start + MOST_AT_ONCE]
            asked = [{"size": 0, "track_total_hits": True, "timeout": TIME_LIMIT, "query": query} for query in part]
            lines = "".join(f"{_WHOLE}\n{json.dumps(body, ensure_ascii=False)}\n" for body in asked).encode()
            answer = self._call("_msearch", lines)
            found += [self._in_time(self._checked(told))["hits"]["total"]["value"] for told in answer["responses"]]
        return found

    def _checked(self, answer: Query) -> Query:
        try:
            return checked(answer["status"], answer)
        except Refused as error:
            raise self._meant(error) from error

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

    def links(self, references: Iterable[str]) -> dict[str, Links]:
        """The documents of the records that each of some records (`type/slug`) is linked to, or that are linked to it.
        What a great many are linked to says little of each."""
        wanted = list(references)
        missing = [reference for reference in wanted if reference not in self._links]
        if missing:
            if len(self._links) > MOST_KEPT:
                self._links.clear()
            self._links |= self._linked(missing)
        return {reference: self._links[reference] for reference in wanted}

    def _linked(self, references: list[str]) -> dict[str, Links]:
        counts = self.count([{"term": {"linked": reference}} for reference in references])
        few = [reference for reference, count in zip(references, counts, strict=True) if count <= MOST_LINKED]
        either = [{"terms": {"ref": references}}, {"terms": {"linked": few}}]
        asked = {
            "size": len(references) * (1 + MOST_LINKED), "query": {"bool": {"should": either}},
            "_source": ["key", "ref", "near"], "track_total_hits": False,
        }  # fmt: skip
        sources = [hit["_source"] for hit in self.search(asked)["hits"]["hits"]]
        own = {source["ref"]: source["near"] for source in sources if source.get("ref") in references}
        keys = self._keys(sorted({other for near in own.values() for other in near}))
        found: dict[str, Links] = {}
        for reference in references:
            near = {keys[ref]: percent for ref, percent in own.get(reference, {}).items() if ref in keys}
            for source in sources if reference in few else ():
                if reference in source["near"]:
                    near[source["key"]] = max(source["near"][reference], near.get(source["key"], 0))
            found[reference] = {key: percent / 100 for key, percent in near.items()}
        return found

    def _keys(self, references: list[str]) -> dict[str, str]:
        asked = {
            "size": 10_000, "query": {"terms": {"ref": references}}, "_source": ["key", "ref"],
            "track_total_hits": False,
        }  # fmt: skip
        sources = [hit["_source"] for hit in self.search(asked)["hits"]["hits"]] if references else []
        return {source["ref"]: source["key"] for source in sources}

    def words(self, start: str, most: int) -> list[str]:
        """Words of the index that begin so, at most `most`."""
        pattern = "".join(f"\\{c}" if not c.isalnum() else c for c in start) + ".*"
        return [word for word, _count in self._words({"prefix": {"any": start}}, pattern, most)]

    def matching(self, pattern: str, most: int) -> Counted:
        """Words of the index that match a regular expression, with the number of documents that have them."""
        return self._words({"regexp": {"any": pattern}}, pattern, most)

    def _words(self, query: Query, pattern: str, most: int) -> Counted:
        field = {"field": "any", "include": pattern, "size": most, "order": {"_count": "desc"}}
        answer = self.search({"size": 0, "query": query, "aggs": {"words": {"terms": field}}})
        return [(bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"]["words"]["buckets"]]

    def spellings(self, words: Iterable[str], size: int) -> dict[str, Counted]:
        """For each word those of the index that are written like it, with the number of documents that have them."""
        wanted = list(words)
        missing = [word for word in dict.fromkeys(wanted) if word not in self._spellings]
        if missing:
            if len(self._spellings) > MOST_KEPT:
                self._spellings = {}
            self._spellings |= self._alike(missing, size)
        return {word: self._spellings[word] for word in wanted}

    def _alike(self, words: list[str], size: int) -> dict[str, Counted]:
        term = {
            "field": "any", "size": size, "shard_size": 4 * size, "suggest_mode": "always", "max_edits": 2,
            "prefix_length": 0, "min_word_length": 2, "max_inspections": 50, "max_term_freq": 1_000_000_000,
            "string_distance": "damerau_levenshtein", "accuracy": 0.1, "sort": "frequency",
        }  # fmt: skip
        asked = {str(number): {"text": word, "term": term} for number, word in enumerate(words)}
        told = self.search({"size": 0, "suggest": asked})["suggest"]
        options = ([item for part in told[number] for item in part["options"]] for number in asked)
        return {
            word: [(item["text"], item["freq"]) for item in found] for word, found in zip(words, options, strict=True)
        }
