"""Names in a query: the words of it that may be one, and how like it the names of records are."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.everyday import standing_for
from search.filing import called
from search.lexicon import meaning
from search.meaning import Restriction
from search.query import And, Node, Phrase, Term, Words
from search.ranking import EVERYDAY_LIKE
from search.stems import COMMON, languages, stem
from search.text import words

LONGEST_NAME = 12  # words
MOST_WORDS = 40  # of a query in which names are looked for


def asked(tree: Node) -> str:
    """The words of a query that may be a name; empty for one with operators."""
    if not isinstance(tree, Words):
        return ""
    parts = []
    for node in tree.nodes:
        if isinstance(node, Term | Phrase):
            parts.append(node.text)
        elif isinstance(node, Words):  # a bracket, as in Regulation (EU) No 604/2013
            parts.append(f"({asked(node)})")
        elif not isinstance(node, Restriction):
            return ""
    return " ".join(parts)


def restrictions(tree: Node) -> Node | None:
    """What of the query limits even an exact match."""
    nodes = tuple(n for n in tree.nodes if isinstance(n, Restriction)) if isinstance(tree, Words) else ()
    return And(nodes) if nodes else None


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text that may be a name: from which to which, and the form it would be filed under; of those that
    begin with the same word the longest first."""
    parts = words(text)
    for first in range(len(parts)):
        for last in range(min(len(parts), first + LONGEST_NAME), first, -1):
            yield first, last, called(" ".join(parts[first:last]))


def names_in(text: str) -> Iterator[tuple[str, float]]:
    """What in a query of several words may be a name: the form it is filed under, and its share of the words."""
    count = len(words(text))
    if 1 < count <= MOST_WORDS:
        yield from ((form, (last - first) / count) for first, last, form in spans(text))


def names_throughout(text: str, told: Collection[str], is_name: Callable[[str], bool]) -> list[str]:
    """The forms of the names that a text is made of, where all the words that it tells something by are in whole names:
    “difference between IOM and UNHCR”; none where one is not. `is_name`: is anything filed under a form?"""
    parts, found, after = words(text), [], 0
    for first, last, form in spans(text):
        if after < first and any(part in told for part in parts[after:first]):
            return []
        if after <= first and parts[first] in told and is_name(form):
            found.append(form)
            after = last
    return [] if any(part in told for part in parts[after:]) else found


@dataclass(frozen=True)
class Asked:
    """The words of a query by which names are compared with it: the forms of each, and how much each counts."""

    forms: list[set[str]]
    weights: list[float]

    @classmethod
    def alike(cls, text: str) -> "Asked":
        """All but the common words of a text, each for one."""
        forms = [_forms(word) for word in words(text) if word not in COMMON]
        return cls(forms, [1.0] * len(forms))

    @classmethod
    def of_sentence(cls, told: list[str], rarities: list[float], language: str) -> "Asked":
        """Words for as much as they are rare, on average for one; an everyday word that stands for one, for a share."""
        forms = [_forms(word) | set(meaning(word, language)) for word in told]
        wider = [
            found | {other.stem for other in standing_for(word, language)}
            for found, word in zip(forms, told, strict=True)
        ]
        mean = sum(rarities) / len(told) if told else 1.0
        weights = [rarity / mean for rarity in rarities]
        own, others = ([weight * share for weight in weights] for share in (1 - EVERYDAY_LIKE, EVERYDAY_LIKE))
        return cls(forms + wider, own + others)

    def likeness(self, names: Iterable[tuple[str, str]]) -> float:
        """How like it the best of some names (text, language) is, from 0 to 1: the share of common words (Dice)."""
        total, best = sum(self.weights), 0.0
        for name in (name_stems(*name) for name in names):
            if name:
                shared = (w for forms, w in zip(self.forms, self.weights, strict=True) if not name.isdisjoint(forms))
                best = max(best, 2 * sum(shared) / (len(name) + total))
        return best


def _forms(word: str) -> set[str]:
    return {word, *(stem(word, language) for language in languages(word))}


@lru_cache(maxsize=20_000)
def name_stems(name: str, language: str) -> frozenset[str]:
    """The stems by which a name is compared."""
    return frozenset(stem(word, language[:2]) for word in words(name) if word not in COMMON)
