"""Whoosh's own matching, on the same index: for queries that the fast path does not know, and to test it against.

A `whoosh.query.Query` may stand anywhere in a query tree. Its fields are the zones, `words` (all zones together, where
a word weighs its amount), `exact` and `carried`.
"""

from pathlib import Path

import numpy as np
from whoosh.query import Query
from whoosh.reading import MultiReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from search.engines.whoosh import commits
from search.engines.whoosh.matching import Match
from search.engines.whoosh.snapshot import Snapshot
from search.ranking import SATURATION


class Scoring(BM25F):
    """Whoosh's BM25F over amounts, which have the weights and lengths of zones in them: saturated, times rarity."""

    def __init__(self) -> None:
        super().__init__(B=0.0, K1=SATURATION)

    def idf(self, searcher, fieldname, text):
        count = searcher.doc_count()
        found = sum(1 for _number in searcher.reader().postings(fieldname, text).all_ids())
        return float(np.log(1 + (count - found + 0.5) / (found + 0.5))) / (SATURATION + 1)


def searcher(snapshot: Snapshot) -> Searcher:
    """Whoosh's searcher over the files of a snapshot."""
    folder = Path(snapshot.folder)
    toc = commits.read_toc(folder, snapshot.generation)
    storage = commits.Storage(folder)
    readers = [SegmentReader(storage, toc.schema, segment) for segment in toc.segments]
    reader = readers[0] if len(readers) == 1 else MultiReader(readers)
    return Searcher(reader, weighting=Scoring(), closereader=False)


def match(snapshot: Snapshot, query: Query) -> Match:
    """Who matches a query as Whoosh understands it, and with what score."""
    with searcher(snapshot) as found:
        hits = sorted((number, score) for score, number in found.search(query, limit=None).top_n)
    ids = np.array([number for number, _score in hits], dtype=np.int64)
    scores = np.array([score for _number, score in hits], dtype=np.float32)
    return Match(ids, scores, np.ones(len(ids), dtype=bool))
