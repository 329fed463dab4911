"""What is asked: two hundred queries in eight classes, chosen by how many passages have their words."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tests.bench.corpus import FUNCTION, LEVELS, SEED, TERMS, passages

LOOKED_AT = 10_000  # passages that the choice is made from, where there are as many
EACH = 25
SAMPLED = 2500  # passages whose terms are asked for together


@dataclass(frozen=True)
class Query:
    """`how`: all any phrase prefix; `level` narrows to one level of cooperation."""

    label: str
    how: str
    words: tuple[str, ...]
    level: str = ""


def queries(size: int, each: int = EACH) -> list[Query]:
    """The queries for a corpus of `size` passages, `each` of a class: from 10,000 on always the same. Each finds
    something."""
    return _Choice(min(size, LOOKED_AT), each).all()


class _Choice:
    def __init__(self, size: int, each: int) -> None:
        self.size, self.each = size, each
        self.chance = np.random.default_rng(SEED + 2)
        self.counts: Counter[str] = Counter()  # in how many passages a word stands
        self.pairs: Counter[tuple[str, str]] = Counter()  # how often two terms stand side by side
        self.samples: dict[str, list[list[str]]] = {level: [] for level in LEVELS}  # terms that stand together
        terms, left_out = set(TERMS), set(FUNCTION)
        for passage in passages(size):
            body = re.findall(r"[a-z]+", passage.body)
            self.counts.update({*body, *re.findall(r"[a-z]+", passage.title.lower())} - left_out)
            self.pairs.update((a, b) for a, b in pairwise(body) if a in terms and b in terms)
            if passage.number <= SAMPLED:
                self.samples[passage.level].append(sorted(terms.intersection(body)))

    def all(self) -> list[Query]:
        between = lambda low, high: sorted(w for w, n in self.counts.items() if low <= n / self.size <= high)  # noqa: E731
        rare = sorted(word for word, number in self.counts.items() if 3 <= number <= 12)
        together = sorted(pair for pair, number in self.pairs.items() if number >= 5 and pair[0] != pair[1])
        starts = sorted({word[:4] for word in TERMS if len(word) > 6 and self.counts[word]})
        found = [Query("rare", "all", (word,)) for word in self._some(rare)]
        found += [Query("medium", "all", (word,)) for word in self._some(between(0.01, 0.05))]
        found += [Query("common", "all", (word,)) for word in self._some(between(0.1, 1))]
        found += [Query("all words", "all", self._together(2 + n % 2, LEVELS[n % 5])) for n in range(self.each)]
        found += [Query("any word", "any", self._together(2 + n % 2, LEVELS[n % 5])) for n in range(self.each)]
        found += [Query("phrase", "phrase", pair) for pair in self._some(together)]
        found += [Query("prefix", "prefix", (start,)) for start in self._some(starts)]
        found += [
            Query("filtered", "all", self._together(1 + n % 2, LEVELS[n % 5]), LEVELS[n % 5]) for n in range(self.each)
        ]
        return found

    def _some(self, pool: list) -> list:
        return [pool[place] for place in self.chance.choice(len(pool), self.each, replace=len(pool) < self.each)]

    def _together(self, number: int, level: str) -> tuple[str, ...]:
        """Terms of one passage of a level."""
        fitting = [terms for terms in self.samples[level] if len(terms) >= number]
        terms = fitting[int(self.chance.integers(len(fitting)))]
        return tuple(terms[place] for place in self.chance.choice(len(terms), number, replace=False))
