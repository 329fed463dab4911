"""One segment of the index, read from its three files. A segment never changes; which documents are deleted does.

Documents are numbered from 0 within the segment, zones by `schema.ZONES`. What is looked into for every search is read
once and kept (columns, dictionaries: some hundred bytes a document); postings and rows are read when asked for.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson

from search.engines.whoosh.arrays import ArrayFile, before, changes, ranges
from search.engines.whoosh.dictionary import Dictionary
from search.engines.whoosh.merging import COLUMNS, POSTINGS, TERMS
from search.meaning import STEM
from search.ranking import TYPE_PRIORS


class Lists:
    """A column of lists: the items of each document, one after the other."""

    def __init__(self, counts: np.ndarray, items: np.ndarray) -> None:
        self.counts, self.items = counts, items

    @cached_property
    def starts(self) -> np.ndarray:
        return before(self.counts)

    @cached_property
    def owners(self) -> np.ndarray:
        """The document of each item."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def single(self) -> np.ndarray | None:
        """Where no document has more than one item: the item of each and one, 0 for none; in as few bytes as will do,
        since they are looked up in no order."""
        if self.counts.max(initial=0) > 1:
            return None
        found = np.zeros(len(self.counts), dtype=np.min_scalar_type(int(self.items.max(initial=0)) + 1))
        found[self.counts > 0] = self.items + 1
        return found

    def of(self, documents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Items of some documents, and how many each has."""
        counts = self.counts[documents]
        return self.items[ranges(self.starts[documents], counts)], counts


class Listed(NamedTuple):
    """Documents that have a term, how often, and all the places where."""

    documents: np.ndarray
    counts: np.ndarray
    places: np.ndarray


class Segment:
    """Raises IndexUnusable when a file is not whole, FileNotFoundError when one is gone."""

    def __init__(self, folder: Path, name: str) -> None:
        self.id = name
        self.terms, self.postings, self.columns = (
            ArrayFile(folder / (name + suffix)) for suffix in (TERMS, POSTINGS, COLUMNS)
        )
        self.files = (self.terms, self.postings, self.columns)
        self.size = int(self.columns.meta["size"])
        self.means: dict[str, float] = self.columns.meta["means"]
        self.values: dict[str, list[str]] = self.columns.meta["values"]
        self.words = Dictionary(self.terms, "words")
        self.list_of = memoryview(self.terms.read("list_of").tobytes()).cast("i")
        self._bounds = {
            name: memoryview(self.terms.read(name).tobytes()).cast("q")
            for name in ("far.starts", "far.place_starts", "close.starts", "close.place_starts")
        }

    def is_untouched(self) -> bool:
        """Are the files as they were when they were opened?"""
        return all(file.is_untouched() for file in self.files)

    def is_unwritten(self) -> bool:
        return all(file.is_unwritten() for file in self.files)

    # Words

    def _bound(self, name: str, number: int) -> tuple[int, int]:
        """Where the list of a term begins and ends: its own, or that of another that stands at the same places."""
        starts, own = self._bounds[name], self.list_of[number]
        return starts[own], starts[own + 1]

    def posting(self, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Documents (int32), amounts (float32) and flags of a term."""
        first, last = self._bound("far.starts", number)
        read = self.postings.read
        return read("far.documents", first, last), read("amounts", first, last), read("flags", first, last)

    def frequency(self, number: int) -> int:
        """How many documents have a term, deleted ones too."""
        first, last = self._bound("far.starts", number)
        return last - first

    def listed(self, name: str, number: int) -> Listed:
        """Where a term stands, in the `close` zones or the `far` ones."""
        first, last = self._bound(f"{name}.starts", number)
        read = self.postings.read
        return Listed(
            read(f"{name}.documents", first, last),
            read(f"{name}.counts", first, last),
            read(f"{name}.places", *self._bound(f"{name}.place_starts", number)),
        )

    @cached_property
    def lengths(self) -> np.ndarray:
        """Length bytes, a row of zones for each document, flat."""
        return self.columns.read("lengths")

    @cached_property
    def stems(self) -> range:
        """The numbers of the terms that are stems; the others are words."""
        return self.words.starting(STEM.encode())

    @cached_property
    def _kin(self) -> np.ndarray:
        return self.terms.read("kin")

    def having_stem(self, number: int) -> np.ndarray:
        """The numbers of the words with a stem."""
        first, last = self._kin.searchsorted((number << 32, (number + 1) << 32))
        return self._kin[first:last] & 0xFFFFFFFF

    @cached_property
    def word_sizes(self) -> np.ndarray:
        """The number of letters of each term."""
        letters = (np.frombuffer(self.words.blob, np.uint8) & 0xC0) != 0x80
        return np.add.reduceat(letters, self._word_starts, dtype=np.int32) if len(self.words) else np.zeros(0, np.int32)

    @cached_property
    def word_letters(self) -> np.ndarray:
        """The letters of each term as bits (uint64); letters outside ASCII share one."""
        codes = np.arange(256, dtype=np.uint64)
        bits = np.left_shift(np.uint64(1), np.where(codes < 128, codes % np.uint64(63), np.uint64(63)))
        blob = np.frombuffer(self.words.blob, np.uint8)
        return np.bitwise_or.reduceat(bits[blob], self._word_starts) if len(self.words) else np.zeros(0, np.uint64)

    @property
    def _word_starts(self) -> np.ndarray:
        return np.concatenate([[0], self.words.ends[:-1]]).astype(np.int64)

    # Filed forms

    @cached_property
    def filed(self) -> Dictionary:
        return Dictionary(self.terms, "filed")

    @cached_property
    def _filed_starts(self) -> memoryview:
        return memoryview(before(self.columns.read("filed.counts")).tobytes()).cast("q")

    def filing(self, form: bytes) -> tuple[np.ndarray, np.ndarray] | None:
        """Documents filed under a form, and their ranks."""
        number = self.filed.find(form)
        if number < 0:
            return None
        first, last = self._filed_starts[number], self._filed_starts[number + 1]
        return self.columns.read("filed.documents", first, last), self.columns.read("filed.ranks", first, last)

    # Columns

    @cached_property
    def records(self) -> np.ndarray:
        return self.columns.read("records")

    @cached_property
    def _by_record(self) -> tuple[np.ndarray, np.ndarray]:
        """The column of records in order, and the documents in that order."""
        order = np.argsort(self.records, kind="stable")
        return self.records[order], order

    def of_records(self, wanted: np.ndarray) -> np.ndarray:
        """The documents (sorted) of some different records."""
        records, order = self._by_record
        first, last = records.searchsorted(wanted), records.searchsorted(wanted, side="right")
        return np.sort(order[ranges(first, last - first)])

    @cached_property
    def record_count(self) -> int:
        return len(changes(self._by_record[0]))

    @cached_property
    def starts(self) -> np.ndarray:
        return self.columns.read("starts")

    @cached_property
    def force(self) -> np.ndarray:
        return self.columns.read("force").reshape(-1, 2)

    @cached_property
    def title_order(self) -> np.ndarray:
        return self.columns.read("title_order")

    @cached_property
    def years(self) -> Lists:
        """First and last year of each run, so two items a run."""
        return self._lists("years")

    @cached_property
    def facets(self) -> dict[str, Lists]:
        return {name: self._lists(f"facet.{name}") for name in self.values}

    def _lists(self, name: str) -> Lists:
        return Lists(self.columns.read(f"{name}.counts"), self.columns.read(f"{name}.items"))

    @cached_property
    def priors(self) -> np.ndarray:
        """How much the type of each document is favoured (float32)."""
        table = np.array([1.0, *(TYPE_PRIORS.get(value, 0.7) for value in self.values["type"])], dtype=np.float32)
        types = self.facets["type"]
        if types.single is not None:
            return table[types.single]
        found = np.ones(self.size, dtype=np.float32)
        found[types.owners] = table[types.items + 1]
        return found

    @cached_property
    def names(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the names of each document start, where the stems of each name do, and the stems."""
        sizes = self._lists("name_sizes")
        return sizes.starts, before(sizes.items), self.columns.read("name_stems")

    # What is shown

    def _starts_of(self, name: str) -> memoryview:
        return memoryview(before(self.columns.read(f"{name}.counts")).tobytes()).cast("q")

    @cached_property
    def _row_starts(self) -> memoryview:
        return self._starts_of("rows")

    def row(self, number: int) -> dict[str, Any]:
        """What is shown of a document, as `columns` wrote it."""
        return orjson.loads(self.columns.bytes("rows.items", self._row_starts[number], self._row_starts[number + 1]))

    @cached_property
    def _title_starts(self) -> memoryview:
        return self._starts_of("titles")

    def title(self, number: int) -> str:
        return self.columns.text("titles.items", self._title_starts[number], self._title_starts[number + 1])

    @cached_property
    def suggested(self) -> tuple[bytes, np.ndarray, np.ndarray]:
        """Sorted suggestions: text, where each ends in it, and (place, later, document) of each."""
        read = self.columns.read
        return read("suggested.blob").tobytes(), read("suggested.ends"), read("suggested.table").reshape(-1, 3)
