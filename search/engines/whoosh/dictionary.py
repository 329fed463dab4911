"""Sorted terms with their numbers: found by a hash, listed by a prefix.

blob            the terms in UTF-8, one after the other, in the order of their bytes
ends[T]         where each term ends in the blob
buckets[M + 1]  where the terms with each hash (CRC-32 modulo M, a power of two) begin in `order`
order[T]        the numbers of the terms by hash
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from search.engines.whoosh.arrays import ArrayFile, Arrays, ArrayWriter


def pack(terms: list[bytes]) -> dict[str, np.ndarray]:
    """The arrays of a dictionary of `terms`, which are sorted and different."""
    size = 1 << max(1, len(terms)).bit_length()
    hashes = np.fromiter(map(zlib.crc32, terms), np.int64, len(terms)) & (size - 1)
    order = np.argsort(hashes, kind="stable")
    return {
        "blob": np.frombuffer(b"".join(terms), np.uint8),
        "ends": np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms))).astype("<u4"),
        "buckets": np.concatenate([[0], np.cumsum(np.bincount(hashes, minlength=size))]).astype("<u4"),
        "order": order.astype("<u4"),
    }


def write(file: ArrayWriter, name: str, terms: list[bytes]) -> None:
    for part, array in pack(terms).items():
        file.add(f"{name}.{part}", array, array.dtype.str)


class Dictionary:
    """All of it is in memory: some forty bytes a term. Looking one up takes about a microsecond."""

    def __init__(self, file: ArrayFile | Arrays, name: str) -> None:
        self.blob = file.read(f"{name}.blob").tobytes()
        self._ends = memoryview(file.read(f"{name}.ends").tobytes()).cast("I")
        self._buckets = memoryview(file.read(f"{name}.buckets").tobytes()).cast("I")
        self._order = memoryview(file.read(f"{name}.order").tobytes()).cast("I")
        self._mask = len(self._buckets) - 2

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < len(self._ends):
            raise IndexError(number)
        return self.blob[self._ends[number - 1] if number else 0 : self._ends[number]]

    def find(self, term: bytes) -> int:
        """The number of a term; -1 for one that is not there."""
        bucket = zlib.crc32(term) & self._mask
        for place in range(self._buckets[bucket], self._buckets[bucket + 1]):
            number = self._order[place]
            if self[number] == term:
                return number
        return -1

    def starting(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with `prefix`."""
        first = bisect_left(self, prefix)  # type: ignore[arg-type]
        last = bisect_left(self, _after(prefix), first) if prefix else len(self)  # type: ignore[arg-type]
        return range(first, last)

    def terms(self, numbers: Iterable[int] | None = None) -> list[bytes]:
        return [self[number] for number in (range(len(self)) if numbers is None else numbers)]

    @property
    def ends(self) -> np.ndarray:
        return np.frombuffer(self._ends, np.uint32)


def _after(prefix: bytes) -> bytes:
    """The least term that is greater than all with the prefix (UTF-8 has no byte 255)."""
    return prefix + b"\xff"
