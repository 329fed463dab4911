"""One segment out of runs or segments: their arrays interleaved term by term, without what is deleted.

Works through the terms in stretches of bounded size, so that memory does not grow with the index, and weighs every
posting anew: `amounts` is what a term adds to the score of a document before saturation, over all zones (BM25F).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.engines.whoosh import compacting, dictionary
from search.engines.whoosh.arrays import ArrayWriter, before, distinct, ranges, sums
from search.engines.whoosh.compacting import Source
from search.engines.whoosh.dictionary import Dictionary
from search.engines.whoosh.schema import ZONE_BITS, among
from search.lengths import LENGTHS
from search.meaning import LINKED_ZONES, ZONES
from search.ranking import ZONE_WEIGHTS

Means = dict[str, float]  # the mean length of each zone, and under COUNT of how many documents it is the mean
COUNT = "documents"
STRETCH = 1_500_000  # postings or places worked on at a time
TERMS, POSTINGS, COLUMNS = ".trm", ".pst", ".col"  # suffixes of the files of a segment
LINKED, OWN = 1, 3  # flags of a posting: in words of what the record is linked to only, or its own
_LISTS = ("far", "close")


def merge(sources: list[Source], name: Path, means: Means | None) -> dict[str, tuple[int, int]]:
    """Write one segment of all `sources`, as files called `name` with suffixes; returns their sizes and checksums."""
    base = 0
    for source in sources:
        source.place(base)
        base += source.kept
    lengths = np.concatenate([source.column("lengths", len(ZONES)) for source in sources])
    means = means or mean_lengths(lengths)
    meta = {"size": base, "means": means}
    files = {suffix: ArrayWriter(name.with_name(name.name + suffix)) for suffix in (TERMS, POSTINGS, COLUMNS)}
    terms, maps = _merged_terms(sources)
    dictionary.write(files[TERMS], "words", terms)
    _write_kin(files[TERMS], sources, maps)
    _write_postings(files[POSTINGS], files[TERMS], sources, maps, len(terms), weights(lengths, means))
    files[COLUMNS].add("lengths", lengths, "u1")
    values = compacting.write_columns(files[COLUMNS], sources)
    compacting.write_filed(files[TERMS], files[COLUMNS], sources)
    compacting.write_suggestions(files[COLUMNS], sources)
    metas = {COLUMNS: meta | {"values": values}}
    return {file.path.name: file.finish(metas.get(suffix, meta)) for suffix, file in files.items()}


# Weights


def mean_lengths(lengths: np.ndarray) -> Means:
    """The mean length of each zone where it has text; `lengths` as bytes, a row of zones for each document."""
    found = {COUNT: float(len(lengths) // len(ZONES))}
    for number, zone in enumerate(ZONES):
        here = LENGTHS[lengths.reshape(-1, len(ZONES))[:, number]]
        found[zone] = float(here[here > 0].mean()) if here.any() else 1.0
    return found


def norms(means: Means) -> np.ndarray:
    """What one word counts, by zone and length byte (float32): less in a text longer than others."""
    table = np.empty((len(ZONES), 256), dtype=np.float32)
    for number, zone in enumerate(ZONES):
        weight, share = ZONE_WEIGHTS[zone]
        table[number] = weight / ((1 - share) + share * LENGTHS / means[zone])
    return table.reshape(-1)


@dataclass
class Weights:
    """Looks up what a word at a place in a document counts."""

    lengths: np.ndarray
    table: np.ndarray

    def of(self, documents: np.ndarray, places: np.ndarray) -> np.ndarray:
        zones = places >> ZONE_BITS
        return self.table[(zones.astype(np.int64) << 8) + self.lengths[documents * len(ZONES) + zones]]


def weights(lengths: np.ndarray, means: Means) -> Weights:
    return Weights(lengths, norms(means))


# Terms


def _merged_terms(sources: list[Source]) -> tuple[list[bytes], list[np.ndarray]]:
    """All terms that some kept document has, and for each source the new numbers of its terms (-1: gone)."""
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
    found = np.full(len(alive), -1, dtype=np.int64)
    found[alive] = numbers
    return found


def _alive(source: Source) -> np.ndarray | None:
    if source.keep is None:
        return None
    starts = source.terms.read("far.starts")  # type: ignore[union-attr]
    found = np.zeros(len(starts) - 1, dtype=bool)
    for first, last in stretches(starts):
        documents = source.postings.read("far.documents", int(starts[first]), int(starts[last]))  # type: ignore[union-attr]
        kept = sums(source.keep[documents].astype(np.int64), np.diff(starts[first : last + 1]))
        found[first:last] = kept > 0
    return found


def stretches(starts: np.ndarray) -> Iterator[tuple[int, int]]:
    """Ranges of terms with about STRETCH postings each."""
    first, size = 0, len(starts) - 1
    while first < size:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + STRETCH, side="right")) - 1)
        yield first, min(last, size)
        first = min(last, size)


def _write_kin(file: ArrayWriter, sources: list[Source], maps: list[np.ndarray]) -> None:
    """Pairs of a stem and a word that has it, sorted."""
    parts = []
    for source, numbers in zip(sources, maps, strict=True):
        pairs = source.terms.read("kin")  # type: ignore[union-attr]
        stems, words = numbers[pairs >> 32], numbers[pairs & 0xFFFFFFFF]
        known = (stems >= 0) & (words >= 0)
        parts.append((stems[known] << 32) | words[known])
    file.add("kin", distinct(np.concatenate(parts)), "<i8")


# Postings


@dataclass
class _Piece:
    """Some postings of a list: term (counted from the first of the stretch), document, and places."""

    terms: np.ndarray
    documents: np.ndarray
    counts: np.ndarray
    places: np.ndarray


def _write_postings(
    file: ArrayWriter, terms_file: ArrayWriter, sources: list[Source], maps: list[np.ndarray], size: int, weigh: Weights
) -> None:
    totals = {name: np.zeros(size, dtype=np.int64) for name in _LISTS}
    place_totals = {name: np.zeros(size, dtype=np.int64) for name in _LISTS}
    needed = _needed(sources, maps, size)
    for first, last in stretches(before(needed)):
        pieces = {}
        for name in _LISTS:
            read = [_read(source, numbers, name, first, last) for source, numbers in zip(sources, maps, strict=True)]
            piece = pieces[name] = _interleaved(read, last - first)
            totals[name][first:last] = np.bincount(piece.terms, minlength=last - first)
            place_totals[name][first:last] = np.bincount(piece.terms, piece.counts, minlength=last - first)
            file.add(f"{name}.documents", piece.documents, "<i4")
            file.add(f"{name}.counts", piece.counts, "<u2")
            file.add(f"{name}.places", piece.places, "<u4")
        amounts, flags = _weighed(pieces["far"], pieces["close"], weigh)
        file.add("amounts", amounts, "<f4")
        file.add("flags", flags, "u1")
    for name in _LISTS:
        for array in ("documents", "counts", "places"):
            file.add(f"{name}.{array}", np.zeros(0), {"documents": "<i4", "counts": "<u2", "places": "<u4"}[array])
        terms_file.add(f"{name}.starts", before(totals[name]), "<i8")
        terms_file.add(f"{name}.place_starts", before(place_totals[name]), "<i8")
    file.add("amounts", np.zeros(0), "<f4")
    file.add("flags", np.zeros(0), "u1")


def _needed(sources: list[Source], maps: list[np.ndarray], size: int) -> np.ndarray:
    """How much there is to do for each term: the number of its postings and places."""
    needed = np.zeros(size, dtype=np.int64)
    for source, numbers in zip(sources, maps, strict=True):
        known = numbers >= 0
        for name in _LISTS:
            for array in ("starts", "place_starts"):
                counts = np.diff(source.terms.read(f"{name}.{array}"))  # type: ignore[union-attr]
                needed[numbers[known]] += counts[known]
    return needed


def _read(source: Source, numbers: np.ndarray, name: str, first: int, last: int) -> _Piece:
    """The postings of a source for new terms `first` to `last`, with new numbers of documents."""
    known = np.flatnonzero(numbers >= 0)
    here = known[np.searchsorted(numbers[known], first) : np.searchsorted(numbers[known], last)]
    if not len(here):
        empty = np.zeros(0, dtype=np.int64)
        return _Piece(empty, empty, empty, empty)
    low, high = int(here[0]), int(here[-1]) + 1
    starts = source.terms.read(f"{name}.starts", low, high + 1)  # type: ignore[union-attr]
    places = source.terms.read(f"{name}.place_starts", low, high + 1)  # type: ignore[union-attr]
    read = source.postings.read  # type: ignore[union-attr]
    documents = source.numbers[read(f"{name}.documents", int(starts[0]), int(starts[-1]))]
    counts = read(f"{name}.counts", int(starts[0]), int(starts[-1])).astype(np.int64)
    spots = read(f"{name}.places", int(places[0]), int(places[-1]))
    terms = np.repeat(numbers[low:high] - first, np.diff(starts))
    if source.keep is None:
        return _Piece(terms, documents, counts, spots)
    kept = documents >= 0
    return _Piece(terms[kept], documents[kept], counts[kept], spots[np.repeat(kept, counts)])


def _interleaved(pieces: list[_Piece], size: int) -> _Piece:
    """All of them by term, and by source for each term, so that documents are in order."""
    pieces = [piece for piece in pieces if len(piece.terms)] or pieces[:1]
    if len(pieces) == 1:
        return pieces[0]
    totals = [np.bincount(piece.terms, minlength=size) for piece in pieces]
    next_free = before(np.sum(totals, axis=0))[:-1]
    count = sum(len(piece.terms) for piece in pieces)
    terms, documents, counts = (np.empty(count, dtype=np.int64) for _array in range(3))
    spots = []
    for piece, total in zip(pieces, totals, strict=True):
        spot = ranges(next_free, total)
        next_free = next_free + total
        spots.append(spot)
        terms[spot], documents[spot], counts[spot] = piece.terms, piece.documents, piece.counts
    starts = before(counts)
    places = np.empty(int(starts[-1]), dtype=np.uint32)
    for piece, spot in zip(pieces, spots, strict=True):
        places[ranges(starts[spot], piece.counts)] = piece.places
    return _Piece(terms, documents, counts, places)


def _weighed(far: _Piece, close: _Piece, weigh: Weights) -> tuple[np.ndarray, np.ndarray]:
    """The amount of each posting, and whether it is in words of the document's own."""
    amounts = sums(weigh.of(np.repeat(far.documents, far.counts), far.places), far.counts)
    linked = among(LINKED_ZONES)[far.places >> ZONE_BITS]
    flags = np.where(sums((~linked).astype(np.int64), far.counts) > 0, OWN, LINKED).astype("u1")
    if len(close.terms):
        at = np.searchsorted((far.terms << 32) | far.documents, (close.terms << 32) | close.documents)
        amounts[at] += sums(weigh.of(np.repeat(close.documents, close.counts), close.places), close.counts)
        flags[at] = OWN
    return amounts, flags
