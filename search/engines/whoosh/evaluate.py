"""A query tree against a snapshot.

Strict: all words are wanted. Relaxed: any word will do; more and rarer ones come first.
"""

from collections.abc import Sequence

import numpy as np

from search.engines.whoosh.fields import FieldValues
from search.engines.whoosh.leaves import Leaves
from search.engines.whoosh.matching import Match, Matcher
from search.engines.whoosh.schema import ZONES
from search.query import And, Everything, Field, Fuzzy, Node, Not, Or, Phrase, Prefix, Range, Term, Words
from search.ranking import ADJACENT, HELPFUL, LINKED_ZONES, OWN_SHARE
from search.stems import COMMON
from search.text import words

TITLE_ZONES = ("title", "names")
CLOSE_ZONES = ("title", "names", "plain", "summary")
Restriction = Not | Field | Range

Zones = tuple[str, ...]


class Evaluator:
    """`terms`: what a snippet marks, filled while matching; `notices`: what the reader should know."""

    def __init__(self, matcher: Matcher, corrections: dict[str, str] | None = None, relaxed: bool = False) -> None:
        self.matcher, self.relaxed = matcher, relaxed
        self.leaves = Leaves(matcher, corrections or {})
        self.terms = self.leaves.terms
        self.notices: list[str] = []

    def run(self, node: Node, zones: Zones = ZONES) -> Match:
        """Return who matches `node`; raises QueryLimit."""
        match node:
            case Everything():
                return Match.of(self.matcher.snapshot.live)
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self.leaves.match(node, zones)
            case Field():
                return self._field(node)
            case Range():
                return Match.of(FieldValues(self.matcher.snapshot).years(node.low, node.high))
            case Not():
                return Match.of(self.matcher.snapshot.live & ~self._aside(node.node, zones).mask)
            case Or():
                return self._or([self.run(child, zones) for child in node.nodes])
            case And():
                return self._and([self.run(child, zones) for child in node.nodes])
            case Words():
                return self._words(node, zones)

    def _aside(self, node: Node, zones: Zones) -> Match:
        """Match strictly, and without marking its words in snippets."""
        return Evaluator(self.matcher, self.leaves.corrections).run(node, zones)

    def _field(self, node: Field) -> Match:
        if node.name == "title":
            return self.run(node.value, TITLE_ZONES)
        mask, notice = FieldValues(self.matcher.snapshot).find(node.name, node.value)
        if notice:
            self.notices.append(notice)
        return Match.of(mask)

    def _or(self, matches: list[Match]) -> Match:
        if not matches:
            return self.matcher.nothing()
        mask = np.logical_or.reduce([m.mask for m in matches])
        score = np.sum([np.where(m.mask, m.score, 0) for m in matches], axis=0)
        return Match(mask, score, np.logical_or.reduce([m.own for m in matches]), max(m.rarity for m in matches))

    def _and(self, matches: list[Match]) -> Match:
        mask = np.logical_and.reduce([m.mask for m in matches])
        return Match(mask, np.sum([m.score for m in matches], axis=0), mask, sum(m.rarity for m in matches))

    # Words side by side

    def _words(self, node: Words, zones: Zones) -> Match:
        limits = [self.run(n, zones).mask for n in node.nodes if isinstance(n, Restriction)]
        asked = [n for n in node.nodes if not isinstance(n, Restriction)]
        wanted = [n for n in asked if not is_common(n, asked)] or asked
        matches = [self.run(n, zones) for n in wanted]
        if not matches:
            return Match.of(np.logical_and.reduce([self.matcher.snapshot.live, *limits]))
        found = self._any(matches) if self.relaxed else self._all(matches, wanted, zones)
        mask = np.logical_and.reduce([found.mask, *limits])
        score = found.score + self._closeness(node, mask, zones)
        for helpful in asked:
            if helpful not in wanted:
                score = score + HELPFUL * self._aside(helpful, zones).score
        return Match(mask, score, mask, found.rarity)

    def _all(self, matches: list[Match], nodes: Sequence[Node], zones: Zones) -> Match:
        """All of the words, and a good share of them its own, or all of them in one name of something it is linked to:
        words that happen to be scattered over what a large record is linked to are no match."""
        found = self._and(matches)
        if len(matches) == 1 or not found.mask.any():
            return found
        enough = OWN_SHARE * sum(m.rarity for m in matches)
        mask = found.mask & (np.sum([m.own * m.rarity for m in matches], axis=0) >= enough)
        texts = [node.text for node in nodes if isinstance(node, Term)]
        if len(texts) == len(nodes):
            slots = [slot for text in texts for slot in self.leaves.slots(text)]
            linked = tuple(zone for zone in LINKED_ZONES if zone in zones)
            mask |= self.matcher.phrase(slots, linked, within=found.mask & ~mask).mask
        return Match(mask, found.score, mask, found.rarity)

    def _any(self, matches: list[Match]) -> Match:
        """Any of the words; the score falls with what is missing, weighed by how rare it is."""
        either = self._or(matches)
        whole = sum(m.rarity for m in matches) or 1.0
        had = np.sum([m.mask * m.rarity for m in matches], axis=0)
        return Match(either.mask, (either.score * (had / whole)).astype(np.float32), either.own, either.rarity)

    def _closeness(self, node: Words, mask: np.ndarray, zones: Zones) -> np.ndarray:
        """A bonus where two words of the query stand side by side."""
        bonus = np.zeros(mask.size, dtype=np.float32)
        close = tuple(zone for zone in CLOSE_ZONES if zone in zones)
        for first, second in zip(node.nodes, node.nodes[1:], strict=False):
            if isinstance(first, Term) and isinstance(second, Term) and mask.any():
                slots = [*self.leaves.slots(first.text), *self.leaves.slots(second.text)]
                if 2 <= len(slots) <= 4:
                    bonus += ADJACENT * self.matcher.phrase(slots, close, within=mask).score
        return bonus


def is_common(node: Node, beside: Sequence[Node]) -> bool:
    """Is this a word that everybody uses? Then it helps, but need not be there. Not when it is written as a name is
    (`WHO` beside small letters), and not in a query of such words alone, which the caller sees to."""
    if not isinstance(node, Term):
        return False
    parts = words(node.text)
    shouting = all(other.text.isupper() for other in beside if isinstance(other, Term))
    named = node.text.isupper() and len(node.text) > 1 and not shouting
    return bool(parts) and all(part in COMMON for part in parts) and not named
