"""Stems by language, with Snowball (https://snowballstem.org/), and the words that are too common to be asked for."""

import re
from functools import lru_cache
from threading import Lock

import snowballstemmer

_NAMES = {"en": "english", "fr": "french", "es": "spanish", "ar": "arabic", "ru": "russian"}
_STEMMERS = {language: snowballstemmer.stemmer(name) for language, name in _NAMES.items()}
_ONE_AT_A_TIME = Lock()  # a stemmer keeps the word it works on in itself
_BY_SCRIPT = (
    (re.compile("[\u0600-\u06ff]"), ("ar",)),
    (re.compile("[\u0400-\u04ff]"), ("ru",)),
    (re.compile("[a-z]"), ("en", "fr", "es")),
)

# Words that the English stemmer would give one stem though they mean different things, each with its own.
_APART = {
    "international": "international", "internationally": "international", "internal": "internal",
    "internally": "internal", "intern": "intern", "government": "government", "governments": "government",
    "governmental": "government", "universal": "universal", "universally": "universal", "university": "university",
    "universities": "university", "organ": "organ", "organs": "organ", "general": "general", "generally": "general",
    "generation": "generation", "generations": "generation", "policy": "policy", "policies": "policy",
    "police": "police", "community": "community", "communities": "community", "united": "united", "unit": "unit",
    "units": "unit", "party": "party", "parties": "party", "state": "state", "states": "state",
    "statement": "statement", "statements": "statement", "statistics": "statistic", "statistical": "statistic",
    "status": "status", "news": "news", "objective": "objective", "objectives": "objective", "object": "object",
    "mobility": "mobility", "mobile": "mobile", "relation": "relation", "relations": "relation",
    "relative": "relative", "relatives": "relative", "convention": "convention", "conventions": "convention",
}  # fmt: skip
_SPELLINGS = (
    (re.compile("iz(e|ed|es|ing|er|ers|ation|ations|ational)$"), r"is\1"),
    (re.compile("^labor"), "labour"),
    (re.compile("^program$|^programs$"), "programme"),
    (re.compile("^center"), "centre"),
    (re.compile("^defense"), "defence"),
    (re.compile("^neighbor"), "neighbour"),
)

_COMMON_ENGLISH = """
    a an and are as at be been being but by can could did do does for from had has have he her him his how i if in into
    is it its just may me might my of on or our shall she should so some such than that the their them then there these
    they this those to too was we were what when where whether which while who whom whose why will with would you your
"""
_COMMON_FRENCH_AND_SPANISH = """
    au aux ce ces d dans de des du en et l la le les leur ou par pour qu que qui se ses son sur un une
    al con del el los las lo o para por su sus una y
"""  # never the words that turn a meaning round: ne, pas, no, sin
COMMON = frozenset(_COMMON_ENGLISH.split()) | frozenset(_COMMON_FRENCH_AND_SPANISH.split())


@lru_cache(maxsize=65536)
def languages(word: str) -> tuple[str, ...]:
    """The languages whose stems a query word may have, told by its script."""
    return next((found for pattern, found in _BY_SCRIPT if pattern.search(word)), ())


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; the word itself where the language has none, or it is no plain word."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None or len(word) < 3 or not word.isalpha():
        return word
    if language == "en":
        for pattern, british in _SPELLINGS:
            word = pattern.sub(british, word)
        if word in _APART:
            return _APART[word]
    with _ONE_AT_A_TIME:
        return stemmer.stemWord(word)
