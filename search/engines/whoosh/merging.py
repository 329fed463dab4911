"""One segment out of runs or segments: their arrays interleaved term by term, without what is deleted.

Works through the terms in stretches of bounded size, so that memory does not grow with the index, and weighs every
posting anew: `amounts` is what a term adds to the score of a document before saturation, over all zones (BM25F).
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from search.engines.whoosh import compacting, vocabulary
from search.engines.whoosh.arrays import ArrayFile, Arrays, ArrayWriter, before, ranges, stretches, sums
from search.engines.whoosh.compacting import Source
from search.engines.whoosh.schema import ZONE_BITS, among
from search.engines.whoosh.vocabulary import LISTS
from search.lengths import LENGTHS
from search.meaning import LINKED_ZONES, ZONES
from search.ranking import ZONE_WEIGHTS

Means = dict[str, float]  # the mean length of each zone, and under COUNT of how many documents it is the mean
COUNT = "documents"
TERMS, POSTINGS, COLUMNS = ".trm", ".pst", ".col"  # suffixes of the files of a segment
SKIPPED = 8192  # items that are sooner read than skipped by reading twice
LINKED, OWN = 1, 3  # flags of a posting: in words of what the record is linked to only, or its own


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
    known = vocabulary.merged(sources)
    known.write(files[TERMS])
    size, weigh = len(known.terms), weights(lengths, means)
    _write_postings(files[POSTINGS], files[TERMS], sources, known.maps_to_lists(), size, weigh)
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
    totals = {name: np.zeros(size, dtype=np.int64) for name in LISTS}
    place_totals = {name: np.zeros(size, dtype=np.int64) for name in LISTS}
    needed = _needed(sources, maps, size)
    for first, last in stretches(before(needed)):
        pieces = {}
        for name in LISTS:
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
    for name in LISTS:
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
        known = np.flatnonzero(numbers >= 0)
        for name in LISTS:
            for array in ("starts", "place_starts"):
                starts, ends = source.bounds(f"{name}.{array}", known)
                needed[numbers[known]] += ends - starts
    return needed


def _read(source: Source, numbers: np.ndarray, name: str, first: int, last: int) -> _Piece:
    """The postings of a source for new terms `first` to `last`, with new numbers of documents."""
    known = np.flatnonzero(numbers >= 0)
    here = known[np.searchsorted(numbers[known], first) : np.searchsorted(numbers[known], last)]
    if not len(here):
        empty = np.zeros(0, dtype=np.int64)
        return _Piece(empty, empty, empty, empty)
    starts, ends = source.bounds(f"{name}.starts", here)
    documents = source.numbers[_gathered(source.postings, f"{name}.documents", starts, ends)]  # type: ignore[arg-type]
    counts = _gathered(source.postings, f"{name}.counts", starts, ends).astype(np.int64)  # type: ignore[arg-type]
    spots = _gathered(source.postings, f"{name}.places", *source.bounds(f"{name}.place_starts", here))  # type: ignore[arg-type]
    terms = np.repeat(numbers[here] - first, ends - starts)
    if source.keep is None:
        return _Piece(terms, documents, counts, spots)
    kept = documents >= 0
    return _Piece(terms[kept], documents[kept], counts[kept], spots[np.repeat(kept, counts)])


def _gathered(file: ArrayFile | Arrays, name: str, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The items of several runs, one after the other; runs that follow each other closely are read at once."""
    gaps, parts = starts[1:] - ends[:-1], []
    breaks = np.flatnonzero((gaps < 0) | (gaps > SKIPPED)) + 1
    for first, last in pairwise([0, *breaks.tolist(), len(starts)]):
        begin, counts = starts[first], ends[first:last] - starts[first:last]
        found = file.read(name, int(begin), int(ends[last - 1]))
        parts.append(found if counts.sum() == len(found) else found[ranges(starts[first:last] - begin, counts)])
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


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
