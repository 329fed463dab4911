"""A query tree against a snapshot.

Strict: all words are wanted. Relaxed: any word will do; more and rarer ones come first. At least the share `least` of
them, weighed by how rare they are, must be there.
"""

from collections.abc import Sequence

import numpy as np
from whoosh.query import Query

from search.engines.whoosh import stock
from search.engines.whoosh.fields import FieldValues
from search.engines.whoosh.leaves import Leaves
from search.engines.whoosh.matching import NOBODY, Match, Matcher
from search.engines.whoosh.postings import Posting, join, locate, unite
from search.meaning import CLOSE_ZONES, LINKED_ZONES, TITLE_ZONES, ZONES, Restriction, Zones, is_common
from search.query import And, Everything, Field, Fuzzy, Node, Not, Or, Phrase, Prefix, Range, Term, Words
from search.questions import is_filler
from search.ranking import ADJACENT, HELPFUL, OWN_SHARE


class Evaluator:
    """`terms`: what a snippet marks, filled while matching; `notices`: what the reader should know. With a `language`,
    words that may stand for one of it help too."""

    def __init__(
        self,
        matcher: Matcher,
        corrections: dict[str, str] | None = None,
        relaxed: bool = False,
        least: float = 0.0,
        language: str = "",
    ) -> None:
        self.matcher, self.relaxed, self.least = matcher, relaxed, least
        self.snapshot = matcher.snapshot
        self.leaves = Leaves(matcher, corrections or {}, language=language)
        self.terms = self.leaves.terms
        self.notices: list[str] = []

    def run(self, node: Node, zones: Zones = ZONES) -> Match:
        """Return who matches `node`; raises QueryLimit, and TypeError for what is no node."""
        match node:
            case Everything():
                return Match.of(self.snapshot.all)
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self.leaves.match(node, zones)
            case Field(name="title"):
                return self.run(node.value, TITLE_ZONES)
            case Field() | Range() | Not():
                return Match.of(np.flatnonzero(self.mask(node, zones)))
            case Or():
                return self._or([self.run(child, zones) for child in node.nodes])
            case And():
                return self._and([self.run(child, zones) for child in node.nodes])
            case Words():
                return self._words(node, zones)
            case Query():
                return stock.match(self.snapshot, node)
        raise TypeError(f"this is no part of a query: {node!r}")

    def mask(self, node: Node, zones: Zones = ZONES) -> np.ndarray:
        """Who matches `node`, as a mask over all documents; for what only narrows, and has no score."""
        match node:
            case Not():
                return self.snapshot.live & ~self._aside().mask(node.node, zones)
            case Range():
                return FieldValues(self.snapshot).years(node.low, node.high)
            case Field(name=name) if name != "title":
                self.matcher.check_time()
                mask, notice = FieldValues(self.snapshot).find(name, node.value)
                if notice:
                    self.notices.append(notice)
                return mask
            case And() if all(isinstance(child, Restriction) for child in node.nodes):
                return np.logical_and.reduce([self.mask(child, zones) for child in node.nodes])
        return self.snapshot.mask(self.run(node, zones).ids)

    def _aside(self) -> "Evaluator":
        """For what is matched strictly, and without marking its words in snippets."""
        return Evaluator(self.matcher, self.leaves.corrections)

    def _or(self, matches: list[Match]) -> Match:
        if not matches:
            return NOBODY
        parts = [Posting(m.ids, m.score, np.where(m.own, 3, 1).astype(np.uint8)) for m in matches]
        found = unite(parts, self.snapshot.size)
        return Match(found.ids, found.amounts, found.flags > 1, max(m.rarity for m in matches))

    def _and(self, matches: list[Match]) -> Match:
        return self._together(matches)[0]

    def _together(self, matches: list[Match]) -> tuple[Match, np.ndarray]:
        """Who is in all of them, and the rarity of those among them that are in words of the document's own."""
        ids, places = join([m.ids for m in matches], self.snapshot.size)
        score, own = np.zeros(len(ids), dtype=np.float32), np.zeros(len(ids))
        for m, at in zip(matches, places, strict=True):
            score += m.score[at]
            own += m.own[at] * m.rarity
        return Match(ids, score, np.ones(len(ids), dtype=bool), sum(m.rarity for m in matches)), own

    # Words side by side

    def _words(self, node: Words, zones: Zones) -> Match:
        limits = [self.mask(n, zones) for n in node.nodes if isinstance(n, Restriction)]
        asked = [n for n in node.nodes if not isinstance(n, Restriction)]
        wanted = self._wanted(asked)
        matches = [self.run(n, zones) for n in wanted]
        if not matches:
            return Match.of(np.flatnonzero(np.logical_and.reduce([self.snapshot.live, *limits])))
        found = self._any(matches) if self.relaxed else self._all(matches, wanted, zones)
        for limit in limits:
            found = found.only(limit[found.ids])
        score = found.score
        if len(node.nodes) > 1:
            score = score + self._closeness(node, found.ids, zones)
        for helpful in asked:
            if helpful not in wanted:
                score = score + HELPFUL * self._of(self._aside().run(helpful, zones), found.ids)
        return Match(found.ids, score, np.ones(len(found.ids), dtype=bool), found.rarity)

    def _wanted(self, asked: Sequence[Node]) -> Sequence[Node]:
        """The words that should be there: of a sentence, those that say what is asked about."""
        wanted = [n for n in asked if not is_common(n, asked)] or asked
        return [n for n in wanted if not is_filler(n, wanted, self.leaves.language)] if self.least else wanted

    def _of(self, match: Match, ids: np.ndarray) -> np.ndarray:
        """The scores that a match gives to some documents, 0 to those that it has not."""
        score = np.zeros(len(ids), dtype=np.float32)
        there, at = locate(ids, match.ids, self.snapshot.size)
        score[there] = match.score[at]
        return score

    def loosely(self, node: Node, ids: np.ndarray, zones: Zones) -> np.ndarray:
        """What the words of a query add up to for documents that need not have all of them."""
        if not isinstance(node, Words | And):
            return self._of(self.run(node, zones), ids)
        asked = [n for n in node.nodes if not isinstance(n, Restriction)]
        wanted = [n for n in asked if isinstance(node, And) or not is_common(n, asked)] or asked
        score = np.zeros(len(ids), dtype=np.float32)
        for child in asked:
            score += (1 if child in wanted else HELPFUL) * self._of(self._aside().run(child, zones), ids)
        return score

    def _all(self, matches: list[Match], nodes: Sequence[Node], zones: Zones) -> Match:
        """All of the words, and a good share of them its own, or all of them in one name of something it is linked to:
        words that happen to be scattered over what a large record is linked to are no match."""
        if len(matches) == 1:
            return matches[0]
        found, own = self._together(matches)
        if not len(found.ids):
            return found
        mask = own >= OWN_SHARE * found.rarity
        texts = [node.text for node in nodes if isinstance(node, Term)]
        if len(texts) == len(nodes) and not mask.all():
            slots = [slot for text in texts for slot in self.leaves.slots(text)]
            linked = tuple(zone for zone in LINKED_ZONES if zone in zones)
            if linked:
                together = self.matcher.phrase(slots, linked, within=found.ids[~mask])
                mask |= locate(found.ids, together.ids, self.snapshot.size)[0]
        return found.only(mask)

    def _any(self, matches: list[Match]) -> Match:
        """Any of the words; the score falls with what is missing, weighed by how rare it is."""
        either = self._or(matches)
        whole = sum(m.rarity for m in matches) or 1.0
        had = np.zeros(len(either.ids))
        for m in matches:
            had[locate(either.ids, m.ids, self.snapshot.size)[0]] += m.rarity
        found = Match(either.ids, (either.score * (had / whole)).astype(np.float32), either.own, either.rarity)
        return found.only(had >= self.least * whole) if self.least else found

    def _closeness(self, node: Words, ids: np.ndarray, zones: Zones) -> np.ndarray:
        """A bonus where two words of the query stand side by side."""
        bonus = np.zeros(len(ids), dtype=np.float32)
        close = CLOSE_ZONES if zones is ZONES else tuple(zone for zone in CLOSE_ZONES if zone in zones)
        for first, second in zip(node.nodes, node.nodes[1:], strict=False):
            if isinstance(first, Term) and isinstance(second, Term) and len(ids):
                slots = [*self.leaves.slots(first.text), *self.leaves.slots(second.text)]
                if 2 <= len(slots) <= 4:
                    bonus += ADJACENT * self._of(self.matcher.phrase(slots, close, within=ids), ids)
        return bonus
