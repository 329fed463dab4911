"""Stems by language, with Snowball (https://snowballstem.org/), and the words that are too common to be asked for."""

import re
from functools import lru_cache
from threading import Lock

import snowballstemmer

from search.irregular import IRREGULAR

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
# and, so, by, as or for before an article, which is all that the stemmer takes off
_ARABIC_CLITICS = re.compile("^(?:[وفبك]ال|لل|ول)(?=.{4})")
_SPELLINGS = (
    (re.compile("iz(e|ed|es|ing|er|ers|ation|ations|ational)$"), r"is\1"),
    (re.compile("arily$"), "ary"),  # the stemmer keeps voluntarily and voluntary apart
    (re.compile("^labor"), "labour"),
    (re.compile("^program$|^programs$"), "programme"),
    (re.compile("^center"), "centre"),
    (re.compile("^defense"), "defence"),
    (re.compile("^neighbor"), "neighbour"),
)

_COMMON = {
    "en": """
        a about after again all also am among an and another any anybody anyone anything are as at be because been
        before being but by can cannot could did do does doing done during each else even ever every everybody
        everyone for from get gets getting go goes going gone got had happen happens has have having he her here
        hers herself him himself his how i if in instead into is it its itself just let like made make makes many
        may maybe me might more most much must my myself of on onto or other others ought our ours ourselves please
        quite rather really same shall she should since so some somebody someone something still such than that the
        their theirs them themselves then there these they thing things this those though through to too toward
        towards unless until upon us very was we were what whatever when where whether which while who whoever whom
        whose why will with would yet you your yours yourself
    """,
    "fr": """
        ai al au aux avec ce ces cet cette chez comment d dans de des du elle elles en est et il ils je l la le les
        leur leurs lui ma mes mon nos notre nous on ou par peut peuvent pour pourquoi qu quand que quel quelle
        quelles quels qui quoi se ses sont son sur ta tes ton tu un une va vers vos votre vous y entre
    """,
    "es": """
        adonde algo alguien como con cual cuales cuando cuanto cuantos del donde el ella ellas ellos era es esa ese
        eso esta este esto fue ha hace hacia hay la las lo los me mi muy o para pero por porque puede pueden puedo
        que quien quienes se ser si sobre son su sus te tiene tu unas unos y ya yo a al de en la que le les un una entre
    """,
    "ar": """
        هل من في علي الي عن ما ماذا ان او و كيف لماذا متي اين هذا هذه ذلك التي الذي الذين هو هي هم كان يمكن بين
    """,
    "ru": """
        а бы был быть в во где для до его ее если есть же за и из или их к как какои какие кто ли мне можно мы на
        над о об он она они от по под при с со та так такои там то тот ты у чем что эта эти это я между
    """,
}  # never the words that turn a meaning round: no, not, without; ne, pas, sans; no, sin; لا; не
COMMON_IN = {language: frozenset(found.split()) for language, found in _COMMON.items()}
COMMON = frozenset().union(*COMMON_IN.values())


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
        word = IRREGULAR.get(word, word)
        if word in _APART:
            return _APART[word]
    if language == "ar":
        word = _ARABIC_CLITICS.sub("ال", word)
    with _ONE_AT_A_TIME:
        return stemmer.stemWord(word)
