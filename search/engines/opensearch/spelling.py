"""Words of the index that are near to a word: for `word~` and “did you mean”."""

from search import spelling
from search.engines.opensearch.reader import Reader
from search.meaning import word_slot
from search.sounds import sound, spellings
from search.spelling import FURTHEST_HEARD, distances, is_likely

MOST = 100
LONGEST_PATTERN = 1000  # characters, as OpenSearch allows


def near(reader: Reader, word: str, limit: int) -> list[tuple[int, str]]:
    """(distance, word) of the words within `limit`, the nearest and commonest first."""
    likely = dict(reader.spellings([word], MOST)[word])
    pattern = _beginning_otherwise(word) if limit > 1 and word.isalnum() else ""
    if 0 < len(pattern) <= LONGEST_PATTERN:
        likely |= dict(reader.matching(pattern, MOST))
    return _nearest(word, list(likely.items()), limit)


def _beginning_otherwise(word: str) -> str:
    """A regular expression for words that begin with another letter and differ in one more place, and some others: of
    two steps OpenSearch's suggestions take none at the beginning."""
    rest = word[1:]
    steps = [f"{rest[:n]}.{{0,2}}{rest[n + 1 :]}" for n in range(len(rest))]
    swaps = [f"{rest[:n]}{rest[n + 1]}{rest[n]}{rest[n + 2 :]}" for n in range(len(rest) - 1)]
    return f".{{0,2}}({'|'.join(dict.fromkeys(steps + swaps))})"


def _nearest(word: str, likely: list[tuple[str, int]], limit: int) -> list[tuple[int, str]]:
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


def corrections(reader: Reader, words: list[str]) -> dict[str, str]:
    """What unknown words were probably meant to be, where that is sure enough."""
    reader.spellings(words, MOST)  # all in one request
    found = {word: correction(reader, word) for word in words}
    return {word: better for word, better in found.items() if better and is_likely(word, better)}


def correction(reader: Reader, word: str) -> str | None:
    """What an unknown word was probably meant to be; None if unsure."""
    return spelling.correction(
        word,
        near=lambda word, limit: near(reader, word, limit),
        heard=lambda word: _heard(reader, word),
        counts=lambda words: reader.count([{"term": {"any": word}} for word in words]),
    )


def _heard(reader: Reader, word: str) -> str | None:
    """A word that is further off, but sounds the same."""
    pattern = spellings(sound(word))
    likely = reader.matching(pattern, MOST) if len(pattern) <= LONGEST_PATTERN else []
    alike = [(other, count) for other, count in likely if sound(other) == sound(word)]
    return next((other for _steps, other in _nearest(word, alike, FURTHEST_HEARD)), None)
