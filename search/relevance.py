"""How well search answers: graded queries, measured by class.

nDCG@10 as in Järvelin and Kekäläinen 2002 (gain 2^grade − 1, discount log2(rank + 1)); MRR: the reciprocal rank of the
first hit graded 3; hit@3: a hit graded 3 among the first three. A provision or passage counts as the record it is part
of, once.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.http import QueryDict

from governance.knowledge.files import TextLoader
from search.finding import find
from search.request import SearchRequest

TARGET = 3
PLAIN = "plain-words"
DEPTH = 10


@dataclass(frozen=True)
class Query:
    """A query, its class, and the grade (1 to 3) of each record that answers it, by reference (`actor/iom`)."""

    text: str
    kind: str
    grades: dict[str, int]


@dataclass(frozen=True)
class Score:
    """How one query was answered; for a query that should find nothing, 1 when it does."""

    query: Query
    ndcg: float
    reciprocal: float
    hit: bool
    found: list[str]


def read(path: Path) -> list[Query]:
    """Read a file of graded queries; raises KeyError or ValueError for an entry that is not one."""
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=TextLoader)
    return [
        Query(entry["q"], entry["class"], {ref: int(grade) for ref, grade in (entry.get("relevant") or {}).items()})
        for entry in entries
    ]


def measure(queries: list[Query], answer: Callable[[str], list[str]] | None = None) -> list[Score]:
    """Score every query; `answer` gives the references found for a text, best first (the live search by default)."""
    answer = answer or references
    return [score(query, answer(query.text)) for query in queries]


def references(text: str) -> list[str]:
    """The records that search finds for a text, best first, each once."""
    data = QueryDict(mutable=True)
    data["q"] = text
    data["page_size"] = "30"
    hits = find(SearchRequest.read(data)).hits
    owners = [hit.parent or {"type": hit.type, "slug": hit.slug} for hit in hits]
    return list(dict.fromkeys(f"{owner['type']}/{owner['slug']}" for owner in owners))[:DEPTH]


def score(query: Query, found: list[str]) -> Score:
    """Hold what was found against the grades."""
    if not query.grades:
        nothing = float(not found)
        return Score(query, nothing, nothing, not found, found)
    gained = sum(_gain(query.grades.get(ref, 0), rank) for rank, ref in enumerate(found[:DEPTH], 1))
    best = sorted(query.grades.values(), reverse=True)[:DEPTH]
    ideal = sum(_gain(grade, rank) for rank, grade in enumerate(best, 1))
    ranks = [rank for rank, ref in enumerate(found, 1) if query.grades.get(ref) == TARGET]
    return Score(query, gained / ideal, 1 / ranks[0] if ranks else 0.0, bool(ranks and ranks[0] <= 3), found)


def _gain(grade: int, rank: int) -> float:
    return (2**grade - 1) / math.log2(rank + 1)


@dataclass(frozen=True)
class Row:
    """The means over a class of queries."""

    kind: str
    queries: int
    ndcg: float
    mrr: float
    hit: float


def table(scores: list[Score]) -> list[Row]:
    """Means by class in alphabetical order, then over all classes but plain words, then over everything."""
    kinds = sorted({score.query.kind for score in scores})
    rows = [_row(kind, [s for s in scores if s.query.kind == kind]) for kind in kinds]
    rows.append(_row("all but plain words", [s for s in scores if s.query.kind != PLAIN]))
    return [*rows, _row("all", scores)]


def _row(kind: str, scores: list[Score]) -> Row:
    n = len(scores) or 1
    return Row(
        kind, len(scores), sum(s.ndcg for s in scores) / n, sum(s.reciprocal for s in scores) / n,
        sum(s.hit for s in scores) / n,
    )  # fmt: skip


def agreement(one: list[Score], other: list[Score]) -> tuple[float, float]:
    """How much two engines answer the same: the share of queries with the same first answer, and of the first ten
    answers that both have, on average (Jaccard). Queries that neither answers are not counted."""
    pairs = [(a.found, b.found) for a, b in zip(one, other, strict=True) if a.found or b.found]
    if not pairs:
        return 1.0, 1.0
    first = sum(a[:1] == b[:1] for a, b in pairs) / len(pairs)
    return first, sum(len({*a} & {*b}) / len({*a, *b}) for a, b in pairs) / len(pairs)
