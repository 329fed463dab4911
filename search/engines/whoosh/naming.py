"""Names and identifiers: is the query one, and is one among its words?"""

from collections.abc import Collection

import numpy as np

from governance.models.vocabulary import NameKind
from search.engines.whoosh.arrays import before, ranges
from search.engines.whoosh.columns import mark
from search.engines.whoosh.snapshot import Snapshot
from search.filing import FIRST_RANK, RANKS, forms_of
from search.naming import Asked, names_in, names_throughout

PROPER = RANKS[NameKind.ALIAS]
Ranked = dict[int, float]  # documents with ranks, shares or strengths; those not in it have none


def exact(snapshot: Snapshot, text: str) -> Ranked:
    """The documents filed as `text`, with the rank: 4 for the title."""
    found: Ranked = {}
    for form in forms_of(text):
        _raise(found, *snapshot.called(form))
    return found


def wholly(snapshot: Snapshot, text: str, told: Collection[str]) -> Ranked:
    """The documents that a sentence names, with the rank, where all the words that it tells something by are in whole
    names: “difference between IOM and UNHCR”. Names for which a record is only known in everyday words are none."""
    found: Ranked = {}
    for form in names_throughout(text, told, lambda form: bool((snapshot.called(form)[1] >= PROPER).any())):
        ids, ranks = snapshot.called(form)
        _raise(found, ids[ranks >= PROPER], ranks[ranks >= PROPER])
    return found


def named(snapshot: Snapshot, text: str) -> Ranked:
    """For documents, the share of the query's words that make up one of their names, by rank of the name."""
    found: Ranked = {}
    for form, share in names_in(text):
        ids, ranks = snapshot.called(form)
        if len(ids):
            _raise(found, ids, share * ranks / FIRST_RANK)
    return found


def _raise(found: Ranked, ids: np.ndarray, values: np.ndarray) -> None:
    for number, value in zip(ids.tolist(), values.tolist(), strict=True):
        if value > found.get(number, 0):
            found[number] = value


def likeness(snapshot: Snapshot, asked: Asked, ids: np.ndarray) -> np.ndarray:
    """How like the query the best name of each document (by sorted number) is, from 0 to 1: the share of common words
    (Dice)."""
    likes = np.zeros(len(ids), dtype=np.float32)
    if not asked.forms:
        return likes
    forms = [mark(form) for word in asked.forms for form in word]
    marks, firsts = np.array(forms), before([len(word) for word in asked.forms])[:-1]
    weights = np.array(asked.weights)
    whole = sum(asked.weights)
    for segment, span, inner in snapshot.parts(ids):
        name_starts, stem_starts, stems = segment.names
        first, last = name_starts[inner], name_starts[inner + 1]
        counts = stem_starts[last] - (starts := stem_starts[first])
        same = stems[ranges(starts, counts)][:, None] == marks
        if not same.any():
            continue
        names = ranges(first, last - first)
        sizes = stem_starts[names + 1] - stem_starts[names]
        some = np.flatnonzero(sizes)
        sizes = sizes[some]
        has = np.logical_or.reduceat(same, before(sizes)[:-1])  # names × forms
        shared = np.logical_or.reduceat(has, firsts, axis=1) @ weights
        alike = np.zeros(len(names))
        alike[some] = 2 * shared / (sizes + whole)
        named = np.flatnonzero(last > first)
        likes[span][named] = np.maximum.reduceat(alike, before((last - first)[named])[:-1])
    return likes


def carrying(snapshot: Snapshot, ranks: Ranked) -> Ranked:
    """How strongly each provision carries a principle that is named exactly (3 explicit, 2 implied, 1 interpreted)."""
    found: Ranked = {}
    for number in ranks:
        if snapshot.has_type(number, "principle"):
            _raise(found, *snapshot.carrying(snapshot.row(number)["slug"]))
    return found
