"""Names and identifiers: is the query one, and is one among its words?"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from governance.models.vocabulary import NameKind
from search.engines.whoosh.arrays import before, ranges
from search.engines.whoosh.columns import mark
from search.engines.whoosh.snapshot import Snapshot
from search.everyday import standing_for
from search.filing import FIRST_RANK, RANKS, called, forms_of
from search.lexicon import meaning
from search.query import And, Field, Node, Not, Phrase, Range, Term, Words
from search.ranking import EVERYDAY_LIKE
from search.stems import COMMON, languages, stem
from search.text import words

LONGEST_NAME = 12  # words
PROPER = RANKS[NameKind.ALIAS]
Ranked = dict[int, float]  # documents with ranks, shares or strengths; those not in it have none


def asked(tree: Node) -> str:
    """The words of a query that may be a name; empty for one with operators."""
    if not isinstance(tree, Words):
        return ""
    parts = []
    for node in tree.nodes:
        if isinstance(node, Term | Phrase):
            parts.append(node.text)
        elif isinstance(node, Words):  # a bracket, as in Regulation (EU) No 604/2013
            parts.append(f"({asked(node)})")
        elif not isinstance(node, Not | Field | Range):
            return ""
    return " ".join(parts)


def restrictions(tree: Node) -> Node | None:
    """What of the query limits even an exact match."""
    nodes = tuple(n for n in tree.nodes if isinstance(n, Not | Field | Range)) if isinstance(tree, Words) else ()
    return And(nodes) if nodes else None


def exact(snapshot: Snapshot, text: str) -> Ranked:
    """The documents filed as `text`, with the rank: 4 for the title."""
    found: Ranked = {}
    for form in forms_of(text):
        _raise(found, *snapshot.called(form))
    return found


def wholly(snapshot: Snapshot, text: str, told: Collection[str]) -> Ranked:
    """The documents that a sentence names, with the rank, where all the words that it tells something by are in whole
    names: “difference between IOM and UNHCR”. Names for which a record is only known in everyday words are none."""
    parts = words(text)
    found: Ranked = {}
    first = 0
    while first < len(parts):
        if parts[first] not in told:
            first += 1
            continue
        for last in range(min(len(parts), first + LONGEST_NAME), first, -1):
            ids, ranks = snapshot.called(called(" ".join(parts[first:last])))
            proper = ranks >= PROPER
            if proper.any():
                _raise(found, ids[proper], ranks[proper])
                first = last
                break
        else:
            return {}
    return found


def named(snapshot: Snapshot, text: str) -> Ranked:
    """For documents, the share of the query's words that make up one of their names, by rank of the name."""
    parts = words(text)
    found: Ranked = {}
    if not 1 < len(parts) <= 40:
        return found
    for first in range(len(parts)):
        for last in range(first + 1, min(len(parts), first + LONGEST_NAME) + 1):
            ids, ranks = snapshot.called(called(" ".join(parts[first:last])))
            if len(ids):
                _raise(found, ids, (last - first) / len(parts) * ranks / FIRST_RANK)
    return found


def _raise(found: Ranked, ids: np.ndarray, values: np.ndarray) -> None:
    for number, value in zip(ids.tolist(), values.tolist(), strict=True):
        if value > found.get(number, 0):
            found[number] = value


@dataclass(frozen=True)
class Asked:
    """The words of a query by which names are compared with it: the forms of each, and how much each counts."""

    forms: list[set[str]]
    weights: np.ndarray

    @classmethod
    def alike(cls, text: str) -> "Asked":
        """All but the common words of a text, each for one."""
        forms = [_forms(word) for word in words(text) if word not in COMMON]
        return cls(forms, np.ones(len(forms)))

    @classmethod
    def of_sentence(cls, told: list[str], rarities: list[float], language: str) -> "Asked":
        """Words for as much as they are rare, on average for one; an everyday word that stands for one, for a share."""
        forms = [_forms(word) | set(meaning(word, language)) for word in told]
        wider = [
            found | {other.stem for other in standing_for(word, language)}
            for found, word in zip(forms, told, strict=True)
        ]
        weights = np.array(rarities) / (sum(rarities) / len(told)) if told else np.ones(0)
        return cls(forms + wider, np.concatenate([weights * (1 - EVERYDAY_LIKE), weights * EVERYDAY_LIKE]))


def _forms(word: str) -> set[str]:
    return {word, *(stem(word, language) for language in languages(word))}


def likeness(snapshot: Snapshot, asked: Asked, ids: np.ndarray) -> np.ndarray:
    """How like the query the best name of each document (by sorted number) is, from 0 to 1: the share of common words
    (Dice)."""
    likes = np.zeros(len(ids), dtype=np.float32)
    if not asked.forms:
        return likes
    forms = [mark(form) for word in asked.forms for form in word]
    marks, firsts = np.array(forms), before([len(word) for word in asked.forms])[:-1]
    for segment, span, inner in snapshot.parts(ids):
        names, stem_starts, stems = segment.names
        counts = names.counts[inner]
        single = bool((counts == 1).all())
        name = names.starts[inner] if single else ranges(names.starts[inner], counts)
        sizes = names.items[name]
        some = np.flatnonzero(sizes)
        same = stems[ranges(stem_starts[name], sizes)][:, None] == marks
        if not same.any():
            continue
        alike = np.zeros(len(name))
        sizes = sizes[some]
        has = np.logical_or.reduceat(same, before(sizes)[:-1])  # names × forms
        shared = np.logical_or.reduceat(has, firsts, axis=1) @ asked.weights
        alike[some] = 2 * shared / (sizes + asked.weights.sum())
        if single:
            likes[span] = alike
        elif len(name):
            named = np.flatnonzero(counts)
            likes[span][named] = np.maximum.reduceat(alike, before(counts[named])[:-1])
    return likes


def carrying(snapshot: Snapshot, ranks: Ranked) -> Ranked:
    """How strongly each provision carries a principle that is named exactly (3 explicit, 2 implied, 1 interpreted)."""
    found: Ranked = {}
    for number in ranks:
        if snapshot.has_type(number, "principle"):
            _raise(found, *snapshot.carrying(snapshot.row(number)["slug"]))
    return found
