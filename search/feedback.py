"""The words that tell most of the best answers to a sentence, by which what is like them is found.

A question has few words, and not always those of the field; the records that answer it best have many (pseudo relevance
feedback: Rocchio 1971; Lavrenko, Croft, Relevance-Based Language Models, 2001).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from search.meaning import stemmed
from search.ranking import COMMONEST_FED, MOST_FED
from search.stems import COMMON
from search.text import words

Counts = list[tuple[str, int]]


def counts_of(title: str, summary: str | None, names: Iterable[Sequence[str]]) -> Counts:
    """How often each stem is in the title, the summary and the names (text, language …) of a document."""
    texts = [(title, "en"), (summary or "", "en"), *((name[0], name[1][:2]) for name in names)]
    return list(Counter(term for text, language in texts for term in _stems(text, language)).items())


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(stemmed(word, language) for word in words(text) if word not in COMMON)


def telling_terms(
    documents: Iterable[tuple[Counts, float]], frequency: Callable[[str], int], rarity: Callable[[int], float]
) -> dict[str, float]:
    """The stems that tell most of some documents, with how much: rare ones, of the best, the square of its share.
    What a great many documents have costs time and tells little.

    `documents`: the stems of each, and its share of the highest score; `frequency`: how many documents have a stem."""
    found: defaultdict[str, float] = defaultdict(float)
    for counts, share in documents:
        had = ((term, n, frequency(term)) for term, n in counts)
        told = {term: (1 + math.log(n)) * rarity(f) for term, n, f in had if f <= COMMONEST_FED}
        length = math.hypot(*told.values()) or 1.0
        for term, weight in told.items():
            found[term] += share**2 * weight / length
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_FED])
