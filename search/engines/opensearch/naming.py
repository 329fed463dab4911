"""Names and identifiers: is the query one, and is one among its words?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from governance.models.vocabulary import NameKind, Type
from search.engines.opensearch.queries import best, every
from search.engines.opensearch.reader import Query, Reader
from search.filing import DEFINED, FIRST_RANK, LAST_RANK, RANKS
from search.naming import names_in, names_throughout, spans
from search.provisions import STRENGTHS
from search.ranking import NAMED

STEP = 1000.0  # between tiers: more than any words amount to
ALL = range(LAST_RANK, FIRST_RANK + 1)
PROPER = range(RANKS[NameKind.ALIAS], FIRST_RANK + 1)  # the ranks of names that are not everyday words
MOST_CALLED = 1000  # documents that have one name


@dataclass(frozen=True)
class Called:
    """What a query is the name of: the forms of names, of some ranks, whether anything is filed so, and the principles
    among that."""

    forms: frozenset[str]
    ranks: range
    is_any: bool = False
    principles: tuple[str, ...] = ()

    @classmethod
    def of(cls, reader: Reader, forms: Iterable[str], ranks: range = ALL) -> "Called":
        found = cls(frozenset(forms), ranks)
        if not found.forms or not reader.count([found._filed()])[0]:
            return found
        asked = {"size": MOST_CALLED, "query": found._filed(), "_source": ["type", "slug"], "track_total_hits": False}
        sources = [hit["_source"] for hit in reader.search(asked)["hits"]["hits"]]
        slugs = sorted({source["slug"] for source in sources if source["type"] == Type.PRINCIPLE})
        return replace(found, is_any=True, principles=tuple(slugs))

    def _filed(self, *ranks: int) -> Query:
        return {"terms": {"exact": [f"{rank} {form}" for form in sorted(self.forms) for rank in ranks or self.ranks]}}

    def who(self) -> Query:
        """The documents that are called so, and those that carry a principle so named."""
        strengths = (DEFINED, *STRENGTHS.values())
        carried = [f"{strength} {slug}" for slug in self.principles for strength in strengths]
        return {"bool": {"should": [self._filed(), {"terms": {"carried": carried}}]}}

    def tiers(self, limits: list[Query]) -> Query:
        """What is called just so comes first, by rank; then the provisions that carry a principle so named."""
        found = [_tier(self._filed(rank), 1 + rank, limits) for rank in self.ranks]
        for strength in (DEFINED, *STRENGTHS.values()) if self.principles else ():
            carried = {"terms": {"carried": [f"{strength} {slug}" for slug in self.principles]}}
            found.append(_tier(carried, 1 + strength / 10, limits))
        return best(found)

    def rank_of(self, exact: Iterable[str]) -> int:
        """The rank under which a document is filed as any of the forms; 0 for one that is not."""
        parts = [(int(rank), form) for rank, _space, form in (filed.partition(" ") for filed in exact)]
        return max((rank for rank, form in parts if form in self.forms and rank in self.ranks), default=0)


def _tier(query: Query, steps: float, limits: list[Query]) -> Query:
    """Its name tells of a hit what was added to its score."""
    return {"constant_score": {"filter": every([query, *limits]), "boost": STEP * steps, "_name": str(steps)}}


def wholly(reader: Reader, text: str, told: Collection[str]) -> list[str]:
    """The forms of the names that a sentence is made of, where all the words that it tells something by are in whole
    names. Names for which a record is only known in everyday words are none."""
    asked = [f"{rank} {form}" for form in {form for *_span, form in spans(text)} if form for rank in PROPER]
    proper = {found.partition(" ")[2] for found in _known(reader, asked)}
    return names_throughout(text, told, proper.__contains__)


def _known(reader: Reader, asked: Iterable[str]) -> list[str]:
    """Those of some forms, each with a rank, that anything is filed under."""
    wanted = sorted(asked)
    if not wanted:
        return []
    known = {"terms": {"field": "exact", "include": wanted, "size": len(wanted)}}
    answer = reader.search({"size": 0, "query": {"terms": {"exact": wanted}}, "aggs": {"known": known}})
    return [bucket["key"] for bucket in answer["aggregations"]["known"]["buckets"]]


def shares(reader: Reader, text: str) -> list[dict]:
    """Weights for documents one of whose names stands in the query: the share of its words, by rank of the name."""
    longest: dict[str, float] = {}
    for form, share in names_in(text):
        if form:
            longest[form] = max(share, longest.get(form, 0.0))
    asked = {f"{rank} {form}": share * rank / FIRST_RANK for form, share in longest.items()
             for rank in ALL}  # fmt: skip
    return [{"filter": {"term": {"exact": form}}, "weight": 1 + NAMED * asked[form]} for form in _known(reader, asked)]
