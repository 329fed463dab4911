"""Words of the collection that are near to a word: for `word~`, `word*` and “did you mean”."""

import numpy as np

from search.engines.whoosh.matching import word_slot
from search.engines.whoosh.schema import NUMBERS, ZONE_BITS
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot
from search.sounds import sound

SHORTEST = 4  # shorter words have too many neighbours
SHORTEST_HEARD, FURTHEST_HEARD = 6, 3  # letters, and steps, of a word that sounds the same


def distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, changes and swaps of neighbours between two words, or `limit` + 1 when there are more
    (optimal string alignment)."""
    return int(distances(one, [other], limit)[0])


def distances(word: str, others: list[str], limit: int) -> np.ndarray:
    """The same from one word to many at once: a row of the table of alignments is worked out for all of them."""
    sizes = np.array([len(other) for other in others], dtype=np.int64)
    widest = int(sizes.max(initial=0))
    letters = np.zeros((widest, len(others)), dtype=np.uint32)
    for number, other in enumerate(others):
        letters[: len(other), number] = [ord(letter) for letter in other]
    earlier: np.ndarray = letters[:0]
    before: np.ndarray = letters[:0]
    row: np.ndarray = np.repeat(np.arange(widest + 1)[:, None], len(others), axis=1)
    for i, letter in enumerate(map(ord, word), 1):
        earlier, before, row = before, row, np.empty_like(row)
        row[0] = i
        for j in range(1, widest + 1):
            cell = np.minimum(np.minimum(before[j], row[j - 1]) + 1, before[j - 1] + (letters[j - 1] != letter))
            if i > 1 and j > 1:
                swapped = (letters[j - 2] == letter) & (letters[j - 1] == ord(word[i - 2]))
                cell = np.where(swapped, np.minimum(cell, earlier[j - 2] + 1), cell)
            row[j] = cell
    return np.minimum(row[sizes, np.arange(len(others))], limit + 1)


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
    """What an unknown word was probably meant to be: a near word, one that sounds the same, or two written as one; None
    if unsure."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    limit = 1 if len(word) < 8 else 2
    found = [other for _steps, other in near(snapshot, word, limit) if other.isalpha() and len(other) >= SHORTEST - 1]
    if found:
        return found[0]
    return _heard(snapshot, word) or _apart(snapshot, word)


def _heard(snapshot: Snapshot, word: str) -> str | None:
    """A longer word that is further off, but sounds the same."""
    if len(word) < SHORTEST_HEARD:
        return None
    return next((other for _steps, other in near(snapshot, word, FURTHEST_HEARD) if sound(other) == sound(word)), None)


def _apart(snapshot: Snapshot, word: str) -> str | None:
    cuts = ((word[:n], word[n:]) for n in range(3, len(word) - 2))
    found = ((min(snapshot.frequency(one), snapshot.frequency(other)), f"{one} {other}") for one, other in cuts)
    return max(((count, pair) for count, pair in found if count), default=(0, None))[1]
