"""What is asked: two hundred queries in eight classes, chosen by how many passages have their words."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tests.bench.corpus import FUNCTION, LEVELS, SEED, TERMS, passages

LOOKED_AT = 10_000  # passages that the choice is made from, where there are as many
EACH = 25


@dataclass(frozen=True)
class Query:
    """`how`: all any phrase prefix; `level` narrows to one level of cooperation."""

    label: str
    how: str
    words: tuple[str, ...]
    level: str = ""


def queries(size: int) -> list[Query]:
    """The queries for a corpus of `size` passages: from 10,000 on always the same."""
    counts, pairs = statistics(min(size, LOOKED_AT))
    seen = min(size, LOOKED_AT)
    chance = np.random.default_rng(SEED + 2)

    def band(low: float, high: float, words) -> list[str]:
        return sorted(word for word in words if low * seen <= counts[word] <= high * seen)

    def some(pool: list, number: int) -> list:
        return [pool[place] for place in chance.choice(len(pool), number, replace=number > len(pool))]

    rare = sorted(word for word in counts if 3 <= counts[word] <= 12)
    medium = band(0.01, 0.05, counts)
    common = band(0.1, 1, counts)
    terms = band(0.03, 1, TERMS)
    together = sorted(pair for pair, number in pairs.items() if number >= 5)
    starts = sorted({word[:4] for word in terms if len(word) > 6})
    found = [Query("rare", "all", (word,)) for word in some(rare, EACH)]
    found += [Query("medium", "all", (word,)) for word in some(medium, EACH)]
    found += [Query("common", "all", (word,)) for word in some(common, EACH)]
    found += [Query("all words", "all", tuple(some(terms, 2 + n % 2))) for n in range(EACH)]
    found += [Query("any word", "any", tuple(some(terms, 2 + n % 2))) for n in range(EACH)]
    found += [Query("phrase", "phrase", tuple(pair)) for pair in some(together, EACH)]
    found += [Query("prefix", "prefix", (start,)) for start in some(starts, EACH)]
    found += [Query("filtered", "all", tuple(some(terms, 1 + n % 2)), LEVELS[n % 5]) for n in range(EACH)]
    return found


def statistics(size: int) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """In how many passages each word stands, and how often two terms stand side by side in a body."""
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    left_out, terms = set(FUNCTION), set(TERMS)
    for passage in passages(size):
        body = re.findall(r"[a-z]+", passage.body)
        counts.update({*body, *re.findall(r"[a-z]+", passage.title.lower())} - left_out)
        pairs.update((a, b) for a, b in zip(body, body[1:], strict=False) if a in terms and b in terms and a != b)
    return counts, pairs
