"""The terms of a segment that is made of others: their numbers, which words have which stem, and whose list each has.

Most stems belong to one word alone and stand wherever it does. Such a stem has no list of its own: what is known of the
places of both, which is most of an index, is written and read once.
"""

from typing import NamedTuple

import numpy as np

from search.engines.whoosh import dictionary
from search.engines.whoosh.arrays import ArrayWriter, distinct, stretches, sums
from search.engines.whoosh.compacting import Source
from search.engines.whoosh.dictionary import Dictionary

LISTS = ("far", "close")
_GONE = -1


class Vocabulary(NamedTuple):
    """Sorted terms; for each source the numbers that its own terms have among them (-1: no document that is kept has
    it); sorted pairs of a stem and a word; and the term whose list each has."""

    terms: list[bytes]
    maps: list[np.ndarray]
    kin: np.ndarray
    list_of: np.ndarray

    def write(self, file: ArrayWriter) -> None:
        dictionary.write(file, "words", self.terms)
        file.add("kin", self.kin, "<i8")
        file.add("list_of", self.list_of, "<i4")

    def maps_to_lists(self) -> list[np.ndarray]:
        """`maps` to the terms that have lists of their own."""
        own = self.list_of == np.arange(len(self.list_of))
        return [np.where(_kept(numbers, own), numbers, _GONE) for numbers in self.maps]


def _kept(numbers: np.ndarray, own: np.ndarray) -> np.ndarray:
    found = numbers != _GONE
    found[found] = own[numbers[found]]
    return found


def merged(sources: list[Source]) -> Vocabulary:
    """The terms of all sources that some kept document has."""
    terms, maps = _terms(sources)
    kin, lonely = _kin(sources, maps, len(terms))
    return Vocabulary(terms, maps, kin, _list_of(sources, maps, kin, lonely))


def _terms(sources: list[Source]) -> tuple[list[bytes], list[np.ndarray]]:
    lists = [Dictionary(source.terms, "words").terms() for source in sources]  # type: ignore[arg-type]
    alive = [_alive(source) for source in sources]
    for number, living in enumerate(alive):
        if living is not None:
            lists[number] = [term for term, lives in zip(lists[number], living.tolist(), strict=True) if lives]
    if len(lists) == 1:
        terms = lists[0]
        maps = [np.arange(len(terms))]
    else:
        terms = sorted(set().union(*lists))
        numbers = {term: number for number, term in enumerate(terms)}
        maps = [np.fromiter(map(numbers.__getitem__, found), np.int64, len(found)) for found in lists]
    return terms, [m if a is None else _spread(m, a) for m, a in zip(maps, alive, strict=True)]


def _spread(numbers: np.ndarray, alive: np.ndarray) -> np.ndarray:
    found = np.full(len(alive), _GONE, dtype=np.int64)
    found[alive] = numbers
    return found


def _alive(source: Source) -> np.ndarray | None:
    """Which terms some kept document has; None where all are kept."""
    if source.keep is None:
        return None
    starts = source.terms.read("far.starts")  # type: ignore[union-attr]
    found = np.zeros(len(starts) - 1, dtype=bool)
    for first, last in stretches(starts):
        documents = source.postings.read("far.documents", int(starts[first]), int(starts[last]))  # type: ignore[union-attr]
        kept = sums(source.keep[documents].astype(np.int64), np.diff(starts[first : last + 1]))
        found[first:last] = kept > 0
    return found[source.terms.read("list_of")]  # type: ignore[union-attr]


def _kin(sources: list[Source], maps: list[np.ndarray], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a stem and a word that has it, sorted; and for each term whether it is a stem of one word only. A word
    that is gone counts as well: its places are still among those that the source has of the stem."""
    parts, crowded = [], np.zeros(size, dtype=bool)
    for source, numbers in zip(sources, maps, strict=True):
        pairs = source.terms.read("kin")  # type: ignore[union-attr]
        stems, words = numbers[pairs >> 32], numbers[pairs & 0xFFFFFFFF]
        known = (stems != _GONE) & (words != _GONE)
        crowded[stems[(stems != _GONE) & (words == _GONE)]] = True
        parts.append((stems[known] << 32) | words[known])
    kin = distinct(np.concatenate(parts))
    return kin, (np.bincount(kin >> 32, minlength=size) == 1) & ~crowded


def _list_of(sources: list[Source], maps: list[np.ndarray], kin: np.ndarray, lonely: np.ndarray) -> np.ndarray:
    """The term whose list each term has: its own, or the word's where a stem is of that word only (`lonely`) and has as
    many places. It is nowhere else, so these are the same ones (but for what `building.MOST_TIMES` has cut off)."""
    places = np.zeros(len(lonely), dtype=np.int64)
    for source, numbers in zip(sources, maps, strict=True):
        known = np.flatnonzero(numbers != _GONE)
        for name in LISTS:
            starts, ends = source.bounds(f"{name}.place_starts", known)
            places[numbers[known]] += ends - starts
    stems, words = kin >> 32, kin & 0xFFFFFFFF
    same = lonely[stems] & (places[stems] == places[words])
    found = np.arange(len(lonely), dtype=np.int32)
    found[stems[same]] = words[same]
    return found
