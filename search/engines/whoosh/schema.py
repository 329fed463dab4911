"""The fields of the index: zones of analysed text, filed names, and columns for ranking, filtering and showing."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator

from whoosh import formats
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema

from search.documents import SearchDocument
from search.names import Text
from search.stems import stem
from search.text import tokens

ZONES = (
    "title",
    "names",
    "plain",
    "identifiers",
    "dates",
    "summary",
    "tags",
    "body",
    "parent",
    "context",
    "related",
    "evidence",
)
STEM = "~"  # starts a stem; no word has it
GAP = 50  # positions between two texts of a zone, so that no phrase spans them


class Positions(formats.Positions):
    """Word positions as a plain array of 32-bit numbers, which numpy reads as it is."""

    def encode(self, poslist: list[int]) -> bytes:
        return array("I", sorted(poslist)).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


class Zone(FieldType):
    """A list of texts, each word as it stands and by its stem."""

    def __init__(self) -> None:
        super().__init__(format=Positions(), analyzer=None, scorable=True)

    def index(self, value: tuple[Text, ...], **kwargs) -> Iterator[tuple]:
        found: dict[str, list[int]] = defaultdict(list)
        base = 0
        for text in value:
            last = base
            for token in tokens(text.text):
                last = base + token.position
                found[token.text].append(last)
                if text.stemmed and not token.whole:
                    found[f"{STEM}{text.language}:{stem(token.text, text.language)}"].append(last)
            base = last + GAP
        for term, places in found.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


class Filing(FieldType):
    """Forms under which a document is filed, each with a rank, kept as the posting's weight."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: dict[str, int], **kwargs) -> Iterator[tuple]:
        for form, rank in value.items():
            yield form.encode(), 1, float(rank), b""


def schema() -> Schema:
    fields = {name: Zone() for name in ZONES}
    return Schema(
        key=ID(),
        record=ID(),
        exact=Filing(),
        carried=Filing(),
        columns=COLUMN(VarBytesColumn()),
        shown=STORED,
        **fields,
    )


def fields(document: SearchDocument) -> dict:
    """What is written for a document."""
    columns = {
        "key": document.key, "record": document.record, "type": document.type, "slug": document.slug,
        "title": document.title, "facets": document.facets, "years": document.calendar.years,
        "starts": document.calendar.starts, "force": document.calendar.force, "digest": document.digest,
        "mention": document.mention, "url": document.url,
    }  # fmt: skip
    return {
        "key": document.key,
        "record": str(document.record),
        "exact": document.exact,
        "carried": document.carried,
        "columns": json.dumps(columns, ensure_ascii=False).encode(),
        "shown": {**document.shown, "url": document.url, "parent": document.parent},
        **{name: texts for name, texts in document.zones.items() if texts},
    }
