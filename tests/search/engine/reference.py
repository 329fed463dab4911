"""The same scores worked out slowly from the texts themselves: what the arrays must agree with."""

import math
from collections import Counter

from whoosh.util.numeric import byte_to_length, length_to_byte

from search.documents import SearchDocument
from search.meaning import GAP, STEM, ZONES, Slot
from search.ranking import SATURATION, ZONE_WEIGHTS
from search.stems import stem
from search.text import tokens


class Slowly:
    """All words of all documents, as (zone, position) by term."""

    def __init__(self, documents: list[SearchDocument]) -> None:
        self.places = {document.record: self._places(document) for document in documents}
        self.lengths = {
            record: Counter(zone for found in places.values() for zone, _position in found)
            for record, places in self.places.items()
        }
        self.means = {}
        for zone in ZONES:
            lengths = [self._length(record, zone) for record in self.places if self.lengths[record][zone]]
            self.means[zone] = sum(lengths) / len(lengths) if lengths else 1.0

    @staticmethod
    def _places(document: SearchDocument) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for zone, texts in document.zones.items():
            base = 0
            for text in texts:
                last = base
                for token in tokens(text.text):
                    last = base + token.position
                    found.setdefault(token.text, []).append((zone, last))
                    if text.stemmed and not token.whole:
                        form = f"{STEM}{text.language}:{stem(token.text, text.language)}"
                        found.setdefault(form, []).append((zone, last))
                base = last + GAP
        return found

    def _length(self, record: int, zone: str) -> int:
        return byte_to_length(length_to_byte(self.lengths[record][zone]))

    def _counting(self, record: int, zone: str) -> float:
        weight, share = ZONE_WEIGHTS[zone]
        return weight / ((1 - share) + share * self._length(record, zone) / self.means[zone])

    def amounts(self, slot: Slot, zones: tuple[str, ...] = ZONES) -> dict[int, float]:
        """What a slot adds up to in each document that has it."""
        found: dict[int, float] = {}
        for record, places in self.places.items():
            for form in slot:
                for zone, _position in places.get(form.term, ()):
                    if zone in zones:
                        found[record] = found.get(record, 0) + form.weight * self._counting(record, zone)
        return found

    def rarity(self, found: int) -> float:
        return math.log(1 + (len(self.places) - found + 0.5) / (found + 0.5))

    def scores(self, slot: Slot, zones: tuple[str, ...] = ZONES) -> dict[int, float]:
        return self._saturated(self.amounts(slot, zones), self.rarity(len(self.amounts(slot, zones))))

    def phrase(self, slots: list[Slot], zones: tuple[str, ...] = ZONES) -> dict[int, float]:
        """The scores of a phrase: one slot after the other in one text."""
        rarity = sum(self.rarity(len(self.amounts(slot, zones))) for slot in slots)
        found: dict[int, float] = {}
        for record, places in self.places.items():
            having = [{place for form in slot for place in places.get(form.term, ())} for slot in slots]
            for zone, position in having[0]:
                if zone in zones and all((zone, position + n) in having[n] for n in range(1, len(slots))):
                    found[record] = found.get(record, 0) + self._counting(record, zone)
        return self._saturated(found, rarity)

    @staticmethod
    def _saturated(amounts: dict[int, float], rarity: float) -> dict[int, float]:
        return {record: rarity * amount / (SATURATION + amount) for record, amount in amounts.items()}
