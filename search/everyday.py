"""Words that may stand for a word of a question: everyday words for each other (`words/everyday.yaml`: “salary” where a
record says “wages”), and English ones for those of another language (`lexicon`)."""

from collections import defaultdict
from functools import cache, lru_cache
from typing import NamedTuple

from search.lexicon import FOLDER, INTO, meaning, read
from search.ranking import EVERYDAY, TRANSLATED
from search.stems import languages, stem
from search.text import words

WORDS = FOLDER / "everyday.yaml"


class Other(NamedTuple):
    """A stem of a language that may stand for a word, and how much it counts, the word itself counting for 1."""

    language: str
    stem: str
    weight: float


@cache
def groups() -> dict[tuple[str, str], frozenset[str]]:
    """For a language and a stem, the stems that may stand for it."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language, lines in read(WORDS).items():
        for line in lines:
            stems = {stem(word, language) for word in words(line)}
            for one in stems:
                found[language, one] |= stems - {one}
    return {place: frozenset(stems) for place, stems in found.items()}


@lru_cache(maxsize=4096)
def standing_for(word: str, language: str) -> tuple[Other, ...]:
    """What may stand for a folded word of a question in a language: each stem once, with the most that it counts."""
    meant = meaning(word, language)
    found = {(INTO, one): TRANSLATED for one in meant}
    near = [(code, stem(word, code)) for code in languages(word)] + [(INTO, one) for one in meant]
    for place in near:
        for other in sorted(groups().get(place, ())):
            found.setdefault((place[0], other), EVERYDAY)
    return tuple(Other(code, one, weight) for (code, one), weight in found.items())


def widened(language: str, sentence: bool) -> str:
    """The language of words that others may stand for: any in a sentence; else those that are not English, which may
    be said in English only. Empty for none."""
    return language if sentence or language != INTO else ""
