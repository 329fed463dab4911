"""From the best answers to a sentence to what they are linked to (`search.spreading`) and to what is like them."""

from collections.abc import Iterator

import numpy as np

from search.engines.whoosh.arrays import distinct
from search.engines.whoosh.feedback import alike
from search.engines.whoosh.matching import Matcher
from search.engines.whoosh.snapshot import Snapshot
from search.ranking import MOST_LINKED, PASSED_ON, PASSING
from search.spreading import gains, passing


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
    best = np.argsort(-score, kind="stable")[:PASSING]
    rows = map(snapshot.row, ids[best].tolist())
    shares = passing(zip(rows, (score[best] / top).tolist(), strict=True))
    gained = gains(shares, lambda reference: _linked(snapshot, reference))
    numbers = np.array(sorted(gained), dtype=np.int64)
    passed = np.array([gained[number] for number in numbers.tolist()], dtype=np.float32)
    return numbers, PASSED_ON * top * passed


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
