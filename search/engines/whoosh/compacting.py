"""The columns of runs or segments put one after the other, without the documents that are deleted."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from search.engines.whoosh import dictionary
from search.engines.whoosh.arrays import ArrayFile, Arrays, ArrayWriter, before, ranges
from search.engines.whoosh.columns import LISTS, SINGLES, suggestion_arrays
from search.engines.whoosh.dictionary import Dictionary
from search.filing import FACETS
from search.text import fold


@dataclass
class Source:
    """A run or a segment to be merged; `keep` says which documents go on, None that all do."""

    arrays: ArrayFile | Arrays
    keep: np.ndarray | None = None
    postings: ArrayFile | Arrays | None = None
    terms: ArrayFile | Arrays | None = None
    numbers: np.ndarray = field(init=False)  # of its documents in the merged segment

    def __post_init__(self) -> None:
        self.postings = self.postings or self.arrays
        self.terms = self.terms or self.arrays
        self.size = int(self.arrays.meta["size"])
        self.kept = self.size if self.keep is None else int(self.keep.sum())

    def place(self, base: int) -> None:
        if self.keep is None:
            self.numbers = np.arange(base, base + self.size)
        else:
            self.numbers = np.where(self.keep, base + np.cumsum(self.keep) - 1, -1)

    def bounds(self, name: str, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the lists of some terms (sorted numbers) begin and end; `name` is that of the array which says where
        each begins, such as `far.starts`."""
        if not len(terms):
            return terms, terms
        low, high = int(terms[0]), int(terms[-1]) + 1
        lists = self.terms.read("list_of", low, high)[terms - low]  # type: ignore[union-attr]
        first = int(lists.min())
        found = self.terms.read(name, first, int(lists.max()) + 2)  # type: ignore[union-attr]
        return found[lists - first], found[lists - first + 1]

    def column(self, name: str, width: int = 1) -> np.ndarray:
        values = self.arrays.read(name)
        return values if self.keep is None else values.reshape(self.size, width)[self.keep].reshape(-1)

    def lists(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Counts and items of a column of lists."""
        counts, items = self.arrays.read(f"{name}.counts"), self.arrays.read(f"{name}.items")
        if self.keep is None:
            return counts, items
        return counts[self.keep], items[ranges(before(counts)[:-1][self.keep], counts[self.keep])]


def write_columns(file: ArrayWriter, sources: list[Source]) -> dict[str, list[str]]:
    values: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for source in sources:
        for name, width in SINGLES.items():
            column = source.column(name, width)
            file.add(name, column, column.dtype.str)
        for name in LISTS:
            counts, items = source.lists(name)
            if name.startswith("facet."):
                items = _renumbered(items, source.arrays.meta["values"][name[6:]], values[name[6:]])
            file.add(f"{name}.counts", counts, "<u4")
            file.add(f"{name}.items", items, items.dtype.str)
        file.add("name_stems", _name_stems(source), "<i8")
    file.add("title_order", _title_order(sources), "<i4")
    return {name: list(known) for name, known in values.items()}


def _renumbered(items: np.ndarray, own: list[str], values: dict[str, int]) -> np.ndarray:
    table = np.array([values.setdefault(value, len(values)) for value in own], dtype=np.int32)
    return table[items] if len(items) else items


def _name_stems(source: Source) -> np.ndarray:
    stems = source.arrays.read("name_stems")
    if source.keep is None:
        return stems
    counts, sizes = source.arrays.read("name_sizes.counts"), source.arrays.read("name_sizes.items")
    return stems[np.repeat(np.repeat(source.keep, counts), sizes)]


def _title_order(sources: list[Source]) -> np.ndarray:
    """The place of each document when all are sorted by title."""
    titles: list[str] = []
    for source in sources:
        counts, items = source.lists("titles")
        text, bounds = items.tobytes(), before(counts).tolist()
        titles += [fold(text[a:b].decode()) for a, b in pairwise(bounds)]
    order = np.empty(len(titles), dtype=np.int32)
    order[sorted(range(len(titles)), key=titles.__getitem__)] = np.arange(len(titles))
    return order


def write_filed(terms_file: ArrayWriter, file: ArrayWriter, sources: list[Source]) -> None:
    """Filed forms, with the documents and ranks of each."""
    filed: dict[bytes, list[tuple[int, int]]] = {}
    for source in sources:
        bounds = before(source.arrays.read("filed.counts")).tolist()
        documents = source.numbers[source.arrays.read("filed.documents")].tolist()
        ranks = source.arrays.read("filed.ranks").tolist()
        for number, form in enumerate(Dictionary(source.terms, "filed").terms()):  # type: ignore[arg-type]
            found = slice(bounds[number], bounds[number + 1])
            kept = [(d, r) for d, r in zip(documents[found], ranks[found], strict=True) if d >= 0]
            if kept:
                filed.setdefault(form, []).extend(kept)
    forms = sorted(filed)
    table = np.array([posting for form in forms for posting in filed[form]], dtype=np.int64).reshape(-1, 2)
    dictionary.write(terms_file, "filed", forms)
    file.add("filed.counts", np.array([len(filed[form]) for form in forms]), "<u4")
    file.add("filed.documents", table[:, 0], "<i4")
    file.add("filed.ranks", table[:, 1], "u1")


def write_suggestions(file: ArrayWriter, sources: list[Source]) -> None:
    found: list[tuple[bytes, int, int, int]] = []
    for source in sources:
        text = source.arrays.read("suggested.blob").tobytes()
        ends = source.arrays.read("suggested.ends").tolist()
        table = source.arrays.read("suggested.table").reshape(-1, 3)
        numbers = source.numbers[table[:, 2]].tolist()
        for start, end, (place, later, _old), number in zip([0, *ends], ends, table.tolist(), numbers, strict=False):
            if number >= 0:
                found.append((text[start:end], place, later, number))
    for name, array in suggestion_arrays(sorted(found)).items():
        file.add(name, array, array.dtype.str)
