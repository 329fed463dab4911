"""What is like the best answers to a sentence: their own words are searched for in turn.

A question has few words, and not always those of the field; the records that answer it best have many. The words that
tell most of them find what else belongs to the matter (pseudo relevance feedback: Rocchio 1971; Lavrenko, Croft,
Relevance-Based Language Models, 2001).
"""

import math
from collections import Counter, defaultdict
from functools import lru_cache

import numpy as np

from search.engines.whoosh.matching import Form, Matcher
from search.engines.whoosh.schema import CLOSE_ZONES, STEM
from search.ranking import COMMONEST_FED, FED_BACK, FEEDING, MOST_FED, MOST_LIKE
from search.stems import COMMON, stem
from search.text import words


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
    """The stems that tell most of some documents, with how much: rare ones, of the best, the square of its share.
    What a great many documents have costs time and tells little."""
    found: defaultdict[str, float] = defaultdict(float)
    for number, share in zip(numbers, shares, strict=True):
        counts = _counts(matcher.snapshot.row(number))
        had = ((term, n, matcher.snapshot.frequency(term)) for term, n in counts)
        told = {term: (1 + math.log(n)) * matcher.rarity(f) for term, n, f in had if f <= COMMONEST_FED}
        length = math.hypot(*told.values()) or 1.0
        for term, weight in told.items():
            found[term] += share**2 * weight / length
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_FED])


def _counts(row: dict) -> list[tuple[str, int]]:
    """How often each stem is in the title, the summary and the names of a document."""
    texts = [(row["title"], "en"), (row["shown.summary"] or "", "en")]
    texts += [(text, language[:2]) for text, language, _kind in row.get("shown.names", ())]
    return list(Counter(term for text, language in texts for term in _stems(text, language)).items())


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(f"{STEM}{language}:{stem(word, language)}" for word in words(text) if word not in COMMON)
