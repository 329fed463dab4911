"""Words and phrases against a snapshot: which documents match, and how well (BM25F over the zones)."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh.arrays import before, changes, common, distinct, ranges, sums
from search.engines.whoosh.postings import EMPTY, OWN, Posting, locate, meet, unite
from search.engines.whoosh.schema import CLOSE_ZONES, LINKED_ZONES, STEM, ZONE_BITS, ZONES, among
from search.engines.whoosh.snapshot import Snapshot
from search.query import QueryLimit
from search.ranking import EVERYDAY, SATURATION, STEMMED
from search.stems import languages, stem

TIME_LIMIT = 2.0  # seconds of work by the thread that searches; waiting for a busy machine does not count
_FAR_ZONES = tuple(zone for zone in ZONES if zone not in CLOSE_ZONES)
_LINKED = among(LINKED_ZONES)
_ONES = np.ones(1, dtype=np.uint8)


class Form(NamedTuple):
    """A term that may stand for a word of the query, and how much it counts."""

    term: str
    weight: float = 1.0


class Spots(NamedTuple):
    """Documents that have a term, how often, all the places where, and where those of each document start."""

    documents: np.ndarray
    counts: np.ndarray
    places: np.ndarray
    starts: np.ndarray


Slot = tuple[Form, ...]  # what may stand at one place of a phrase
Zones = tuple[str, ...]


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


@lru_cache(maxsize=4096)
def word_slot(word: str) -> Slot:
    """A word of the query: as it stands, and by its stem in the languages that its script allows."""
    return (Form(word), *(Form(f"{STEM}{code}:{stem(word, code)}", STEMMED) for code in languages(word)))


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
        typed = tuple(form for form in slot if form.weight != EVERYDAY or form.term[:1] != STEM)
        return self.rarity(len(self.slot(typed, zones).ids) or found) if typed != slot else self.rarity(found)

    def telling(self, word: str, zones: Zones) -> float:
        """How rare a word of the query is in the zones."""
        return self.slot(word_slot(word), zones).rarity

    def _slot(self, slot: Slot, zones: Zones) -> Match:
        self.check_time()
        parts = []
        for form in slot:
            posting = self.snapshot.posting(form.term) if zones is ZONES else self._posting_in(form.term, zones)
            if form.weight != 1:
                posting = posting._replace(amounts=posting.amounts * np.float32(form.weight))
            parts.append(posting)
        found = unite(parts, self.snapshot.size)
        return self._scored(found.ids, found.amounts, found.flags >= OWN, self._rarity(slot, zones, len(found.ids)))

    def _having(self, slot: Slot, zones: Zones) -> np.ndarray:
        """Documents with any form of a word in the zones."""
        if zones != CLOSE_ZONES:
            return self.slot(slot, zones).ids
        found = [self._listed("close", form.term) for form in slot]
        parts = [Posting(had.documents, had.counts.astype(np.float32), _ONES[had.counts & 0]) for had in found]
        return unite(parts, self.snapshot.size).ids

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
        having = [self._having(slot, zones) for slot in slots]
        among_ = meet(having + ([] if within is None else [within]), self.snapshot.size)
        rarity = sum(self.rarity(len(ids)) for ids in having)
        if not len(among_):
            return Match(*NOBODY_ARRAYS, rarity)
        starts = self._starts(slots, zones, among_)
        if not len(starts):
            return Match(*NOBODY_ARRAYS, rarity)
        spots = starts >> ZONE_BITS  # a zone of a document
        first = changes(spots)
        times, spots = np.diff(first, append=len(spots)), spots[first]
        inner, where = spots >> _ZONE_ROOM, spots & _ZONE_MASK
        contributions = times * self.snapshot.counting(among_[inner], where)
        first = changes(inner)
        found = inner[first]
        amounts = np.add.reduceat(contributions, first).astype(np.float32)
        own = np.logical_or.reduceat(~_LINKED[where], first)
        return self._scored(among_[found], amounts, own, rarity)

    def _starts(self, slots: Sequence[Slot], zones: Zones, among_: np.ndarray) -> np.ndarray:
        """Where the slots follow each other: places, above them the document's number among `among_`."""
        starts: np.ndarray | None = None
        wanted = None if zones is ZONES else among(zones)
        for offset, slot in enumerate(slots):
            self.check_time()
            parts = [self._places(form.term, name, among_) for form in slot for name in _lists(zones)]
            parts = [part for part in parts if len(part)] or parts[:1]
            places = distinct(np.concatenate(parts)) - offset
            if starts is None:
                starts = places if wanted is None else places[wanted[(places >> ZONE_BITS) & _ZONE_MASK]]
            else:
                starts = common(starts, places)
            if not len(starts):
                break
        assert starts is not None
        return starts

    def _places(self, term: str, name: str, among_: np.ndarray) -> np.ndarray:
        documents, counts, places, starts = self._listed(name, term)
        if not len(documents):
            return EMPTY.ids
        there, at = locate(among_, documents, self.snapshot.size)
        if not len(at):
            return EMPTY.ids
        taken = counts[at]
        found = places[ranges(starts[at], taken)]
        return np.repeat(np.flatnonzero(there) << _DOCUMENT, taken) + found


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
