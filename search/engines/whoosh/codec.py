"""How Whoosh reads and writes the arrays of a segment: its extension point is the codec.

What Whoosh keeps itself: schema, table of contents, generations, deleted documents. Reading through it is slow, one
posting at a time, and is for queries that only Whoosh understands (`stock`).
"""

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from search.engines.whoosh.arrays import before, sums
from search.engines.whoosh.columns import CARRIED, EXACT
from search.engines.whoosh.schema import NUMBERS, WORDS, ZONE_BITS
from search.engines.whoosh.segment import Segment
from search.lengths import LENGTHS
from search.meaning import ZONES

_FILINGS = {"exact": EXACT, "carried": CARRIED}


class Codec(base.Codec):
    def per_document_writer(self, storage, segment):
        return _Nothing()

    def field_writer(self, storage, segment):
        return _Nothing()

    def postings_writer(self, dbfile, byteids=False):
        raise NotImplementedError("segments are written as a whole, by `building`")

    def postings_reader(self, dbfile, terminfo, format_, term=None, scorer=None):
        raise NotImplementedError("postings are read by `TermsReader.matcher`")

    def terms_reader(self, storage, segment):
        return TermsReader(Segment(Path(storage.folder), segment.segment_id()))

    def per_document_reader(self, storage, segment):
        return DocumentReader(Segment(Path(storage.folder), segment.segment_id()), segment)

    def new_segment(self, storage, indexname):
        return W3Segment(self, indexname)


class _Nothing:
    """Stands in for the writers of other codecs."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class TermsReader(base.TermsReader):
    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def indexed_field_names(self) -> list[str]:
        return [*ZONES, WORDS, *_FILINGS]

    def __contains__(self, term) -> bool:
        return len(self._postings(*term)[0]) > 0

    def _postings(self, field: str, text: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Documents, weights, and how many positions each has, one after the other in the last."""
        nothing = np.zeros(0, dtype=np.int64)
        if field in _FILINGS:
            found = self.segment.filing(_FILINGS[field].encode() + text)
            documents, ranks = found if found else (nothing, nothing)
            return documents, ranks, np.zeros(len(documents), dtype=np.int64), nothing
        number = self.segment.words.find(text)
        if number < 0:
            return nothing, nothing, nothing, nothing
        documents, counts, places = self._places(number)
        if field == WORDS:
            having, amounts, _flags = self.segment.posting(number)
            return having, amounts, counts, places
        here = (places >> ZONE_BITS) == NUMBERS[field]
        counts = sums(here, counts)
        return documents[counts > 0], counts[counts > 0], counts[counts > 0], places[here]

    def _places(self, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Both lists of places of a term as one, by document and place."""
        lists = [self.segment.listed(name, number) for name in ("close", "far")]
        owners = np.concatenate([np.repeat(found.documents, found.counts) for found in lists])
        places = np.concatenate([found.places for found in lists])
        order = np.lexsort((places, owners))
        documents, counts = np.unique(owners, return_counts=True)
        return documents, counts, places[order]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in sorted(self.indexed_field_names()):
            yield from self._terms_of(field, b"")

    def terms_from(self, fieldname, prefix) -> Iterator[tuple[str, bytes]]:
        yield from self._terms_of(fieldname, prefix)
        for field in sorted(self.indexed_field_names()):
            if field > fieldname:
                yield from self._terms_of(field, b"")

    def _terms_of(self, field: str, start: bytes) -> Iterator[tuple[str, bytes]]:
        begin = _FILINGS.get(field, "").encode()
        terms = self.segment.filed if field in _FILINGS else self.segment.words
        for number in range(bisect_left(terms, begin + start), len(terms)):  # type: ignore[arg-type]
            term = terms[number]
            if not term.startswith(begin):
                break
            if field in _FILINGS or field == WORDS or (field, term) in self:
                yield field, term[len(begin) :]

    def items(self):
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname, prefix):
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname, text) -> TermInfo:
        documents, weights, _counts, _places = self._postings(fieldname, text)
        if not len(documents):
            raise KeyError(text)  # what Whoosh's reader expects here
        return TermInfo(
            weight=float(weights.sum()), df=len(documents), minlength=0, maxlength=255,
            maxweight=float(weights.max()), minid=int(documents[0]), maxid=int(documents[-1]),
        )  # fmt: skip

    def frequency(self, fieldname, text) -> float:
        return self.term_info(fieldname, text).weight()

    def doc_frequency(self, fieldname, text) -> int:
        return self.term_info(fieldname, text).doc_frequency()

    def cursor(self, fieldname, fieldobj):
        raise NotImplementedError("walk the terms with `terms_from`")

    def matcher(self, fieldname, text, format_, scorer=None) -> "Matcher":
        found = self._postings(fieldname, text)
        if not len(found[0]):
            raise TermNotFound(f"{fieldname}:{text!r}")
        return Matcher(found, format_, scorer, (fieldname, text))


class Matcher(LeafMatcher):
    """Goes through a posting one document after the other."""

    def __init__(self, postings: tuple, format_, scorer=None, term=None, place: int = 0) -> None:
        self._postings, self.format, self.scorer, self._term = postings, format_, scorer, term
        self._ids, self._place = postings[0].tolist(), place
        self._starts = before(postings[2])

    def is_active(self) -> bool:
        return self._place < len(self._ids)

    def reset(self) -> None:
        self._place = 0

    def copy(self) -> "Matcher":
        return Matcher(self._postings, self.format, self.scorer, self._term, self._place)

    def id(self) -> int:
        return self._ids[self._place]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids[self._place :])

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return True

    def skip_to(self, id) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._place = bisect_left(self._ids, id, self._place)
        return True

    def weight(self) -> float:
        return float(self._postings[1][self._place])

    def value(self) -> bytes:
        first, last = self._starts[self._place : self._place + 2]
        return self._postings[3][first:last].tobytes()

    def supports_block_quality(self) -> bool:
        return False

    def max_quality(self) -> float:
        return self.scorer.max_quality()

    def block_quality(self) -> float:
        return self.scorer.max_quality()


class DocumentReader(base.PerDocumentReader):
    def __init__(self, segment: Segment, whoosh_segment: W3Segment) -> None:
        self.segment = segment
        self._deleted = frozenset(whoosh_segment.deleted_docs())

    def doc_count(self) -> int:
        return self.segment.size - len(self._deleted)

    def doc_count_all(self) -> int:
        return self.segment.size

    def has_deletions(self) -> bool:
        return bool(self._deleted)

    def is_deleted(self, docnum) -> bool:
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        return self._deleted

    def _lengths(self, field: str) -> np.ndarray:
        table = LENGTHS[self.segment.lengths.reshape(-1, len(ZONES))]
        return table.sum(axis=1) if field == WORDS else table[:, NUMBERS[field]]

    def doc_field_length(self, docnum, fieldname, default=0) -> int:
        return int(self._lengths(fieldname)[docnum]) if fieldname in (*ZONES, WORDS) else default

    def field_length(self, fieldname) -> int:
        return int(self._lengths(fieldname).sum()) if fieldname in (*ZONES, WORDS) else 0

    def min_field_length(self, fieldname) -> int:
        return int(self._lengths(fieldname).min(initial=0))

    def max_field_length(self, fieldname) -> int:
        return int(self._lengths(fieldname).max(initial=0))

    def stored_fields(self, docnum) -> dict:
        return {"shown": self.segment.row(docnum)}
