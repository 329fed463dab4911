"""Names and identifiers: is the query one, and is one among its words?"""

from collections.abc import Iterable
from functools import lru_cache

from governance.models.vocabulary import Type
from search.engines.opensearch.compiling import best, every
from search.engines.opensearch.meaning import LONGEST_NAME
from search.engines.opensearch.reader import Query, Reader
from search.engines.opensearch.values import filed, having
from search.filing import DEFINED, FIRST_RANK, LAST_RANK, called
from search.provisions import STRENGTHS
from search.ranking import NAMED
from search.stems import COMMON, languages, stem
from search.text import words

STEP = 1000.0  # between tiers: more than any words amount to


def tiers(reader: Reader, forms: set[str], limits: list[Query]) -> Query | None:
    """What is called just so comes first, by rank; then the provisions that carry a principle so named."""
    if not forms:
        return None
    ranks = range(LAST_RANK, FIRST_RANK + 1)
    found = [
        _tier({"terms": {"exact": [f"{rank} {form}" for form in sorted(forms)]}}, 1 + rank, limits) for rank in ranks
    ]
    principles = every([filed(forms), having("type", [Type.PRINCIPLE])])
    hits = reader.search({"size": 20, "query": principles, "_source": ["slug"]})["hits"]["hits"]
    slugs = sorted({hit["_source"]["slug"] for hit in hits})
    if slugs:
        for strength in (DEFINED, *STRENGTHS.values()):
            carried = {"terms": {"carried": [f"{strength} {slug}" for slug in slugs]}}
            found.append(_tier(carried, 1 + strength / 10, limits))
    return best(found)


def _tier(query: Query, steps: float, limits: list[Query]) -> Query:
    return {"constant_score": {"filter": every([query, *limits]), "boost": STEP * steps}}


def rank_of(exact: Iterable[str], forms: set[str]) -> int:
    """The rank under which a document is filed as any of the forms; 0 for one that is not."""
    parts = (filed.partition(" ") for filed in exact)
    return max((int(rank) for rank, _space, form in parts if form in forms), default=0)


def shares(reader: Reader, text: str) -> list[dict]:
    """Weights for documents one of whose names stands in the query: the share of its words, by rank of the name."""
    parts = words(text)
    if not 1 < len(parts) <= 40:
        return []
    longest: dict[str, float] = {}
    for first in range(len(parts)):
        for last in range(first + 1, min(len(parts), first + LONGEST_NAME) + 1):
            form = called(" ".join(parts[first:last]))
            if form:
                longest[form] = max(longest.get(form, 0.0), (last - first) / len(parts))
    asked = {f"{rank} {form}": share * rank / FIRST_RANK for form, share in longest.items()
             for rank in range(LAST_RANK, FIRST_RANK + 1)}  # fmt: skip
    if not asked:
        return []
    known = {"terms": {"field": "exact", "include": sorted(asked), "size": len(asked)}}
    query = {"terms": {"exact": sorted(asked)}}
    answer = reader.search({"size": 0, "query": query, "aggs": {"known": known}})
    found = [bucket["key"] for bucket in answer["aggregations"]["known"]["buckets"]]
    return [{"filter": {"term": {"exact": form}}, "weight": 1 + NAMED * asked[form]} for form in found]


@lru_cache(maxsize=20_000)
def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language[:2]) for word in words(text) if word not in COMMON)


def likeness(text: str, names: Iterable[tuple[str, str]]) -> float:
    """How like the query the best of some names (text, language) is, from 0 to 1: the share of common words (Dice)."""
    asked = [
        {word, *(stem(word, language) for language in languages(word))} for word in words(text) if word not in COMMON
    ]
    best_like = 0.0
    for name in (_stems(*name) for name in names):
        if name:
            shared = sum(1 for forms in asked if not name.isdisjoint(forms))
            best_like = max(best_like, 2 * shared / (len(name) + len(asked)))
    return best_like
