"""From the best answers to a sentence to what they are linked to, in either direction, and to what is like them.

A question in everyday words finds one record by its name and misses those beside it, whose names have other words.
The best pass on some of their score (spreading activation: Crestani, Application of Spreading Activation Techniques in
Information Retrieval, 1997); squared, so that the very best pass on most.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from search.engines.whoosh.arrays import distinct
from search.engines.whoosh.feedback import alike
from search.engines.whoosh.matching import Matcher
from search.engines.whoosh.snapshot import Snapshot
from search.ranking import MOST_LINKED, PASSED_ON, PASSING


def spread(matcher: Matcher, ids: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted numbers of documents and their scores, with what the best add to others; some may be new."""
    parts = [(ids, score), linked(matcher.snapshot, ids, score), alike(matcher, ids, score)]
    everyone = distinct(np.concatenate([numbers for numbers, _scores in parts]))
    total = np.zeros(len(everyone), dtype=np.float32)
    for numbers, scores in parts:
        total[np.searchsorted(everyone, numbers)] += scores
    return everyone, total


def linked(snapshot: Snapshot, ids: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the documents that the best are linked to, sorted, and what these pass on to them."""
    top = float(score.max(initial=0))
    if top <= 0:
        return ids[:0], score[:0]
    gained: defaultdict[int, float] = defaultdict(float)
    for reference, share in _passing(snapshot, ids, score / top).items():
        for number, nearness in _linked(snapshot, reference):
            gained[number] += share**2 * nearness
    numbers = np.array(sorted(gained), dtype=np.int64)
    passed = np.array([gained[number] for number in numbers.tolist()], dtype=np.float32)
    return numbers, PASSED_ON * top * passed


def _passing(snapshot: Snapshot, ids: np.ndarray, share: np.ndarray) -> dict[str, float]:
    """The records of the best documents, with the best share each has of the highest score."""
    found: dict[str, float] = {}
    for place in np.argsort(-share, kind="stable")[:PASSING].tolist():
        row = snapshot.row(int(ids[place]))
        owner = row["parent"] or row
        found.setdefault(f"{owner['type']}/{owner['slug']}", float(share[place]))
    return found


def _linked(snapshot: Snapshot, reference: str) -> Iterator[tuple[int, float]]:
    """The documents of the records that one is linked to, or that are linked to it, and how near they are. What a great
    many are linked to says little of each."""
    near: dict[int, float] = {}
    own = snapshot.numbered(reference)
    for other, percent in (snapshot.row(own)["linked"] if own is not None else {}).items():
        number = snapshot.numbered(other)
        if number is not None:
            near[number] = percent
    ids, percents = snapshot.linking(reference)
    if len(ids) <= MOST_LINKED:
        for number, percent in zip(ids.tolist(), percents.tolist(), strict=True):
            near[number] = max(percent, near.get(number, 0))
    return ((number, percent / 100) for number, percent in near.items())
