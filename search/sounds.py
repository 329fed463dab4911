"""How a word sounds, roughly, to know a misspelling that is written as it is heard: migrashun, fisical, sittizen.

Of the vowels only that there are some counts; letters that sound alike are one. For words in Latin letters.
"""

import re
from functools import lru_cache

_ALIKE = (
    (re.compile("[sct]i(?=o)|sh|ch(?=[aeiou])|ssi(?=o)"), "x"),
    (re.compile("ph"), "f"),
    (re.compile("gh(?=t)|h"), ""),
    (re.compile("c(?=[eiy])|z"), "s"),
    (re.compile("ck|c|q"), "k"),
    (re.compile("g(?=[eiy])"), "j"),
    (re.compile("w"), "v"),
    (re.compile("[aeiouy]+"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


# What each letter of a sound may be written as; an h is silent, and so is gh before a t.
_WRITTEN = {
    "x": "[sct]i|sh|ch|ssi|x",
    "f": "ph|f",
    "s": "[czs]",
    "k": "[ckq]",
    "j": "[gj]",
    "v": "[vw]",
    "a": "[aeiouy]",
}


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The sound of a folded word; words that sound alike have the same."""
    for letters, one in _ALIKE:
        word = letters.sub(one, word)
    return word


def spellings(heard: str) -> str:
    """A regular expression that all words with a sound match, and some others."""
    return "(gh|h)*" + "".join(f"(({_WRITTEN.get(letter, letter)})(gh|h)*)+" for letter in heard)
