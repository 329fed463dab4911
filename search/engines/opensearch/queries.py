"""The parts that queries are put together from.

BM25F adds up what the forms of a word come to in all zones, and saturates the sum: inside are queries whose scores are
such amounts, around them `saturated`. A phrase is asked for as intervals, because a score by terms would count each
form that may stand at a place for itself.
https://docs.opensearch.org/2.19/query-dsl/specialized/script-score/
"""

from collections.abc import Sequence
from typing import Any

from search.engines.opensearch.mapping import AMOUNTS
from search.engines.opensearch.reader import LIVE, Query
from search.engines.opensearch.values import NOTHING
from search.meaning import Slot, Zones
from search.ranking import SATURATION

BEFOREHAND = 10.0  # lifts a sum of weights off the 1 that OpenSearch gives where there is none
MOST_WEIGHED = 100  # forms of a word that are weighed each for itself; of a prefix there may be more
STEPS = 10_000  # of a score; what differs by less is of equal worth
_SATURATED = "params.rarity * _score / (params.saturation + _score)"
_COUNTED = "_score * doc[params.unit].value"
# Intervals score times / (1 + times).
_TIMES = "Math.rint(_score / (1 - Math.min(_score, 0.99999))) * doc[params.unit].value"
_ROUNDED = "Math.rint(_score * params.steps) / params.steps"
_GIVEN = "((Number) params.given[doc['key'].value]).doubleValue()"


def every(queries: Sequence[Query], scored: Sequence[Query] = (), better: Sequence[Query] = ()) -> Query:
    """All of the queries; of those that are scored the sum, and more for what is better."""
    found: Query = {"filter": list(queries), "must": list(scored), "should": list(better)}
    return {"bool": {name: parts for name, parts in found.items() if parts}}


def either(queries: Sequence[Query]) -> Query:
    """Any of the queries; the sum of their scores."""
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def best(queries: Sequence[Query]) -> Query:
    """Any of the queries; the best of their scores."""
    if len(queries) == 1:
        return queries[0]
    return {"dis_max": {"queries": list(queries)}} if queries else NOTHING


def besides(query: Query, excluded: Query) -> Query:
    """Who passes a filter and not another."""
    return {"bool": {"filter": [query], "must_not": [excluded]}}


def weighed(query: Query, weight: float) -> Query:
    """A query whose score counts for more or less."""
    return {"function_score": {"query": query, "weight": weight, "boost_mode": "multiply"}}


def _scripted(query: Query, source: str, **params: Any) -> Query:
    return {"script_score": {"query": query, "script": {"source": source, "params": params}}}


def saturated(amounts: Sequence[Query], rarity: float) -> Query:
    """Any of some amounts: their sum, of which more and more counts less and less, by how rare that is."""
    return _scripted(either(amounts), _SATURATED, rarity=rarity, saturation=SATURATION)


def rounded(query: Query) -> Query:
    """A query with its scores in steps, so that those of equal worth are told from each other by what comes next."""
    return _scripted(query, _ROUNDED, steps=STEPS)


def given(scores: dict[str, float]) -> Query:
    """Documents by key, each with its own score."""
    return _scripted({"terms": {"key": sorted(scores)}}, _GIVEN, given=scores)


def adding_up(query: Query, shares: Sequence[Query], enough: float) -> Query:
    """Documents for which the weights of what they match come to enough."""
    return {
        "function_score": {
            "query": query, "functions": [{"filter": LIVE, "weight": BEFOREHAND}, *shares],
            "score_mode": "sum", "boost_mode": "replace", "min_score": BEFOREHAND + enough - 0.00001,
        }
    }  # fmt: skip


# Words in zones


def having(slot: Slot, zones: Zones) -> Query:
    """Documents with any form of a word in the zones."""
    terms = [form.term for form in slot]
    if zones in AMOUNTS:
        return {"terms": {AMOUNTS[zones]: terms}}
    return either([{"terms": {f"zones.{zone}": terms}} for zone in zones])


def amounts(slot: Slot, zones: Zones) -> list[Query]:
    """What the forms of a word come to in the zones."""
    slot = slot[:MOST_WEIGHED]
    if zones in AMOUNTS:
        return [_term(AMOUNTS[zones], form.term, form.weight) for form in slot]
    return [
        _scripted(either([_term(f"zones.{zone}", form.term, form.weight) for form in slot]), _COUNTED, unit=_unit(zone))
        for zone in zones
    ]


def _term(field: str, term: str, weight: float) -> Query:
    return {"term": {field: {"value": term, "boost": weight}}}


def _unit(zone: str) -> str:
    return f"units.{zone}"


def side_by_side(slots: Sequence[Slot], zone: str) -> Query:
    """Documents that have the slots one after the other in a text of a zone."""
    return {"match_phrase": {f"zones.{zone}": {"query": _written(slots)}}}


def times_side_by_side(slots: Sequence[Slot], zone: str) -> Query:
    """The same with what that amounts to."""
    match = {"query": _written(slots), "ordered": True, "max_gaps": 0}
    return _scripted({"intervals": {f"zones.{zone}": {"match": match}}}, _TIMES, unit=_unit(zone))


def _written(slots: Sequence[Slot]) -> str:
    return " ".join("|".join(form.term for form in slot) for slot in slots)
