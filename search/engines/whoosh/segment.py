"""One segment of the index as arrays. A segment never changes; which of its documents are deleted does."""

import json
import weakref
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import NamedTuple

import numpy as np
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.util.numeric import byte_to_length

from search.dates import ALWAYS
from search.engines.whoosh.commits import Storage
from search.engines.whoosh.schema import STEM, ZONES
from search.filing import FACETS
from search.stems import COMMON, stem
from search.text import words

MOST_KEPT = 20_000  # postings in memory
_LENGTHS = np.array([byte_to_length(n) for n in range(256)], dtype=np.float32)
UNDATED = 0
BITS = 32  # of a place are the position; the rest is the document
FIRST = 1024  # is added to a position, so that the start of a phrase is never before its document
_NOWHERE = np.zeros(0, dtype=np.int64)


class Posting(NamedTuple):
    """Documents with a term, and how often, or with what rank, they have it."""

    ids: np.ndarray
    weights: np.ndarray


class Pairs(NamedTuple):
    """Documents and codes of facet values, one row for each value of each document."""

    ids: np.ndarray
    codes: np.ndarray


def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language[:2]) for word in words(text) if word not in COMMON)


def place(number: int, positions: bytes) -> np.ndarray:
    """Positions in a document as places: numbers that are apart for every document."""
    return np.frombuffer(positions, dtype=np.uint32).astype(np.int64) + ((number << BITS) + FIRST)


class Codes:
    """A number for each value of each facet, the same in every segment; it only grows."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._numbers: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self.values: dict[str, list[str]] = {name: [] for name in FACETS}

    def number(self, facet: str, value: str) -> int:
        """The code of a value, a new one if need be."""
        with self._lock:
            numbers, values = self._numbers[facet], self.values[facet]
            if value not in numbers:
                numbers[value] = len(values)
                values.append(value)
            return numbers[value]

    def find(self, facet: str, value: str) -> int:
        """The code of a value, -1 for one that no document ever had."""
        return self._numbers[facet].get(value, -1)


class Segment:
    """Columns are read when it is opened, postings when they are asked for."""

    def __init__(self, folder: Path, schema, segment, codes: Codes) -> None:
        self._lock = RLock()  # the files are read through one handle each
        self.reader = SegmentReader(Storage(folder), schema, segment)
        weakref.finalize(self, self.reader.close)
        self.size = segment.doc_count_all()
        self.id = segment.segment_id()
        self._postings: dict[tuple[str, str], Posting | None] = {}
        self._places: dict[tuple[str, str], np.ndarray] = {}
        self._names: dict[int, list[frozenset[str]]] = {}
        self._read_columns(codes)
        self.lengths = {zone: self._read_lengths(zone) for zone in ZONES}

    def _read_columns(self, codes: Codes) -> None:
        column = self.reader.column_reader("columns", translate=False)
        rows = self.rows = [json.loads(column[n]) for n in range(self.size)]
        self.records = np.array([row["record"] for row in rows], dtype=np.int64)
        self.starts = np.array([row["starts"] or UNDATED for row in rows], dtype=np.int32)
        force = [row["force"] or (ALWAYS, 0) for row in rows]
        self.force = np.array(force, dtype=np.int32).reshape(-1, 2)
        years = [(n, first, last) for n, row in enumerate(rows) for first, last in row["years"]]
        self.years = np.array(years, dtype=np.int32).reshape(-1, 3)
        self.facets = {name: self._pairs(name, codes) for name in FACETS}

    def _pairs(self, name: str, codes: Codes) -> Pairs:
        pairs = [
            (n, codes.number(name, value)) for n, row in enumerate(self.rows) for value in row["facets"].get(name, ())
        ]
        table = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        return Pairs(table[:, 0], table[:, 1])

    def _read_lengths(self, zone: str) -> np.ndarray:
        reader = self.reader
        lengths = np.fromiter((reader.doc_field_length(n, zone) for n in range(self.size)), np.float32, self.size)
        return lengths

    def posting(self, field: str, term: str) -> Posting | None:
        """The documents that have a term in a field; None when there are none."""
        key = (field, term)
        if key not in self._postings:
            if len(self._postings) >= MOST_KEPT:
                self._postings.clear()
            self._postings[key] = self._read_posting(field, term)
        return self._postings[key]

    def _read_posting(self, field: str, term: str) -> Posting | None:
        ids, weights = [], []
        for matcher in self._matcher(field, term):
            ids.append(matcher.id())
            weights.append(matcher.weight())
        if not ids:
            return None
        return Posting(np.array(ids, dtype=np.int64), np.array(weights, dtype=np.float32))

    def places(self, field: str, term: str) -> np.ndarray:
        """Where a term stands: document and position in one number each, sorted."""
        key = (field, term)
        if key not in self._places:
            if len(self._places) >= MOST_KEPT // 4:
                self._places.clear()
            found = [place(m.id(), m.value()) for m in self._matcher(field, term)]
            self._places[key] = np.concatenate(found) if found else _NOWHERE
        return self._places[key]

    def _matcher(self, field: str, term: str) -> Iterator:
        """Whoosh's matcher, once for each document, deleted ones too: who is live, the snapshot knows."""
        with self._lock:
            try:
                format_ = self.reader.schema[field].format
                matcher = self.reader._terms.matcher(field, term.encode(), format_)
            except (KeyError, TermNotFound):
                return
            while matcher.is_active():
                yield matcher
                matcher.next()

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every word as it stands, with the number of documents that have it in the zone where most do."""
        found: dict[str, int] = {}
        with self._lock:
            for (zone, term), info in self.reader._terms.items():
                if zone in ZONES and not term.startswith(STEM.encode()):
                    word = term.decode()
                    found[word] = max(found.get(word, 0), info.doc_frequency())
        return found

    def names(self, number: int) -> list[frozenset[str]]:
        """The title and the names of a document, each as the stems of its words."""
        found = self._names.get(number)
        if found is None:
            title = [self.rows[number]["title"], "en"]
            named = [title, *(name[:2] for name in self.shown(number).get("names", ()))]
            found = self._names[number] = [_stems(text, language) for text, language in named]
        return found

    def shown(self, number: int) -> dict:
        """What a result displays of a document."""
        with self._lock:
            return self.reader.stored_fields(number)["shown"]
