"""What a query means, whatever engine answers it: where words are looked for, and what may stand for a word.

An engine turns this into its own arrays or queries; how much each match counts is in `ranking`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from search.query import Field, Node, Not, Range, Term
from search.ranking import STEMMED
from search.stems import COMMON, languages, stem
from search.text import words

CLOSE_ZONES = ("title", "names", "plain", "summary")  # short texts, where it counts that words stand side by side
ZONES = (*CLOSE_ZONES, "identifiers", "dates", "tags", "body", "parent", "context", "related", "evidence")
LINKED_ZONES = ("context", "related", "evidence")  # words of what a record is linked to, not its own
NAME_ZONES = ("title", "names", "plain", "parent", "context")  # the zones with names in several languages
TITLE_ZONES = ("title", "names")  # where `title:` looks
STEM = "~"  # starts a stem; no word has it
GAP = 50  # positions between two texts of a zone, so that no phrase spans them
MOST_PREFIXED = 1000  # words that `word*` may stand for
MOST_FUZZY = 50  # words that `word~` may stand for

Zones = tuple[str, ...]
Restriction = Not | Field | Range  # what only narrows, and has no score


class Form(NamedTuple):
    """A term that may stand for a word of the query, how much it counts, and whether it is a form of that word."""

    term: str
    weight: float = 1.0
    own: bool = True


Slot = tuple[Form, ...]  # what may stand at one place of a phrase


def stemmed(word: str, language: str) -> str:
    """The term for a word's stem in a language."""
    return f"{STEM}{language}:{stem(word, language)}"


@lru_cache(maxsize=4096)
def word_slot(word: str) -> Slot:
    """A word of the query: as it stands, and by its stem in the languages that its script allows."""
    return (Form(word), *(Form(stemmed(word, code), STEMMED) for code in languages(word)))


def is_common(node: Node, beside: Sequence[Node]) -> bool:
    """Is this a word that everybody uses? Then it helps, but need not be there. Not when it is written as a name is
    (`WHO` beside small letters), and not in a query of such words alone, which the caller sees to."""
    if not isinstance(node, Term):
        return False
    parts = words(node.text)
    shouting = all(other.text.isupper() for other in beside if isinstance(other, Term))
    named = node.text.isupper() and len(node.text) > 1 and not shouting
    return bool(parts) and all(part in COMMON for part in parts) and not named
