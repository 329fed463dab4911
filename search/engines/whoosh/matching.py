"""Words and phrases against a snapshot: which documents match, and how well (BM25F over the zones)."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh.arrays import before, changes, common, either, ranges, sums
from search.engines.whoosh.postings import EMPTY, OWN, Posting, join, locate, unite
from search.engines.whoosh.schema import ZONE_BITS, among
from search.engines.whoosh.snapshot import Snapshot
from search.meaning import CLOSE_ZONES, LINKED_ZONES, ZONES, Form, Slot, Zones, word_slot
from search.query import QueryLimit
from search.ranking import SATURATION

TIME_LIMIT = 2.0  # seconds of work by the thread that searches; waiting for a busy machine does not count
_FAR_ZONES = tuple(zone for zone in ZONES if zone not in CLOSE_ZONES)
_LINKED = among(LINKED_ZONES)


class Spots(NamedTuple):
    """Documents that have a term, how often, all the places where, and where those of each document start."""

    documents: np.ndarray
    counts: np.ndarray
    places: np.ndarray
    starts: np.ndarray


@dataclass(frozen=True)
class Match:
    """Who matches (sorted numbers of documents), how well, how rare that is, and who matches in words of its own, not
    of what it is linked to."""

    ids: np.ndarray
    score: np.ndarray
    own: np.ndarray
    rarity: float = 0.0

    @classmethod
    def of(cls, ids: np.ndarray) -> "Match":
        """A match that is not a matter of degree."""
        return cls(ids, np.zeros(len(ids), dtype=np.float32), np.ones(len(ids), dtype=bool))

    def arrays(self) -> tuple[np.ndarray, ...]:
        return self.ids, self.score, self.own

    def only(self, kept: np.ndarray) -> "Match":
        """Those of a mask beside `ids`."""
        return Match(self.ids[kept], self.score[kept], self.own[kept], self.rarity)


NOBODY = Match.of(EMPTY.ids)


class Matcher:
    """Matches slots against one snapshot, for one query; stops with QueryLimit when its time is over."""

    def __init__(self, snapshot: Snapshot, limit: float = TIME_LIMIT) -> None:
        self.snapshot = snapshot
        self.end = time.thread_time() + limit

    def check_time(self) -> None:
        if time.thread_time() > self.end:
            raise QueryLimit(_("The search takes too long; use fewer or longer words."))

    def rarity(self, found: int) -> float:
        return math.log(1 + (self.snapshot.documents - found + 0.5) / (found + 0.5))

    def slot(self, slot: Slot, zones: Zones = ZONES) -> Match:
        """Documents with any form of a word."""
        return self.snapshot.kept.get((slot, zones), lambda: self._slot(slot, zones), Match.arrays)

    def _rarity(self, slot: Slot, zones: Zones, found: int) -> float:
        """How rare a word is as it was typed, where `found` have any form of it: what may stand for it as well makes it
        no less telling."""
        typed = tuple(form for form in slot if form.own)
        return self.rarity(len(self.slot(typed, zones).ids) or found) if typed != slot else self.rarity(found)

    def telling(self, word: str, zones: Zones) -> float:
        """How rare a word of the query is in the zones."""
        return self.slot(word_slot(word), zones).rarity

    def _slot(self, slot: Slot, zones: Zones) -> Match:
        self.check_time()
        parts = []
        for term, weight in self._different(slot):
            posting = self.snapshot.posting(term) if zones is ZONES else self._posting_in(term, zones)
            if weight != 1:
                posting = posting._replace(amounts=posting.amounts * np.float32(weight))
            parts.append(posting)
        found = unite(parts, self.snapshot.size)
        return self._scored(found.ids, found.amounts, found.flags >= OWN, self._rarity(slot, zones, len(found.ids)))

    def _different(self, slot: Slot) -> list[tuple[str, float]]:
        """The terms of a slot that stand anywhere, and how much each counts: of those that stand at the same places, as
        a word and a stem that no other has do, the first for all."""
        found: dict[tuple, tuple[str, float]] = {}
        for form in slot:
            lists = self.snapshot.lists(form.term)
            if lists:
                term, weight = found.get(lists, (form.term, 0.0))
                found[lists] = term, weight + form.weight
        return list(found.values())

    def _listed(self, name: str, term: str) -> Spots:
        def listed() -> Spots:
            found = self.snapshot.listed(name, term)
            return Spots(*found, before(found.counts)[:-1])

        return self.snapshot.kept.get((name, term), listed, tuple)

    def _posting_in(self, term: str, zones: Zones) -> Posting:
        """The posting of a term in some zones, summed up from its places."""
        wanted = among(zones)
        parts = []
        for name in _lists(zones):
            documents, counts, places, _starts = self._listed(name, term)
            kept = wanted[places >> ZONE_BITS]
            counts, owners, places = sums(kept, counts), np.repeat(documents, counts)[kept], places[kept]
            documents, counts = documents[counts > 0], counts[counts > 0]
            if len(documents):
                where = (places >> ZONE_BITS).astype(np.int64)
                amounts = sums(self.snapshot.counting(owners, where), counts)
                own = sums(~_LINKED[where], counts) > 0
                parts.append(Posting(documents, amounts.astype(np.float32), np.where(own, OWN | 1, 1).astype(np.uint8)))
        return unite(parts, self.snapshot.size)

    def _scored(self, ids: np.ndarray, amounts: np.ndarray, own: np.ndarray, rarity: float) -> Match:
        score = amounts / (amounts + np.float32(SATURATION))
        return Match(ids, np.multiply(score, rarity, dtype=np.float32), own, rarity)

    def phrase(self, slots: Sequence[Slot], zones: Zones = ZONES, within: np.ndarray | None = None) -> Match:
        """Documents (of those `within`) that have the slots one after the other, in one text of a zone."""
        if len(slots) == 1:
            return self.slot(slots[0], zones) if within is None else _kept(self.slot(slots[0], zones), within, self)
        starts, rarity = self._close_starts(slots) if zones == CLOSE_ZONES else self._starts(slots, zones, within)
        if within is not None:
            starts = starts[locate(starts >> _DOCUMENT, within, self.snapshot.size)[0]]
        if not len(starts):
            return Match(*NOBODY_ARRAYS, rarity)
        spots = starts >> ZONE_BITS  # a zone of a document
        first = changes(spots)
        times, spots = np.diff(first, append=len(spots)), spots[first]
        documents, where = spots >> _ZONE_ROOM, spots & _ZONE_MASK
        contributions = times * self.snapshot.counting(documents, where)
        first = changes(documents)
        amounts = np.add.reduceat(contributions, first).astype(np.float32)
        own = np.logical_or.reduceat(~_LINKED[where], first)
        return self._scored(documents[first], amounts, own, rarity)

    # Where slots follow each other: places, above them the document

    def _close_starts(self, slots: Sequence[Slot]) -> tuple[np.ndarray, float]:
        """In the close zones, whose lists are short; and how rare the slots are there."""
        starts, documents = self._close(slots[0])
        rarity = self.rarity(documents)
        for offset, slot in enumerate(slots[1:], 1):
            places, documents = self._close(slot)
            starts = common(starts + offset, places) - offset
            rarity += self.rarity(documents)
        return starts, rarity

    def _close(self, slot: Slot) -> tuple[np.ndarray, int]:
        """All places of a slot in the close zones, and in how many documents."""

        def places() -> tuple[np.ndarray, int]:
            self.check_time()
            listed = [self.snapshot.listed("close", term) for term, _weight in self._different(slot)]
            found = [(np.repeat(had.documents, had.counts) << _DOCUMENT) | had.places for had in listed]
            merged = either(found)
            return merged, len(changes(merged >> _DOCUMENT))

        return self.snapshot.kept.get(("close", slot), places, lambda found: found[:1])

    def _starts(self, slots: Sequence[Slot], zones: Zones, within: np.ndarray | None) -> tuple[np.ndarray, float]:
        """In any zones; in the far ones, of documents that have all of the slots; and how rare these are."""
        having = [self.slot(slot, zones).ids for slot in slots]
        rarity = sum(self.rarity(len(ids)) for ids in having)
        shared, at = join(having + ([] if within is None else [within]), self.snapshot.size)
        starts, wanted = shared, None if zones is ZONES else among(zones)
        for offset, slot in enumerate(slots if len(shared) else ()):
            self.check_time()
            terms = [term for term, _weight in self._different(slot)]
            known = at[offset] if len(terms) == 1 and zones is ZONES else None
            parts = [self._close((Form(term),))[0] for term in terms if "close" in _lists(zones)]
            parts += [self._far(term, shared, known) for term in terms if "far" in _lists(zones)]
            places = either(parts) - offset
            if offset:
                starts = common(starts, places)
            else:
                starts = places if wanted is None else places[wanted[(places >> ZONE_BITS) & _ZONE_MASK]]
            if not len(starts):
                break
        return starts, rarity

    def _far(self, term: str, shared: np.ndarray, known: np.ndarray | None) -> np.ndarray:
        """All places of a term in the far zones of the documents `shared`; `known`: where these stand in its list,
        which has each document that has the term in any zone."""
        documents, counts, places, starts = self._listed("far", term)
        if known is None:
            there, known = locate(shared, documents, self.snapshot.size)
            shared = shared[there]
        taken = counts[known]
        return np.repeat(shared << _DOCUMENT, taken) + places[ranges(starts[known], taken)]


_ZONE_ROOM = 5  # bits for the number of a zone
_ZONE_MASK = (1 << _ZONE_ROOM) - 1
_DOCUMENT = ZONE_BITS + _ZONE_ROOM  # bits of a place
NOBODY_ARRAYS = (NOBODY.ids, NOBODY.score, NOBODY.own)


def _lists(zones: Zones) -> tuple[str, ...]:
    """The lists of places in which the zones are."""
    names = ("close", CLOSE_ZONES), ("far", _FAR_ZONES)
    return tuple(name for name, held in names if any(zone in held for zone in zones))


def _kept(match: Match, within: np.ndarray, matcher: Matcher) -> Match:
    _there, at = locate(within, match.ids, matcher.snapshot.size)
    return Match(match.ids[at], match.score[at], match.own[at], match.rarity)
