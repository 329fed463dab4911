"""The fields of the index as Whoosh knows them: zones of analysed text, all zones in one, and filed names.

The codec (`codec`) keeps all zones in one set of arrays and shows each to Whoosh as a field of its own.
"""

from array import array

import numpy as np
from whoosh import formats
from whoosh.fields import STORED, FieldType, Schema

from search.meaning import CLOSE_ZONES, ZONES

WORDS = "words"  # the field of all zones together

# A place is where a word stands in a document: the number of the zone, and the position in it.
ZONE_BITS = 27
FIRST = 1024  # is added to a position, so that the start of a phrase is never before its zone
CLOSE_END = len(CLOSE_ZONES) << ZONE_BITS  # the first place beyond the close zones
NUMBERS = {zone: number for number, zone in enumerate(ZONES)}


def among(zones: tuple[str, ...]) -> np.ndarray:
    """For the number of each zone, whether it is one of these."""
    return np.array([zone in zones for zone in ZONES])


class Places(formats.Positions):
    """Word positions as a plain array of 32-bit numbers, which numpy reads as it is."""

    def encode(self, poslist: list[int]) -> bytes:
        return array("I", sorted(poslist)).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


class Zone(FieldType):
    """Texts, each word as it stands and by its stem; `building` analyses them."""

    def __init__(self) -> None:
        super().__init__(format=Places(), analyzer=None, scorable=True)


class Filing(FieldType):
    """Forms under which a document is filed, each with a rank, kept as the posting's weight."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)


def schema() -> Schema:
    zones = {name: Zone() for name in (*ZONES, WORDS)}
    return Schema(exact=Filing(), carried=Filing(), shown=STORED, **zones)
