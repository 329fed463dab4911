"""Words of the index that are near to a word: for `word~` and “did you mean”."""

from search.engines.opensearch.meaning import distances, word_slot
from search.engines.opensearch.reader import Reader

SHORTEST = 4  # shorter words have too many neighbours
MOST = 100


def near(reader: Reader, word: str, limit: int) -> list[tuple[int, str]]:
    """(distance, word) of the words within `limit`, the nearest and commonest first."""
    likely = reader.spellings(word, MOST)
    steps_to = distances(word, [other for other, _count in likely], limit).tolist() if likely else []
    found = [
        (steps, other[:1] != word[:1], -count, other)
        for steps, (other, count) in zip(steps_to, likely, strict=True)
        if steps <= limit
    ]
    return [(steps, other) for steps, _first, _count, other in sorted(found)]


def unknown(reader: Reader, words: list[str]) -> list[str]:
    """Those of the words that no document has in any form."""
    counts = reader.count([{"terms": {"any": [form.term for form in word_slot(word)]}} for word in words])
    return [word for word, count in zip(words, counts, strict=True) if not count]


def is_name(reader: Reader, words: str) -> bool:
    """Do the words stand in names?"""
    zones = ("title", "names")
    asked = [{"bool": {"should": [{"term": {f"zones.{zone}": word}} for zone in zones]}} for word in words.split()]
    return all(reader.count(asked))


def correction(reader: Reader, word: str) -> str | None:
    """What an unknown word was probably meant to be: a near word, or two words written as one; None if unsure."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    limit = 1 if len(word) < 8 else 2
    found = [other for _steps, other in near(reader, word, limit) if other.isalpha() and len(other) >= SHORTEST - 1]
    return found[0] if found else _apart(reader, word)


def _apart(reader: Reader, word: str) -> str | None:
    cuts = [(word[:n], word[n:]) for n in range(3, len(word) - 2)]
    parts = list(dict.fromkeys(part for cut in cuts for part in cut))
    counts = dict(zip(parts, reader.count([{"term": {"any": part}} for part in parts]), strict=True))
    pairs = [
        (min(counts[one], counts[other]), f"{one} {other}") for one, other in cuts if counts[one] and counts[other]
    ]
    return max(pairs)[1] if pairs else None
