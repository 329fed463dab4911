"""What is like the best answers to a sentence: their own words are searched for in turn (`search.feedback`)."""

import numpy as np

from search.engines.whoosh.matching import Matcher
from search.feedback import counts_of, telling_terms
from search.meaning import CLOSE_ZONES, Form
from search.ranking import FED_BACK, FEEDING, MOST_LIKE


def alike(matcher: Matcher, ids: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the documents that are most like the best, sorted, and what that adds to their scores."""
    top = float(score.max(initial=0))
    if top <= 0:
        return ids[:0], score[:0]
    best = np.argsort(-score, kind="stable")[:FEEDING]
    terms = _terms(matcher, ids[best].tolist(), (score[best] / top).tolist())
    total = np.zeros(matcher.snapshot.size, dtype=np.float32)
    for term, weight in terms.items():
        match = matcher.slot((Form(term),), CLOSE_ZONES)
        total[match.ids] += np.float32(weight) * match.score
    most = min(MOST_LIKE, len(total))
    near = np.sort(np.argpartition(-total, most - 1)[:most])
    near = near[total[near] > 0]
    return near, FED_BACK * top * total[near] / (total.max(initial=0) or 1)


def _terms(matcher: Matcher, numbers: list[int], shares: list[float]) -> dict[str, float]:
    rows = map(matcher.snapshot.row, numbers)
    counts = [counts_of(row["title"], row["shown"]["summary"], row["shown"].get("names", ())) for row in rows]
    return telling_terms(zip(counts, shares, strict=True), matcher.snapshot.frequency, matcher.rarity)
