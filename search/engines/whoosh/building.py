"""From documents to arrays: analysed chunk by chunk, sorted run by run, and merged into a segment.

A chunk is a piece of text without white space, such as `(non-refoulement,`. Each different one is analysed once
(`search.text.tokens`); a text is then a row of numbers, and all else is arithmetic on arrays of them. Documents are
sorted in runs of bounded size, which are put aside on disk; `merging` makes one segment of all runs.
"""

import shutil
import tempfile
from array import array
from pathlib import Path
from typing import NamedTuple

import numpy as np

from search.documents import SearchDocument
from search.engines.whoosh import columns, merging
from search.engines.whoosh.arrays import ArrayFile, Arrays, ArrayWriter, before, distinct, ranges, sums
from search.engines.whoosh.dictionary import pack
from search.engines.whoosh.schema import CLOSE_END, FIRST, ZONE_BITS
from search.lengths import length_bytes
from search.meaning import GAP, NAME_ZONES, STEM, ZONES
from search.stems import stem
from search.text import tokens

MOST_CHUNKS = 3_000_000  # in a run
MOST_KNOWN = 1_000_000  # different chunks in memory
MOST_TIMES = 65_535  # of a word in the places of one document
UNSTEMMED = -1
_SAME = -1  # in place of the number of a stem that stands just where its word does
_NO_PAIRS = np.zeros((0, 2), np.int32)


class _Chunks(dict):
    """chunk → its number; a new one is analysed. `words`: the different words by number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.words: list[str] = []
        self.ends = array("i", [0])  # of the tokens of each chunk, in the three arrays below
        self.word, self.offset, self.whole = array("i"), array("i"), array("b")
        self.widths = array("i")  # positions that a chunk takes up

    def __missing__(self, chunk: str) -> int:
        width = 0
        for token in tokens(chunk):
            self.word.append(self.number(token.text))
            self.offset.append(token.position)
            self.whole.append(token.whole)
            width = max(width, token.position + 1)
        self.ends.append(len(self.word))
        self.widths.append(width)
        number = self[chunk] = len(self.widths) - 1
        return number

    def number(self, word: str) -> int:
        found = self.numbers.get(word)
        if found is None:
            found = self.numbers[word] = len(self.words)
            self.words.append(word)
        return found


class _Tokens(NamedTuple):
    """Every word and stem in order: its number, document and place, but for stems that stand just where a word does.
    Pairs of stems and words: those that have them, and those that stand at the same places. Lengths, a row of zones for
    each document, flat."""

    terms: np.ndarray
    documents: np.ndarray
    places: np.ndarray
    kin: np.ndarray
    same: np.ndarray
    lengths: np.ndarray


class Builder:
    """Takes documents and writes them as one segment. `folder` is where runs are put aside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = 0
        self._chunks = _Chunks()
        self._languages: list[str] = []
        self._stems: list[dict[int, int]] = []  # by language: word → the number of its stem
        self._marks: dict[str, columns.Marks] = {}
        self._runs: list[ArrayFile | Arrays] = []
        self._aside: Path | None = None
        self._start()

    def _start(self) -> None:
        self._stream = array("i")  # numbers of chunks
        self._texts = array("i")  # document, zone, language, number of chunks
        self._columns = columns.Columns(self._marks)
        if len(self._chunks) > MOST_KNOWN:
            self._chunks, self._marks = _Chunks(), {}
            self._stems = [{} for _language in self._languages]

    def add(self, document: SearchDocument) -> None:
        number, numbers = len(self._columns), self._chunks.__getitem__
        for zone, name in enumerate(ZONES):
            for text in document.zones.get(name, ()):
                found = text.text.split()
                self._stream.fromlist(list(map(numbers, found)))  # takes half as long as `extend`
                self._texts.extend((number, zone, self._language(text, name), len(found)))
        self._columns.add(document)
        self.size += 1
        if len(self._stream) >= MOST_CHUNKS:
            self._put_aside()

    def _language(self, text, zone: str) -> int:
        """The number of the language whose stems a text is found by; only names have others than English."""
        if not text.stemmed or (text.language != "en" and zone not in NAME_ZONES):
            return UNSTEMMED
        if text.language not in self._languages:
            self._languages.append(text.language)
            self._stems.append({})
        return self._languages.index(text.language)

    def _put_aside(self) -> None:
        if self._aside is None:
            self._aside = Path(tempfile.mkdtemp(dir=self.folder, prefix="runs."))
        run = self._run()
        path = self._aside / str(len(self._runs))
        file = ArrayWriter(path)
        for name, values in run.arrays.items():
            file.add(name, values, values.dtype.str)
        file.finish(run.meta)
        self._runs.append(ArrayFile(path))
        self._start()

    def write(self, name: Path, means: merging.Means | None) -> dict[str, tuple[int, int]]:
        """Write the segment as `name` with several suffixes; returns the sizes and checksums of its files.

        `means`: the mean lengths of zones that scores are made with; those of these documents when None."""
        if len(self._columns) or not self._runs:
            self._runs.append(self._run())
        try:
            return merging.merge([merging.Source(run) for run in self._runs], name, means)
        finally:
            self.discard()

    def discard(self) -> None:
        self._runs.clear()
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)

    # A run: from the stream of chunks to sorted postings

    def _run(self) -> Arrays:
        found = self._tokens()
        words = self._chunks.words
        used = np.flatnonzero(np.bincount(np.concatenate([found.terms, found.same[:, 0]]), minlength=len(words)))
        names = sorted((words[number].encode(), number) for number in used.tolist())
        place_of = np.zeros(len(words), dtype=np.int64)
        place_of[[number for _name, number in names]] = np.arange(len(names))
        arrays = _postings(place_of[found.terms], found.documents, found.places, len(names))
        arrays |= {f"words.{part}": values for part, values in pack([name for name, _n in names]).items()}
        kin, same = place_of[found.kin], place_of[found.same]
        arrays["kin"] = distinct((kin[:, 0] << 32) | kin[:, 1])
        arrays["list_of"] = np.arange(len(names), dtype=np.int32)
        arrays["list_of"][same[:, 0]] = same[:, 1]
        arrays["lengths"] = length_bytes(found.lengths)
        more, meta = self._columns.arrays()
        return Arrays(arrays | more, meta)

    def _tokens(self) -> _Tokens:
        texts = np.frombuffer(self._texts, np.int32).reshape(-1, 4).astype(np.int64)
        stream = np.frombuffer(self._stream, np.int32)
        widths = np.frombuffer(self._chunks.widths, np.int32)[stream]
        positions = self._positions(texts, widths)
        ends = np.frombuffer(self._chunks.ends, np.int32)
        counts = (ends[1:] - ends[:-1])[stream]
        inner = ranges(ends[stream], counts)
        words = np.frombuffer(self._chunks.word, np.int32)[inner]
        text = np.repeat(np.repeat(np.arange(len(texts)), texts[:, 3]), counts)
        positions = np.repeat(positions, counts) + np.frombuffer(self._chunks.offset, np.int32)[inner]
        documents = texts[text, 0].astype(np.int32)
        places = ((texts[text, 1] << ZONE_BITS) + FIRST + positions).astype(np.int32)
        languages = np.where(np.frombuffer(self._chunks.whole, np.int8)[inner] > 0, UNSTEMMED, texts[text, 2])
        parts, kin, same = [(words, documents, places)], [_NO_PAIRS], [_NO_PAIRS]
        times = np.bincount(words)
        for language in range(len(self._languages)):
            stemmed = np.flatnonzero(languages == language)
            times_here = np.bincount(words[stemmed], minlength=len(times))
            having = np.flatnonzero(times_here)
            stems = np.array([self._stem(language, word) for word in having.tolist()], dtype=np.int32)
            pairs = np.stack([stems, having], axis=1)
            is_same = (np.bincount(stems)[stems] == 1) & (times_here[having] == times[having])
            stem_of = np.full(len(times), _SAME, dtype=np.int32)
            stem_of[having[~is_same]] = stems[~is_same]
            others = stemmed[stem_of[words[stemmed]] != _SAME]
            parts.append((stem_of[words[others]], documents[others], places[others]))
            kin.append(pairs)
            same.append(pairs[is_same])
        # A word counts once more for its stem in how long a text is.
        cells = documents.astype(np.int64) * len(ZONES) + (places >> ZONE_BITS)
        lengths = np.bincount(cells, 1.0 + (languages != UNSTEMMED), len(self._columns) * len(ZONES))
        terms, documents, places = (np.concatenate(column) for column in zip(*parts, strict=True))
        return _Tokens(terms, documents, places, np.concatenate(kin), np.concatenate(same), lengths.astype(np.int64))

    @staticmethod
    def _positions(texts: np.ndarray, widths: np.ndarray) -> np.ndarray:
        """The first position of each chunk in its zone, the texts of a zone some way apart."""
        taken = sums(widths, texts[:, 3])
        steps = np.maximum(taken - 1, 0) + GAP
        bases = before(steps)[:-1]
        zone = texts[:, 0] * len(ZONES) + texts[:, 1]
        opening = np.flatnonzero(np.diff(zone, prepend=-1))
        bases -= np.repeat(bases[opening], np.diff(np.append(opening, len(zone))))
        inside = before(widths)[:-1]
        starts = before(texts[:, 3])[:-1]
        first = np.append(inside, 0)[starts] if len(texts) else inside
        return inside + np.repeat(bases - first, texts[:, 3])

    def _stem(self, language: int, word: int) -> int:
        known = self._stems[language]
        if word not in known:
            code = self._languages[language]
            known[word] = self._chunks.number(f"{STEM}{code}:{stem(self._chunks.words[word], code)}")
        return known[word]


def _postings(terms: np.ndarray, documents: np.ndarray, places: np.ndarray, size: int) -> dict[str, np.ndarray]:
    """Sort words by term, and sum up: who has each, and where, close zones and others apart."""
    keys = (terms << 32) | np.arange(len(terms))
    keys.sort()
    order = keys & 0xFFFFFFFF
    terms, documents, places = (keys >> 32).astype(np.int32), documents[order], places[order]
    new = np.ones(len(terms), dtype=bool)
    new[1:] = (terms[1:] != terms[:-1]) | (documents[1:] != documents[:-1])
    first = np.flatnonzero(new)
    terms, documents = terms[first], documents[first]
    close = places < CLOSE_END
    near = np.add.reduceat(close, first, dtype=np.int32) if len(first) else np.zeros(0, np.int32)
    far = np.diff(first, append=len(places)) - near
    having = near > 0
    return _listed("far", terms, documents, far, places[~close], size) | _listed(
        "close", terms[having], documents[having], near[having], places[close], size
    )


def _listed(
    name: str, terms: np.ndarray, documents: np.ndarray, counts: np.ndarray, places: np.ndarray, size: int
) -> dict[str, np.ndarray]:
    """A list of postings with their places, of which one document has no more than MOST_TIMES."""
    held = np.minimum(counts, MOST_TIMES)
    if (held != counts).any():
        places = places[ranges(before(counts)[:-1], held)]
    return {
        f"{name}.starts": before(np.bincount(terms, minlength=size)),
        f"{name}.documents": documents.astype("<i4"),
        f"{name}.counts": held.astype("<u2"),
        f"{name}.places": places.astype("<u4"),
        f"{name}.place_starts": before(np.bincount(terms, held, minlength=size)),
    }
