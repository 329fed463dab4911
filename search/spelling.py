"""What a misspelled word was meant to be, and a query with it put right; an engine says which words there are."""

from collections.abc import Callable

import numpy as np

from search.text import fold, tokens

SHORTEST = 4  # shorter words have too many neighbours
SHORTEST_HEARD, FURTHEST_HEARD = 6, 3  # letters, and steps, of a word that sounds the same

Near = Callable[[str, int], list[tuple[int, str]]]
Counts = Callable[[list[str]], list[int]]


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


def correction(word: str, near: Near, heard: Callable[[str], str | None], counts: Counts) -> str | None:
    """What an unknown word was probably meant to be: a near word, one that sounds the same, or two written as one; None
    if unsure.

    `near`: words within so many steps, with their steps, the nearest and commonest first; `heard`: one that is further
    off, but sounds the same; `counts`: how many documents have each of some words."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    limit = 1 if len(word) < 8 else 2
    found = [other for _steps, other in near(word, limit) if other.isalpha() and len(other) >= SHORTEST - 1]
    if found:
        return found[0]
    return (heard(word) if len(word) >= SHORTEST_HEARD else None) or _apart(word, counts)


def _apart(word: str, counts: Counts) -> str | None:
    cuts = [(word[:n], word[n:]) for n in range(3, len(word) - 2)]
    parts = list(dict.fromkeys(part for cut in cuts for part in cut))
    had = dict(zip(parts, counts(parts), strict=True))
    pairs = [(min(had[one], had[other]), f"{one} {other}") for one, other in cuts if had[one] and had[other]]
    return max(pairs)[1] if pairs else None


def is_likely(word: str, better: str) -> bool:
    """People seldom miss the first letter; of a short word there are too many neighbours that have another one."""
    return len(word) > 5 or better[0] == word[0] or better[:2] == word[1::-1]


def corrected(text: str, corrections: dict[str, str]) -> str:
    """The words of a text, misspelled ones put right."""
    return " ".join(corrections.get(fold(word), word) for word in text.split())


def reworded(text: str, corrections: dict[str, str]) -> str:
    """A query as typed, with the corrected words in place."""
    for token in sorted(tokens(text), key=lambda token: -token.start):
        if token.text in corrections and not token.whole:
            text = text[: token.start] + corrections[token.text] + text[token.end :]
    return text
