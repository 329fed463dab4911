"""Words and phrases against a snapshot: which documents match, and how well (BM25F over the zones)."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh.ranking import LINKED_ZONES, NAME_ZONES, SATURATION, STEMMED, ZONE_WEIGHTS
from search.engines.whoosh.schema import STEM, ZONES
from search.engines.whoosh.segment import BITS
from search.engines.whoosh.snapshot import Snapshot
from search.query import QueryLimit
from search.stems import languages, stem

TIME_LIMIT = 2.0  # seconds


@dataclass(frozen=True)
class Form:
    """A term that may stand for a word of the query, where, and how much it counts."""

    term: str
    weight: float = 1.0
    zones: tuple[str, ...] = ZONES


Slot = tuple[Form, ...]  # what may stand at one place of a phrase


@dataclass(frozen=True)
class Match:
    """Who matches, how well, how rare that is, and who matches in words of its own, not of what it is linked to."""

    mask: np.ndarray
    score: np.ndarray
    own: np.ndarray
    rarity: float = 0.0

    @classmethod
    def of(cls, mask: np.ndarray) -> "Match":
        """A match that is not a matter of degree."""
        return cls(mask, np.zeros(mask.size, dtype=np.float32), mask)


def word_slot(word: str) -> Slot:
    """A word of the query: as it stands, and by its stem in the languages that its script allows."""
    forms = [Form(word)]
    for language in languages(word):
        zones = ZONES if language == "en" else NAME_ZONES
        forms.append(Form(f"{STEM}{language}:{stem(word, language)}", STEMMED, zones))
    return tuple(forms)


class Matcher:
    """Matches slots against one snapshot, for one query; stops with QueryLimit when its time is over."""

    def __init__(self, snapshot: Snapshot, limit: float = TIME_LIMIT) -> None:
        self.snapshot = snapshot
        self.end = time.thread_time() + limit  # the work of this query: others on a busy machine are not its fault

    def check_time(self) -> None:
        if time.thread_time() > self.end:
            raise QueryLimit(_("The search takes too long; use fewer or longer words."))

    def nothing(self) -> Match:
        return self._scored(np.zeros(self.snapshot.size, dtype=np.float32), np.zeros(self.snapshot.size, dtype=bool))

    def rarity(self, found: int) -> float:
        return math.log(1 + (self.snapshot.documents - found + 0.5) / (found + 0.5))

    def slot(self, slot: Slot, zones: Iterable[str] = ZONES) -> Match:
        """Documents with any form of a word."""
        self.check_time()
        amount = np.zeros(self.snapshot.size, dtype=np.float32)
        own = np.zeros(self.snapshot.size, dtype=bool)
        for form in slot:
            for zone in zones:
                if zone in form.zones:
                    posting = self.snapshot.posting(zone, form.term)
                    if posting.ids.size:
                        weight = ZONE_WEIGHTS[zone][0] * form.weight
                        amount[posting.ids] += weight * posting.weights / self.snapshot.norms[zone][posting.ids]
                        own[posting.ids] |= zone not in LINKED_ZONES
        return self._scored(amount, own)

    def _scored(self, amount: np.ndarray, own: np.ndarray, rarity: float | None = None) -> Match:
        mask = amount > 0
        rarity = self.rarity(int(mask.sum())) if rarity is None else rarity
        return Match(mask, (rarity * amount / (SATURATION + amount)).astype(np.float32), own, rarity)

    def phrase(self, slots: list[Slot], zones: Iterable[str] = ZONES, within: np.ndarray | None = None) -> Match:
        """Documents that have the slots one after the other, in one text of a zone."""
        if len(slots) == 1:
            return self.slot(slots[0], zones)
        amount = np.zeros(self.snapshot.size, dtype=np.float32)
        own = np.zeros(self.snapshot.size, dtype=bool)
        for zone in zones:
            numbers, times = np.unique(self._starts(slots, zone, within) >> BITS, return_counts=True)
            amount[numbers] += ZONE_WEIGHTS[zone][0] * times / self.snapshot.norms[zone][numbers]
            own[numbers] |= zone not in LINKED_ZONES
        rarity = sum(self.slot(slot, zones).rarity for slot in slots)
        return self._scored(amount, own, rarity)

    def _starts(self, slots: list[Slot], zone: str, within: np.ndarray | None) -> np.ndarray:
        """The places in a zone where the slots follow each other."""
        starts: np.ndarray | None = None
        for offset, slot in enumerate(slots):
            self.check_time()
            parts = [self.snapshot.places(zone, form.term) for form in slot if zone in form.zones]
            places = np.unique(np.concatenate(parts)) - offset if parts else np.zeros(0, dtype=np.int64)
            if within is not None:
                places = places[within[places >> BITS]]
            starts = places if starts is None else np.intersect1d(starts, places, assume_unique=True)
            if not starts.size:
                break
        assert starts is not None
        return starts
