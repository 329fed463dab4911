"""Everyday words that stand for each other in a question: “salary” where a record says “wages” (`everyday.yaml`)."""

from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

import yaml

from search.stems import languages, stem
from search.text import words

WORDS = Path(__file__).with_name("everyday.yaml")


@cache
def groups() -> dict[tuple[str, str], frozenset[str]]:
    """For a language and a stem, the stems that may stand for it."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language, lines in yaml.safe_load(WORDS.read_text(encoding="utf-8")).items():
        for line in lines:
            stems = {stem(word, language) for word in words(line)}
            for one in stems:
                found[language, one] |= stems - {one}
    return {place: frozenset(stems) for place, stems in found.items()}


@lru_cache(maxsize=4096)
def standing_for(word: str) -> tuple[tuple[str, str], ...]:
    """(language, stem) of the words that may stand for a folded word."""
    known = groups()
    stems = ((language, stem(word, language)) for language in languages(word))
    return tuple((language, other) for language, one in stems for other in sorted(known.get((language, one), ())))
