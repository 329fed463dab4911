"""The index as it stood at one commit: its segments, without what is deleted, numbered through.

Nothing of it changes, so threads share it; making one costs nothing for what was there before.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from governance.models import Position
from search.engines.whoosh.arrays import distinct
from search.engines.whoosh.columns import CARRIED, EXACT, LINKED, RECORD
from search.engines.whoosh.kept import MOST_BYTES, MOST_FOR_EACH, Kept
from search.engines.whoosh.merging import Means, norms
from search.engines.whoosh.postings import EMPTY, Posting
from search.engines.whoosh.segment import Listed, Segment
from search.meaning import ZONES

MOST_TITLES = MOST_TERMS = 10_000  # in memory
Part = tuple[Segment, slice, np.ndarray]  # a segment, which of some documents it has, and their numbers in it


class Snapshot:
    def __init__(self, folder: str, generation: int, position: Position, segments: list) -> None:
        """`segments`: (Segment, numbers of its deleted documents)."""
        self.folder, self.generation, self.position = folder, generation, position
        self.segments: list[Segment] = [segment for segment, _deleted in segments]
        self.bases = [0]
        for segment in self.segments:
            self.bases.append(self.bases[-1] + segment.size)
        self.size = self.bases[-1]
        self.kept = Kept(max(MOST_BYTES, MOST_FOR_EACH * self.size))
        self._titles: dict[tuple[str, str], str | None] = {}
        self._terms: dict[str, list[tuple[int, Segment, np.ndarray | None, int]]] = {}
        self._live: list[np.ndarray | None] = []
        self._deleted = [np.array(deleted, dtype=np.int64) for _segment, deleted in segments]
        for segment, deleted in segments:
            mask = None
            if deleted:
                mask = np.ones(segment.size, dtype=bool)
                mask[deleted] = False
            self._live.append(mask)
        self.documents = self.size - sum(len(deleted) for _segment, deleted in segments)

    def _each(self) -> Iterator[tuple[int, Segment, np.ndarray | None]]:
        return zip(self.bases, self.segments, self._live, strict=False)  # type: ignore[return-value]

    @cached_property
    def live(self) -> np.ndarray:
        """A mask of the documents that are not deleted."""
        masks = [np.ones(s.size, dtype=bool) if live is None else live for _base, s, live in self._each()]
        return np.concatenate(masks) if masks else np.zeros(0, dtype=bool)

    @cached_property
    def all(self) -> np.ndarray:
        """The numbers of the documents that are not deleted."""
        return np.flatnonzero(self.live)

    @property
    def means(self) -> Means | None:
        """The mean lengths of zones that scores are made with; None when it is empty. They are the same in all
        segments, but for those that came while all others were measured anew, until these are merged too."""
        return self.segments[0].means if self.segments else None

    def living(self, segment: Segment) -> np.ndarray | None:
        """Which documents of a segment are not deleted; None when all."""
        return self._live[self.segments.index(segment)]

    def count_deleted(self, segment: Segment) -> int:
        kept = self.living(segment)
        return 0 if kept is None else segment.size - int(kept.sum())

    @cached_property
    def records(self) -> int:
        """How many records there are. The documents of one are in one segment, and are deleted together."""
        gone = (len(distinct(s.records[deleted])) for s, deleted in zip(self.segments, self._deleted, strict=True))
        return sum(segment.record_count for segment in self.segments) - sum(gone)

    def of_records(self, records: Collection[int]) -> np.ndarray:
        """The numbers of the live documents of some records."""
        wanted, parts = np.array(sorted(set(records)), dtype=np.int64), [EMPTY.ids]
        for base, segment, live in self._each():
            numbers = segment.of_records(wanted)
            parts.append((numbers if live is None else numbers[live[numbers]]) + base)
        return np.concatenate(parts)

    def is_untouched(self) -> bool:
        return all(segment.is_untouched() for segment in self.segments)

    def is_unwritten(self) -> bool:
        return all(segment.is_unwritten() for segment in self.segments)

    # Words

    def _having(self, term: str) -> list[tuple[int, Segment, np.ndarray | None, int]]:
        """The segments that have a term, each with the number of its first document, who is live, and the term's."""
        found = self._terms.get(term)
        if found is None:
            if len(self._terms) >= MOST_TERMS:
                self._terms.clear()
            key = term.encode()
            looked = ((base, segment, live, segment.words.find(key)) for base, segment, live in self._each())
            found = self._terms[term] = [having for having in looked if having[-1] >= 0]
        return found

    def lists(self, term: str) -> tuple[tuple[int, int], ...]:
        """Which lists a term has in the segments that have it: terms with the same ones stand at the same places."""
        return tuple((base, segment.list_of[number]) for base, segment, _live, number in self._having(term))

    def posting(self, term: str) -> Posting:
        """The documents that have a term in any zone, with what that adds to their scores before saturation."""
        parts = []
        for base, segment, live, number in self._having(term):
            documents, amounts, flags = segment.posting(number)
            if live is not None:
                kept = live[documents]
                documents, amounts, flags = documents[kept], amounts[kept], flags[kept]
            parts.append((np.add(documents, base, dtype=np.int64), amounts, flags))
        if len(parts) < 2:
            return Posting(*parts[0]) if parts else EMPTY
        return Posting(*map(np.concatenate, zip(*parts, strict=True)))

    def listed(self, name: str, term: str) -> Listed:
        """Where a term stands in live documents, in the `close` zones or the `far` ones."""
        parts = []
        for base, segment, live, number in self._having(term):
            documents, counts, places = segment.listed(name, number)
            if live is not None:
                kept = live[documents]
                documents, counts, places = documents[kept], counts[kept], places[np.repeat(kept, counts)]
            parts.append((np.add(documents, base, dtype=np.int64), counts, places))
        if len(parts) < 2:
            return Listed(*parts[0]) if parts else Listed(EMPTY.ids, EMPTY.ids, np.zeros(0, np.uint32))
        return Listed(*map(np.concatenate, zip(*parts, strict=True)))

    def frequency(self, term: str) -> int:
        """How many documents have a term, those too that were deleted and not yet swept out."""
        return sum(segment.frequency(number) for _base, segment, _live, number in self._having(term))

    @cached_property
    def _norms(self) -> np.ndarray:
        return norms(self.means or dict.fromkeys(ZONES, 1.0))

    def counting(self, ids: np.ndarray, zones: np.ndarray) -> np.ndarray:
        """What one word counts in a zone of a document, for documents and zones side by side."""
        if len(self.segments) == 1:
            lengths = self.segments[0].lengths[ids * len(ZONES) + zones]
        else:
            lengths = np.empty(len(ids), dtype=np.uint8)
            of = np.searchsorted(self.bases, ids, side="right") - 1
            for number in np.unique(of):
                here = of == number
                inner = (ids[here] - self.bases[number]) * len(ZONES) + zones[here]
                lengths[here] = self.segments[number].lengths[inner]
        return self._norms[(zones << 8) + lengths]

    def surface(self, stem: str) -> set[str]:
        """The words that have a stem (`~language:stem`)."""
        found: set[str] = set()
        for _base, segment, _live, number in self._having(stem):
            found.update(word.decode() for word in segment.words.terms(segment.having_stem(number).tolist()))
        return found

    # Filed forms

    def called(self, form: str) -> tuple[np.ndarray, np.ndarray]:
        """Live documents that are filed under a form, with their ranks (float32)."""
        return self._filed(EXACT, form)

    def carrying(self, slug: str) -> tuple[np.ndarray, np.ndarray]:
        """Live documents that carry a principle, and how strongly (float32)."""
        return self._filed(CARRIED, slug)

    def linking(self, reference: str) -> tuple[np.ndarray, np.ndarray]:
        """Live documents of the records that say they are linked to one (`type/slug`), and how near (percent)."""
        return self._filed(LINKED, reference)

    def numbered(self, reference: str) -> int | None:
        """The number of a record's own document; None where there is none."""
        ids, _ranks = self._filed(RECORD, reference)
        return int(ids[-1]) if len(ids) else None

    def titled(self, type_: str, slug: str) -> str | None:
        """The title of a record; None where there is none."""
        key = (type_, slug)
        try:
            return self._titles[key]
        except KeyError:
            number = self.numbered(f"{type_}/{slug}")
        if len(self._titles) >= MOST_TITLES:
            self._titles.clear()
        title = self._titles[key] = self.title(number) if number is not None else None
        return title

    def _filed(self, prefix: str, form: str) -> tuple[np.ndarray, np.ndarray]:
        key, parts = f"{prefix}{form}".encode(), []
        for base, segment, live in self._each():
            found = segment.filing(key)
            if found is not None:
                documents, ranks = found
                if live is not None:
                    kept = live[documents]
                    documents, ranks = documents[kept], ranks[kept]
                parts.append((np.add(documents, base, dtype=np.int64), ranks.astype(np.float32)))
        if len(parts) < 2:
            return parts[0] if parts else (EMPTY.ids, EMPTY.amounts)
        return np.concatenate([ids for ids, _r in parts]), np.concatenate([ranks for _i, ranks in parts])

    # Columns

    def parts(self, ids: np.ndarray) -> list[Part]:
        """Sorted numbers of documents by segment."""
        if len(self.segments) == 1:
            return [(self.segments[0], slice(0, len(ids)), ids)] if len(ids) else []
        bounds = np.searchsorted(ids, self.bases).tolist()
        spans = zip(self.bases, self.segments, bounds, bounds[1:], strict=False)
        return [(segment, slice(a, b), ids[a:b] - base) for base, segment, a, b in spans if b > a]

    def column(self, ids: np.ndarray, of: Callable[[Segment], np.ndarray]) -> np.ndarray:
        """A column for some documents, by sorted numbers."""
        parts = self.parts(ids)
        if len(parts) == 1:
            return of(parts[0][0])[parts[0][2]]
        return np.concatenate([of(segment)[inner] for segment, _span, inner in parts]) if parts else EMPTY.ids

    def whole(self, of: Callable[[Segment], np.ndarray]) -> np.ndarray:
        """A mask over all documents, from one of each segment, without the deleted ones."""
        masks = [of(s) if live is None else of(s) & live for _base, s, live in self._each()]
        return np.concatenate(masks) if masks else np.zeros(0, dtype=bool)

    def mask(self, ids: np.ndarray) -> np.ndarray:
        found = np.zeros(self.size, dtype=bool)
        found[ids] = True
        return found

    # One document

    def _place(self, number: int) -> tuple[Segment, int]:
        index = bisect_right(self.bases, number) - 1
        return self.segments[index], number - self.bases[index]

    def row(self, number: int) -> dict[str, Any]:
        """What is shown of a document, as `columns` wrote it."""
        segment, inner = self._place(number)
        return segment.row(inner)

    def title(self, number: int) -> str:
        segment, inner = self._place(number)
        return segment.title(inner)

    def has_type(self, number: int, type_: str) -> bool:
        segment, inner = self._place(number)
        values, types = segment.values["type"], segment.facets["type"]
        return type_ in (values[code] for code in types.of(np.array([inner]))[0].tolist())
