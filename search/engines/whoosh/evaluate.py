"""A query tree against a snapshot. Strict: all words are wanted; relaxed: any word will do, more and rarer ones first."""

from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh.fields import FieldValues
from search.engines.whoosh.matching import Form, Match, Matcher, Slot, word_slot
from search.engines.whoosh.ranking import ADJACENT, EXPANDED, LINKED_ZONES, OWN_SHARE
from search.engines.whoosh.schema import ZONES
from search.engines.whoosh.spelling import near, with_prefix
from search.query import And, Everything, Field, Fuzzy, Node, Not, Or, Phrase, Prefix, QueryLimit, Range, Term, Words
from search.stems import COMMON
from search.text import tokens

TITLE_ZONES = ("title", "names")
CLOSE_ZONES = ("title", "names", "plain", "summary")
MOST_PREFIXED = 200
MOST_FUZZY = 50


@dataclass
class Evaluator:
    """`terms`: what a snippet marks, filled while matching; `notices`: what the reader should know."""

    matcher: Matcher
    corrections: dict[str, str] = field(default_factory=dict)
    relaxed: bool = False
    terms: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)

    def run(self, node: Node, zones: tuple[str, ...] = ZONES) -> Match:
        """Return who matches `node`; raises QueryLimit."""
        match node:
            case Everything():
                return self.matcher.all()
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self._leaf(node, zones)
            case Field():
                return self._field(node)
            case Range():
                return self._only(FieldValues(self.matcher.snapshot).years(node.low, node.high))
            case Not():
                denied = Evaluator(self.matcher, self.corrections).run(node.node, zones)
                return self._only(self.matcher.snapshot.live & ~denied.mask)
            case Or():
                return self._or([self.run(child, zones) for child in node.nodes])
            case And():
                return self._and([self.run(child, zones) for child in node.nodes])
            case Words():
                return self._words(node, zones)

    def _only(self, mask: np.ndarray) -> Match:
        return Match(mask, np.zeros(mask.size, dtype=np.float32))

    def _or(self, matches: list[Match]) -> Match:
        if not matches:
            return self.matcher.none()
        masks, scores = [m.mask for m in matches], [np.where(m.mask, m.score, 0) for m in matches]
        own = np.logical_or.reduce([m.own if m.own is not None else m.mask for m in matches])
        return Match(np.logical_or.reduce(masks), np.sum(scores, axis=0), max(m.rarity for m in matches), own)

    def _and(self, matches: list[Match]) -> Match:
        masks, scores = [m.mask for m in matches], [m.score for m in matches]
        return Match(np.logical_and.reduce(masks), np.sum(scores, axis=0), sum(m.rarity for m in matches))

    # Words side by side

    def _words(self, node: Words, zones: tuple[str, ...]) -> Match:
        restrictions = [n for n in node.nodes if isinstance(n, Not | Field | Range)]
        wanted = [n for n in node.nodes if not isinstance(n, Not | Field | Range)]
        helpful = [n for n in wanted if is_common(n, wanted)]
        wanted = [n for n in wanted if n not in helpful] or helpful
        limits = [self.run(n, zones).mask for n in restrictions]
        matches = [self.run(n, zones) for n in wanted]
        if not matches:
            return self._only(np.logical_and.reduce([self.matcher.snapshot.live, *limits]))
        found = self._any(matches) if self.relaxed else self._all(matches, wanted, zones)
        mask = np.logical_and.reduce([found.mask, *limits])
        score = found.score + self._closeness(node, mask, zones)
        if wanted is not helpful:
            score += sum((0.2 * self._quietly(n, zones).score for n in helpful), np.zeros_like(score))
        return Match(mask, score, found.rarity)

    def _all(self, matches: list[Match], nodes: list[Node], zones: tuple[str, ...]) -> Match:
        """All of the words, a good share of them its own or all of them in one name of something it is linked to: words
        that happen to be scattered over what a large record is linked to are no match."""
        found = self._and(matches)
        if len(matches) == 1 or not found.mask.any():
            return found
        whole = sum(m.rarity for m in matches) or 1.0
        had = np.sum([(m.mask if m.own is None else m.own) * m.rarity for m in matches], axis=0)
        own = found.mask & (had >= OWN_SHARE * whole)
        if all(isinstance(node, Term) for node in nodes):
            slots = [slot for node in nodes for slot in self._slots(node.text)]
            own |= self.matcher.phrase(slots, [z for z in LINKED_ZONES if z in zones], within=found.mask & ~own).mask
        return Match(own, found.score, found.rarity)

    def _any(self, matches: list[Match]) -> Match:
        """Any of the words; the score falls with what is missing, weighed by how rare it is."""
        either = self._or(matches)
        whole = sum(m.rarity for m in matches) or 1.0
        had = np.sum([m.mask * m.rarity for m in matches], axis=0)
        return Match(either.mask, (either.score * (had / whole)).astype(np.float32), either.rarity)

    def _quietly(self, node: Node, zones: tuple[str, ...]) -> Match:
        return Evaluator(self.matcher, self.corrections).run(node, zones)

    def _closeness(self, node: Words, mask: np.ndarray, zones: tuple[str, ...]) -> np.ndarray:
        """A bonus where two words of the query stand side by side."""
        bonus = np.zeros(mask.size, dtype=np.float32)
        for first, second in zip(node.nodes, node.nodes[1:], strict=False):
            if not (isinstance(first, Term) and isinstance(second, Term) and mask.any()):
                continue
            slots = [*self._slots(first.text), *self._slots(second.text)]
            if 2 <= len(slots) <= 4:
                near_zones = [zone for zone in CLOSE_ZONES if zone in zones]
                bonus += ADJACENT * self.matcher.phrase(slots, near_zones, within=mask).score
        return bonus

    # Leaves

    def _leaf(self, node: Term | Phrase | Prefix | Fuzzy, zones: tuple[str, ...]) -> Match:
        if isinstance(node, Phrase):
            return self._slotted([(Form(t.text),) for t in tokens(node.text) if not t.whole], zones)
        if isinstance(node, Prefix):
            return self._slotted(self._prefixed(node.text), zones)
        if isinstance(node, Fuzzy):
            return self._slotted([self._fuzzy(node)], zones)
        match = self._slotted(self._slots(node.text), zones)
        wholes = tuple(Form(token.text) for token in tokens(node.text) if token.whole)
        if not wholes:
            return match
        whole = self._slotted([wholes], zones)
        own = match.own | whole.own
        return Match(
            match.mask | whole.mask, np.maximum(match.score, whole.score), max(match.rarity, whole.rarity), own
        )

    def _slots(self, text: str) -> list[Slot]:
        found: list[Slot] = []
        for token in tokens(text):
            if not token.whole:
                words = self.corrections.get(token.text, token.text).split()
                found += [word_slot(word) for word in words]
        return found

    def _slotted(self, slots: list[Slot], zones: tuple[str, ...]) -> Match:
        if not slots:
            return self.matcher.none()
        self.terms.update(form.term for slot in slots for form in slot)
        return self.matcher.phrase(slots, zones)

    def _prefixed(self, text: str) -> list[Slot]:
        parts = [token.text for token in tokens(text) if not token.whole]
        words = with_prefix(self.matcher.snapshot, parts[-1], MOST_PREFIXED + 1)
        if len(words) > MOST_PREFIXED:
            raise QueryLimit(_("More than %(n)d words begin with “%(start)s”; write more of it.") % {
                "n": MOST_PREFIXED, "start": parts[-1],
            })  # fmt: skip
        return [*map(word_slot, parts[:-1]), tuple(Form(word, EXPANDED) for word in words)]

    def _fuzzy(self, node: Fuzzy) -> Slot:
        word = next(token.text for token in tokens(node.text) if not token.whole)
        found = near(self.matcher.snapshot, word, node.distance)[:MOST_FUZZY]
        return (
            *word_slot(word),
            *(Form(other, EXPANDED / (1 + distance)) for distance, other in found if other != word),
        )

    def _field(self, node: Field) -> Match:
        if node.name == "title":
            return self.run(node.value, TITLE_ZONES)
        mask, notice = FieldValues(self.matcher.snapshot).find(node.name, node.value)
        if notice:
            self.notices.append(notice)
        return self._only(mask)


def is_common(node: Node, beside: list[Node]) -> bool:
    """Is this a word that everybody uses? Then it helps, but need not be there. Not when it is written as a name is
    (`WHO` beside small letters), and not in a query of such words alone, which the caller sees to."""
    if not isinstance(node, Term):
        return False
    parts = [token.text for token in tokens(node.text) if not token.whole]
    shouting = all(n.text.isupper() for n in beside if isinstance(n, Term))
    named = node.text.isupper() and len(node.text) > 1 and not shouting
    return bool(parts) and all(part in COMMON for part in parts) and not named
