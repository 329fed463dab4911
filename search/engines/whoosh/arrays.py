"""Files of named arrays: written once, renamed never, read piece by piece.

A file is its arrays one after the other, each at a multiple of eight bytes and little-endian, and a JSON directory at
the end: name → type, first byte, number of items; `meta` is whatever else belongs to them.

Pieces are read with `pread`, not mapped into memory: where a file is cut short under a running process, a map ends the
process (SIGBUS), a read comes back short and is an `IndexUnusable`. A piece that is in the system's cache is copied at
several gigabytes a second, which is little beside what is then computed with it.
"""

import json
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from search.engines import IndexUnusable

_END = struct.Struct("<QI8s")  # bytes of the directory, its CRC-32, what kind of file this is
_KIND = b"arrays 1"
_ALIGNED = 8
WRITTEN = 4  # the parts of an identity that only writing changes
STRETCH = 1_500_000  # postings or places worked on at a time
_IN_MEMORY = 4 << 20  # bytes of an array before it is put aside on disk while its file is being written


class Arrays:
    """Named arrays in memory, as a file of them has them."""

    def __init__(self, arrays: dict[str, np.ndarray], meta: dict[str, Any]) -> None:
        self.arrays, self.meta = arrays, meta

    def read(self, name: str, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return items `start` to `stop` of an array."""
        return self.arrays[name][start:stop]

    def count(self, name: str) -> int:
        """How many items an array has."""
        return len(self.arrays[name])


class ArrayFile:
    """An open file; raises IndexUnusable for one that is not whole, FileNotFoundError for one that is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle = os.open(path, os.O_RDONLY)
        self.identity = identity(self.handle)  # before anything is read: what is written later is noticed
        try:
            self._directory, self.meta = self._read_directory()
        except BaseException:
            os.close(self.handle)
            raise

    def __del__(self) -> None:
        if hasattr(self, "_directory"):
            os.close(self.handle)

    def _read_directory(self) -> tuple[dict[str, tuple[np.dtype, int, int, int]], dict[str, Any]]:
        size = os.fstat(self.handle).st_size
        if size < _END.size:
            raise IndexUnusable(f"{self.path} is cut short")
        length, checksum, kind = _END.unpack(self._bytes(size - _END.size, _END.size))
        if kind != _KIND or length > size:
            raise IndexUnusable(f"{self.path} is no file of arrays")
        text = self._bytes(size - _END.size - length, length)
        if zlib.crc32(text) != checksum:
            raise IndexUnusable(f"{self.path} is damaged")
        content = json.loads(text)
        directory = {}
        for name, (kind, first, count) in content["arrays"].items():
            directory[name] = (np.dtype(kind), np.dtype(kind).itemsize, first, count)
        return directory, content["meta"]

    def _bytes(self, first: int, length: int) -> bytes:
        found = os.pread(self.handle, length, first)
        if len(found) != length:
            raise IndexUnusable(f"{self.path} is cut short")
        return found

    def read(self, name: str, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return items `start` to `stop` of an array, which nobody may write to."""
        kind, size, first, count = self._directory[name]
        stop = count if stop is None else stop
        if stop <= start:
            return np.zeros(0, kind)
        return np.frombuffer(self._bytes(first + start * size, (stop - start) * size), kind)

    def bytes(self, name: str, start: int, stop: int) -> bytes:
        """Return a piece of an array of bytes."""
        return self._bytes(self._directory[name][2] + start, stop - start)

    def text(self, name: str, start: int, stop: int) -> str:
        """Return a piece of an array of bytes as text."""
        return self.bytes(name, start, stop).decode()

    def count(self, name: str) -> int:
        return self._directory[name][3]

    def is_untouched(self) -> bool:
        """Is the file as it was when it was opened, and where it was?"""
        return identity(self.handle) == self.identity

    def is_unwritten(self) -> bool:
        """Is its content as it was? A file that was deleted since can be read to its end."""
        return identity(self.handle)[:WRITTEN] == self.identity[:WRITTEN]


def identity(file: int | str | Path) -> tuple[int, ...]:
    """What changes when a file is written to, cut, or replaced by another, whatever its content."""
    found = os.stat(file)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class _Aside:
    """An array that grows while others do: in memory, and from some size on in a file without a name."""

    def __init__(self, folder: Path, kind: np.dtype) -> None:
        self.folder, self.kind = folder, kind
        self.count = self._held = 0
        self._parts: list[np.ndarray] = []
        self._file: BinaryIO | None = None

    def add(self, array: np.ndarray) -> None:
        self._parts.append(array)
        self.count += len(array)
        self._held += array.nbytes
        if self._held > _IN_MEMORY:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115, closed by `blocks`
            for part in self._parts:
                self._file.write(part.data)
            self._parts, self._held = [], 0

    def blocks(self):
        """All of it as buffers."""
        if self._file is not None:
            self._file.seek(0)
            while block := self._file.read(_IN_MEMORY):
                yield block
            self._file.close()
        for part in self._parts:
            yield part.data


class ArrayWriter:
    """Writes a file of arrays, which may grow side by side."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._arrays: dict[str, _Aside] = {}

    def add(self, name: str, array: np.ndarray, kind: str) -> None:
        """Put items at the end of an array, as type `kind`."""
        aside = self._arrays.get(name)
        if aside is None:
            aside = self._arrays[name] = _Aside(self.path.parent, np.dtype(kind))
        aside.add(np.ascontiguousarray(array, dtype=aside.kind))

    def finish(self, meta: dict[str, Any]) -> tuple[int, int]:
        """Write the file; returns its size and CRC-32. Whoever needs it to last has it synced."""
        size = crc = 0
        directory = {}
        with self.path.open("wb") as file:

            def put(block) -> None:
                nonlocal size, crc
                file.write(block)
                crc = zlib.crc32(block, crc)
                size += memoryview(block).nbytes

            for name, aside in self._arrays.items():
                directory[name] = (aside.kind.str, size, aside.count)
                for block in aside.blocks():
                    put(block)
                put(bytes(-size % _ALIGNED))
            text = json.dumps({"arrays": directory, "meta": meta}).encode()
            put(text)
            put(_END.pack(len(text), zlib.crc32(text), _KIND))
        return size, crc


def ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers `start`, `start` + 1 … of each of several runs, one after the other (int64)."""
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if ends.size else 0
    return np.arange(total) + np.repeat(starts - (ends - counts), counts)


def before(counts: np.ndarray | list[int]) -> np.ndarray:
    """Where each run starts, and after them where all end: running totals from zero (int64, one longer)."""
    found = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=found[1:])
    return found


def stretches(starts: np.ndarray) -> Iterator[tuple[int, int]]:
    """Ranges of runs with about STRETCH items each, by where runs start."""
    first, size = 0, len(starts) - 1
    while first < size:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + STRETCH, side="right")) - 1)
        yield first, min(last, size)
        first = min(last, size)


def sums(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The sum of each of several runs of values, of which some may be empty."""
    totals = np.zeros(len(values) + 1, dtype=np.float64 if values.dtype.kind == "f" else np.int64)
    np.cumsum(values, out=totals[1:])
    bounds = before(counts)
    return totals[bounds[1:]] - totals[bounds[:-1]]


def distinct(values: np.ndarray) -> np.ndarray:
    """Each different value once, sorted. Values that come in sorted runs, as most here do, are merged in no time by the
    stable sort, which takes a tenth of the time of the other (and `np.unique` goes by hashes, which takes longer)."""
    values = np.sort(values, kind="stable")
    return values[changes(values)]


def either(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """The values in any of several sorted arrays of different values, each once, sorted."""
    if len(arrays) < 2:
        return arrays[0] if arrays else np.zeros(0, np.int64)
    return distinct(np.concatenate(arrays))


def common(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The values that are in both of two sorted arrays of different values, sorted."""
    values = np.concatenate([one, other])
    values.sort(kind="stable")
    return values[:-1][values[1:] == values[:-1]]


def changes(values: np.ndarray) -> np.ndarray:
    """Where in sorted values another one begins."""
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)
