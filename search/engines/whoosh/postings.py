"""Sets of documents with amounts, and how they are joined: sorted numbers and arrays beside them, never one cell for
each document of the index.

To join long lists, cells for all documents are borrowed (`_Cells`, one set for each thread) and given back clean: what
that costs depends on the lists, not on the index.
"""

from collections.abc import Sequence
from threading import local
from typing import NamedTuple

import numpy as np

OWN = 2  # the bit of `flags` that says: in words of the document's own, not only of what it is linked to
_SHORT = 64  # a list that is so many times shorter than the cells is sorted into another without them


class Posting(NamedTuple):
    """Documents (sorted, int64) with amounts (float32) and flags (uint8)."""

    ids: np.ndarray
    amounts: np.ndarray
    flags: np.ndarray


EMPTY = Posting(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.uint8))


class _Cells(local):
    def __init__(self) -> None:
        self.amounts, self.flags, self.places = np.zeros(0, np.float32), np.zeros(0, np.uint8), np.zeros(0, np.int32)
        self.is_lent = False

    def of(self, size: int) -> "_Cells":
        """Borrow them, clean, until `give_back`; who fails meanwhile (a damaged file has any numbers) leaves others
        none of what was written."""
        if len(self.flags) < size or self.is_lent:
            size = max(size, len(self.flags))
            self.amounts, self.flags = np.zeros(size, np.float32), np.zeros(size, np.uint8)
            self.places = np.zeros(size, np.int32)
        self.is_lent = True
        return self

    def give_back(self) -> None:
        self.is_lent = False


_cells = _Cells()


def unite(postings: Sequence[Posting], size: int) -> Posting:
    """Documents in any of them, with the sums of amounts; `size`: documents in the index. Flags must not be 0."""
    postings = sorted((posting for posting in postings if posting.ids.size), key=lambda posting: -posting.ids.size)
    if len(postings) < 2:
        return postings[0] if postings else EMPTY
    if sum(posting.ids.size for posting in postings) * _SHORT < size:
        return _sorted_in(postings)
    cells = _cells.of(size)
    amounts, flags = cells.amounts, cells.flags
    longest = postings[0]
    amounts[longest.ids], flags[longest.ids] = longest.amounts, longest.flags
    new = []
    for posting in postings[1:]:
        before = flags[posting.ids]
        flags[posting.ids] = before | posting.flags
        amounts[posting.ids] += posting.amounts
        if not before.all():
            new.append(posting.ids[before == 0])
    ids = np.sort(np.concatenate([longest.ids, *new]), kind="stable") if new else longest.ids
    found = Posting(ids, amounts[ids], flags[ids])
    amounts[ids] = 0
    flags[ids] = 0
    cells.give_back()
    return found


def _sorted_in(postings: Sequence[Posting]) -> Posting:
    ids = np.concatenate([posting.ids for posting in postings])
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    first = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
    amounts = np.concatenate([posting.amounts for posting in postings])[order]
    flags = np.concatenate([posting.flags for posting in postings])[order]
    return Posting(ids[first], np.add.reduceat(amounts, first), np.bitwise_or.reduceat(flags, first))


def locate(wanted: np.ndarray, ids: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of the documents `wanted` are among `ids` (a mask), and where these stand there."""
    if not len(ids):
        return np.zeros(len(wanted), dtype=bool), np.zeros(0, dtype=np.int64)
    if len(wanted) * 16 < len(ids) or len(ids) * _SHORT < size:
        places = np.searchsorted(ids, wanted)
        places[places == len(ids)] = 0
        there = ids[places] == wanted
        return there, places[there]
    cells = _cells.of(size)
    cells.places[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
    places = cells.places[wanted]
    cells.places[ids] = 0
    cells.give_back()
    there = places > 0
    return there, places[there] - 1


def join(lists: Sequence[np.ndarray], size: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Documents in all of the lists, and where they stand in each."""
    first, *others = sorted(range(len(lists)), key=lambda number: len(lists[number]))
    ids = lists[first]
    places = {first: np.arange(len(ids))}
    for number in others:
        there, at = locate(ids, lists[number], size)
        if len(at) < len(ids):
            ids = ids[there]
            places = {earlier: found[there] for earlier, found in places.items()}
        places[number] = at
    return ids, [places[number] for number in range(len(lists))]
