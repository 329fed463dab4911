"""Words of the collection that are near to a word: for `word~`, `word*` and “did you mean”."""

import numpy as np

from search import spelling
from search.engines.whoosh.schema import NUMBERS, ZONE_BITS
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot
from search.meaning import word_slot
from search.sounds import sound
from search.spelling import FURTHEST_HEARD, distances


def with_prefix(snapshot: Snapshot, start: str, limit: int) -> list[str]:
    """Words that begin with `start`, at most `limit`."""
    found: set[bytes] = set()
    for segment in snapshot.segments:
        numbers = segment.words.starting(start.encode())
        found.update(segment.words.terms(numbers[:limit]))
    return [word.decode() for word in sorted(found)[:limit]]


def near(snapshot: Snapshot, word: str, limit: int) -> list[tuple[int, str]]:
    """(distance, word) of the words within `limit`, the nearest and commonest first."""
    others = sorted(set().union(*(_alike(segment, word, limit) for segment in snapshot.segments)))
    steps = distances(word, others, limit).tolist()
    found = [
        (steps_, other[:1] != word[:1], -snapshot.frequency(other), other)
        for steps_, other in zip(steps, others, strict=True)
        if steps_ <= limit
    ]
    return [(steps_, other) for steps_, _first, _count, other in sorted(found)]


def _alike(segment: Segment, word: str, limit: int) -> set[str]:
    """Words of about the same length and letters: all that are near, and not many more."""
    sizes = segment.word_sizes.astype(np.int16)
    likely = np.flatnonzero(np.abs(sizes - len(word)) <= limit)
    different = np.bitwise_count(segment.word_letters[likely] ^ letters_of(word))
    likely = likely[different <= 2 * limit]
    likely = likely[(likely < segment.stems.start) | (likely >= segment.stems.stop)]
    return {term.decode() for term in segment.words.terms(likely.tolist())}


def letters_of(word: str) -> np.uint64:
    """The letters of a word as bits, as `Segment.word_letters` has them."""
    found = 0
    for letter in map(ord, word):
        found |= 1 << (letter % 63 if letter < 128 else 63)
    return np.uint64(found)


def is_known(snapshot: Snapshot, word: str) -> bool:
    return any(len(snapshot.posting(form.term).ids) for form in word_slot(word))


def is_name(snapshot: Snapshot, words: str) -> bool:
    """Do the words stand in names? Then they are worth putting right even where they are not all there is."""
    naming = [NUMBERS["title"], NUMBERS["names"]]
    return all(np.isin(snapshot.listed("close", word).places >> ZONE_BITS, naming).any() for word in words.split())


def correction(snapshot: Snapshot, word: str) -> str | None:
    """What an unknown word was probably meant to be; None if unsure."""
    return spelling.correction(
        word,
        near=lambda word, limit: near(snapshot, word, limit),
        heard=lambda word: _heard(snapshot, word),
        counts=lambda words: [snapshot.frequency(word) for word in words],
    )


def _heard(snapshot: Snapshot, word: str) -> str | None:
    """A longer word that is further off, but sounds the same."""
    return next((other for _steps, other in near(snapshot, word, FURTHEST_HEARD) if sound(other) == sound(word)), None)
