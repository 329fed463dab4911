"""The index as it stood at one commit: its segments joined end to end, without what is deleted."""

from collections import Counter
from functools import cached_property

import numpy as np

from governance.models import Position
from search.engines.whoosh.schema import ZONES
from search.engines.whoosh.segment import BITS, Codes, Pairs, Posting, Segment
from search.filing import FACETS
from search.ranking import ZONE_WEIGHTS
from search.text import fold

MOST_KEPT = 2000


class Snapshot:
    """Documents are numbered through all segments. Nothing of it changes, so threads share it."""

    def __init__(self, folder: str, generation: int, position: Position, segments: list, codes: Codes) -> None:
        """`segments`: (Segment, numbers of its deleted documents)."""
        self.folder, self.generation, self.position, self.codes = folder, generation, position, codes
        self.segments: list[Segment] = [segment for segment, _deleted in segments]
        self.bases = np.cumsum([0, *(segment.size for segment in self.segments)])
        self.size = int(self.bases[-1])
        self.live = np.ones(self.size, dtype=bool)
        for base, (_segment, deleted) in zip(self.bases, segments, strict=False):
            self.live[[base + number for number in deleted]] = False
        self._postings: dict[tuple[str, str], Posting] = {}

    def _joined(self, parts: list[np.ndarray], shape: tuple = (0,), dtype=np.int64) -> np.ndarray:
        return np.concatenate(parts) if parts else np.zeros(shape, dtype)

    @cached_property
    def documents(self) -> int:
        return int(self.live.sum())

    @cached_property
    def records(self) -> np.ndarray:
        return self._joined([segment.records for segment in self.segments])

    @cached_property
    def starts(self) -> np.ndarray:
        return self._joined([segment.starts for segment in self.segments])

    @cached_property
    def force(self) -> np.ndarray:
        return self._joined([segment.force for segment in self.segments], (0, 2))

    @cached_property
    def years(self) -> np.ndarray:
        parts = [s.years + np.array([base, 0, 0]) for s, base in zip(self.segments, self.bases, strict=False)]
        return self._joined(parts, (0, 3))

    @cached_property
    def facets(self) -> dict[str, Pairs]:
        joined = {}
        for name in FACETS:
            ids = [s.facets[name].ids + base for s, base in zip(self.segments, self.bases, strict=False)]
            joined[name] = Pairs(self._joined(ids), self._joined([s.facets[name].codes for s in self.segments]))
        return joined

    @cached_property
    def lengths(self) -> dict[str, np.ndarray]:
        return {zone: self._joined([segment.lengths[zone] for segment in self.segments]) for zone in ZONES}

    @cached_property
    def norms(self) -> dict[str, np.ndarray]:
        """What a count in a zone is divided by: more in a text longer than others."""
        norms = {}
        for zone, (_weight, share) in ZONE_WEIGHTS.items():
            lengths = self.lengths[zone]
            present = lengths[lengths > 0]
            mean = float(present.mean()) if present.size else 1.0
            norms[zone] = ((1 - share) + share * lengths / mean).astype(np.float32)
        return norms

    @cached_property
    def title_order(self) -> np.ndarray:
        """The place of each document when all are sorted by title."""
        titles = [fold(self.row(number)["title"]) for number in range(self.size)]
        order = np.empty(self.size, dtype=np.int64)
        order[sorted(range(self.size), key=titles.__getitem__)] = np.arange(self.size)
        return order

    @cached_property
    def titles(self) -> dict[tuple[str, str], str]:
        """Titles of records by type and slug."""
        rows = (self.row(int(number)) for number in np.flatnonzero(self.live))
        return {(row["type"], row["slug"]): row["title"] for row in rows if "/" not in row["key"]}

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every word as it stands, with the number of documents that have it."""
        counts: Counter = Counter()
        for segment in self.segments:
            counts.update(segment.vocabulary)
        return dict(counts)

    @cached_property
    def words(self) -> list[str]:
        return sorted(self.vocabulary)

    def posting(self, field: str, term: str) -> Posting:
        """The live documents that have a term in a field."""
        key = (field, term)
        found = self._postings.get(key)
        if found is None:
            if len(self._postings) >= MOST_KEPT:
                self._postings.clear()
            found = self._postings[key] = self._join_posting(field, term)
        return found

    def _join_posting(self, field: str, term: str) -> Posting:
        ids, weights = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            part = segment.posting(field, term)
            if part is not None:
                ids.append(part.ids + base)
                weights.append(part.weights)
        posting = Posting(self._joined(ids), self._joined(weights, dtype=np.float32))
        live = self.live[posting.ids]
        return posting if live.all() else Posting(posting.ids[live], posting.weights[live])

    def _place(self, number: int) -> tuple[Segment, int]:
        index = int(np.searchsorted(self.bases, number, side="right")) - 1
        return self.segments[index], number - int(self.bases[index])

    def places(self, field: str, term: str) -> np.ndarray:
        """Where a term stands in live documents, sorted; see `Segment.places`."""
        parts = [
            s.places(field, term) + (int(base) << BITS) for s, base in zip(self.segments, self.bases, strict=False)
        ]
        places = self._joined(parts)
        return places[self.live[places >> BITS]]

    def row(self, number: int) -> dict:
        """The columns of a document, as `schema.fields` wrote them."""
        segment, inner = self._place(number)
        return segment.rows[inner]

    def names(self, number: int) -> list[frozenset[str]]:
        segment, inner = self._place(number)
        return segment.names(inner)

    def shown(self, number: int) -> dict:
        segment, inner = self._place(number)
        return segment.shown(inner)
