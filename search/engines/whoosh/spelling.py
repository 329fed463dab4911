"""Words of the collection that are near to a word: for `word~`, `word*` and “did you mean”."""

from bisect import bisect_left

from search.engines.whoosh.matching import word_slot
from search.engines.whoosh.snapshot import Snapshot

SHORTEST = 4  # shorter words have too many neighbours


def distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, changes and swaps of neighbours between two words, or `limit` + 1 when there are more
    (optimal string alignment)."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def with_prefix(snapshot: Snapshot, start: str, limit: int) -> list[str]:
    """Words that begin with `start`, at most `limit`."""
    found: list[str] = []
    for place in range(bisect_left(snapshot.words, start), len(snapshot.words)):
        if not snapshot.words[place].startswith(start) or len(found) >= limit:
            break
        found.append(snapshot.words[place])
    return found


def near(snapshot: Snapshot, word: str, limit: int) -> list[tuple[int, str]]:
    """(distance, word) of the words within `limit`, the nearest and commonest first."""
    letters = set(word)
    found = []
    for other, count in snapshot.vocabulary.items():
        if abs(len(other) - len(word)) > limit or len(letters.symmetric_difference(other)) > 2 * limit:
            continue
        steps = distance(word, other, limit)
        if steps <= limit:
            found.append((steps, other[:1] != word[:1], -count, other))
    return [(steps, other) for steps, _first, _count, other in sorted(found)]


def is_known(snapshot: Snapshot, word: str) -> bool:
    return any(snapshot.posting(zone, form.term).ids.size for form in word_slot(word) for zone in form.zones)


def is_name(snapshot: Snapshot, words: str) -> bool:
    """Do the words stand in names? Then they are worth putting right even where they are not all there is."""
    return all(any(snapshot.posting(zone, word).ids.size for zone in ("title", "names")) for word in words.split())


def correction(snapshot: Snapshot, word: str) -> str | None:
    """What an unknown word was probably meant to be: a near word, or two words written as one; None if unsure."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    limit = 1 if len(word) < 8 else 2
    found = [other for _steps, other in near(snapshot, word, limit) if other.isalpha() and len(other) >= SHORTEST - 1]
    if found:
        return found[0]
    return _apart(snapshot, word)


def _apart(snapshot: Snapshot, word: str) -> str | None:
    counts = snapshot.vocabulary
    cuts = ((word[:n], word[n:]) for n in range(3, len(word) - 2))
    pairs = [
        (min(counts[one], counts[other]), f"{one} {other}") for one, other in cuts if one in counts and other in counts
    ]
    return max(pairs)[1] if pairs else None
