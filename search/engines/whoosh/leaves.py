"""The leaves of a query tree: words, phrases, prefixes and near spellings, as slots for the matcher."""

from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh.matching import Form, Match, Matcher, Slot, word_slot
from search.engines.whoosh.spelling import near, with_prefix
from search.query import Fuzzy, Phrase, Prefix, QueryLimit, Term
from search.ranking import EXPANDED
from search.text import tokens, words

MOST_PREFIXED = 200
MOST_FUZZY = 50

Leaf = Term | Phrase | Prefix | Fuzzy


@dataclass
class Leaves:
    """Matches leaves; `corrections` stand in for misspelled words, `terms` collects what a snippet is to mark."""

    matcher: Matcher
    corrections: dict[str, str] = field(default_factory=dict)
    terms: set[str] = field(default_factory=set)

    def match(self, leaf: Leaf, zones: tuple[str, ...]) -> Match:
        """Return who matches in the zones; raises QueryLimit for a prefix of too many words."""
        match leaf:
            case Phrase():
                return self._slotted([(Form(word),) for word in words(leaf.text)], zones)
            case Prefix():
                return self._slotted(self._prefixed(leaf.text), zones)
            case Fuzzy():
                return self._slotted([self._fuzzy(leaf)], zones)
            case Term():
                return self._term(leaf.text, zones)

    def slots(self, text: str) -> list[Slot]:
        """The words of a text as slots, misspelled ones put right."""
        return [word_slot(word) for part in words(text) for word in self.corrections.get(part, part).split()]

    def _slotted(self, slots: list[Slot], zones: tuple[str, ...]) -> Match:
        if not slots:
            return self.matcher.nothing()
        self.terms.update(form.term for slot in slots for form in slot)
        return self.matcher.phrase(slots, zones)

    def _term(self, text: str, zones: tuple[str, ...]) -> Match:
        """A word; one with hyphens or slashes matches in its parts, side by side, or as a whole."""
        parts = self._slotted(self.slots(text), zones)
        wholes = tuple(Form(token.text) for token in tokens(text) if token.whole)
        if not wholes:
            return parts
        whole = self._slotted([wholes], zones)
        score = np.maximum(parts.score, whole.score)
        return Match(parts.mask | whole.mask, score, parts.own | whole.own, max(parts.rarity, whole.rarity))

    def _prefixed(self, text: str) -> list[Slot]:
        *before, start = words(text)
        found = with_prefix(self.matcher.snapshot, start, MOST_PREFIXED + 1)
        if len(found) > MOST_PREFIXED:
            message = _("More than %(n)d words begin with “%(start)s”; write more of it.")
            raise QueryLimit(message % {"n": MOST_PREFIXED, "start": start})
        return [*map(word_slot, before), tuple(Form(word, EXPANDED) for word in found)]

    def _fuzzy(self, leaf: Fuzzy) -> Slot:
        word = words(leaf.text)[0]
        found = near(self.matcher.snapshot, word, leaf.distance)[:MOST_FUZZY]
        others = (Form(other, EXPANDED / (1 + distance)) for distance, other in found if other != word)
        return (*word_slot(word), *others)
