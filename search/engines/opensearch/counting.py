"""The facets: each counted without its own choice."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from governance import m49
from search.engines.opensearch.compiling import every
from search.engines.opensearch.reader import Query, Reader
from search.engines.opensearch.values import RECORDS
from search.request import YEAR
from search.results import Count

MOST_VALUES = 1000
MOST_YEARS = 10_000
FARTHEST = 2200  # an open end is not counted year by year
_AROUND = {region for _name, region in m49.SUBREGIONS.values()}


def aggregations(wanted: Iterable[str], filters: dict[str, Query]) -> Query:
    """What to count, under each filter but its own; the page itself is narrowed by all of them."""
    return {name: _counting(name, filters) for name in wanted}


def _counting(name: str, filters: dict[str, Query]) -> Query:
    others = [query for other, query in filters.items() if other != name]
    if name == YEAR:
        inner: Query = {end: {"terms": {"field": end, "size": MOST_YEARS}} for end in ("first", "last")}
    else:
        inner = {"values": {"terms": {"field": f"facets.{name}", "size": MOST_VALUES}}}
    return {"filter": every(others) if others else {"match_all": {}}, "aggs": inner}


def counted(reader: Reader, answer: dict[str, Any]) -> dict[str, list[Count]]:
    """The facets from the answer; values that are records only where the record is in the index."""
    facets = {
        name: _years(found) if name == YEAR else _values(name, found["values"]["buckets"])
        for name, found in answer.items()
    }
    records = [name for name in RECORDS if name in facets]
    known = reader.titles((name, count.value) for name in records for count in facets[name])
    return facets | {name: [c for c in facets[name] if (name, c.value) in known] for name in records}


def _values(name: str, buckets: list[dict[str, Any]]) -> list[Count]:
    found = [Count(bucket["key"], bucket["doc_count"]) for bucket in buckets]
    if name == "region":
        found = [count for count in found if count.value not in _AROUND]  # counted in their sub-regions
    return sorted(found, key=lambda count: (-count.count, count.value))


def _years(answer: dict[str, Any]) -> list[Count]:
    """Documents by year: those with a date that may lie in it, from the first and last years of their dates."""
    begun = Counter({bucket["key"]: bucket["doc_count"] for bucket in answer["first"]["buckets"]})
    over = Counter({bucket["key"]: bucket["doc_count"] for bucket in answer["last"]["buckets"]})
    ends = [year for year in (*begun, *over) if 0 < year < FARTHEST]
    if not ends:
        return []
    first, last = min(ends), max(ends)
    running = sum(count for year, count in begun.items() if year < first)
    running -= sum(count for year, count in over.items() if year < first)
    found = []
    for year in range(first, last + 1):
        running += begun[year]
        found.append(Count(str(year), running))
        running -= over[year]
    return [count for count in reversed(found) if count.count > 0]
