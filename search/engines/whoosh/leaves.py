"""The leaves of a query tree: words, phrases, prefixes and near spellings, as slots for the matcher."""

from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh.arrays import distinct
from search.engines.whoosh.matching import NOBODY, Match, Matcher
from search.engines.whoosh.postings import locate
from search.engines.whoosh.spelling import near, with_prefix
from search.everyday import standing_for
from search.meaning import MOST_FUZZY, MOST_PREFIXED, STEM, Form, Slot, Zones, word_slot
from search.query import Fuzzy, Phrase, Prefix, QueryLimit, Term
from search.ranking import EXPANDED
from search.text import tokens, words

Leaf = Term | Phrase | Prefix | Fuzzy


@dataclass
class Leaves:
    """Matches leaves; `corrections` stand in for misspelled words, `terms` collects what a snippet is to mark. With
    the `language` of a question, words that may stand for one of its words help too."""

    matcher: Matcher
    corrections: dict[str, str] = field(default_factory=dict)
    terms: set[str] = field(default_factory=set)
    language: str = ""

    def match(self, leaf: Leaf, zones: Zones) -> Match:
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
        return [self._slot(word) for part in words(text) for word in self.corrections.get(part, part).split()]

    def _slot(self, word: str) -> Slot:
        others = standing_for(word, self.language) if self.language else ()
        return (*word_slot(word), *(Form(f"{STEM}{code}:{other}", weight, False) for code, other, weight in others))

    def _slotted(self, slots: list[Slot], zones: Zones) -> Match:
        if not slots:
            return NOBODY
        self.terms.update(form.term for slot in slots for form in slot)
        return self.matcher.phrase(slots, zones)

    def _term(self, text: str, zones: Zones) -> Match:
        """A word; one with hyphens or slashes matches in its parts, side by side, or as a whole."""
        parts = self._slotted(self.slots(text), zones)
        wholes = tuple(Form(token.text) for token in tokens(text) if token.whole)
        return self._better(parts, self._slotted([wholes], zones)) if wholes else parts

    def _better(self, one: Match, other: Match) -> Match:
        """Who matches either, with the better of the two scores."""
        ids = distinct(np.concatenate([one.ids, other.ids]))
        score, own = np.zeros(len(ids), dtype=np.float32), np.zeros(len(ids), dtype=bool)
        for match in (one, other):
            there, at = locate(ids, match.ids, self.matcher.snapshot.size)
            score[there] = np.maximum(score[there], match.score[at])
            own[there] |= match.own[at]
        return Match(ids, score, own, max(one.rarity, other.rarity))

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
