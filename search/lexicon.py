"""What a word of another language means in English, the language of the records (`words/fr.yaml` and the others)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from governance.knowledge.files import TextLoader
from search.stems import COMMON_IN, languages, stem
from search.text import words

FOLDER = Path(__file__).with_name("words")
FROM = ("fr", "es", "ar", "ru")
INTO = "en"


class Lexicon(NamedTuple):
    """The English stems that a word of a language may mean: of a word as it is written, and of a stem."""

    words: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; an empty one where there is none."""
    exact: defaultdict[str, dict[str, None]] = defaultdict(dict)
    stemmed: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for english, foreign in _entries(language).items():
        for word in words(foreign):
            exact[word][stem(english, INTO)] = None
            stemmed[stem(word, language)][stem(english, INTO)] = None
    return Lexicon(*({one: tuple(others) for one, others in found.items()} for found in (exact, stemmed)))


def read(file: Path) -> dict[str, Any]:
    """What a file of words has; nothing may stand in it twice."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=TextLoader)


def _entries(language: str) -> dict[str, str]:
    if language not in FROM:
        return {}
    return read(FOLDER / f"{language}.yaml")


@cache
def _headwords() -> frozenset[str]:
    return frozenset(stem(english, INTO) for language in FROM for english in _entries(language))


@lru_cache(maxsize=4096)
def meaning(word: str, language: str) -> tuple[str, ...]:
    """The English stems that a folded word of a language may mean: as it is written, or else by its stem, which other
    words may have as well (“pays”, a country, and “paye”)."""
    known = lexicon(language)
    return known.words.get(word) or known.stems.get(stem(word, language), ())


def language_of(asked: Sequence[str]) -> str:
    """The language that folded words are in: that of their script, and where several share it the one which has most of
    them as common words, then as words of its lexicon; English where nothing tells."""
    scripts = Counter(languages(word) for word in asked if languages(word))
    if not scripts:
        return INTO
    likely = scripts.most_common(1)[0][0]
    best = max(likely, key=lambda language: _belonging(asked, language))
    return best if len(likely) == 1 or 2 * _belonging(asked, best) >= len(asked) else INTO


def _belonging(asked: Sequence[str], language: str) -> float:
    """How many of the words are the language's: one that holds sentences together counts for two of the others."""
    known = _headwords() if language == INTO else lexicon(language).stems
    return sum(2 if word in COMMON_IN[language] else stem(word, language) in known for word in asked)
