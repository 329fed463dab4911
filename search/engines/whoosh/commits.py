"""Commits of the index, made to last, each with its own State.

A commit is safe against a crash and a power cut: segment files are on disk before the table of contents that names
them, and that has a checksum. Whoosh writes its schema into the table of contents; the state travels with it.

The state has the size and checksum of each file, so that damage is seen before it is read, and by what the system knows
the file (`arrays.identity`): one that nobody touched since its commit need not be read as a whole to be trusted.
"""

import os
import struct
import time
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex
from whoosh.writing import SegmentWriter

from search.documents import SearchDocument
from search.engines import IndexUnusable
from search.engines.whoosh.arrays import identity
from search.engines.whoosh.building import Builder
from search.engines.whoosh.codec import Codec
from search.engines.whoosh.merging import Means
from search.engines.whoosh.schema import schema
from search.engines.whoosh.store import sync, sync_all

NAME = "MAIN"
_TOC = f"_{NAME}_"
# Nanoseconds after which a folder that changed is not changing any more at that time: some file systems count by twos.
_SETTLED = 3_000_000_000
Fingerprint = tuple[int, int]  # size and CRC-32
Identity = tuple[int, ...]


@dataclass(frozen=True)
class State:
    """What a commit says of itself: the position in the change log, the code that wrote it, its files."""

    position: str
    release: str
    files: dict[str, tuple[Fingerprint, Identity]] = field(default_factory=dict)

    def of(self, segments: Collection[str]) -> "State":
        """The same with the files of some segments only."""
        return replace(self, files={n: file for n, file in self.files.items() if n.partition(".")[0] in segments})


class Storage(FileStorage):
    """Whoosh's storage, made to last: a table of contents ends with a checksum and is on disk before it has its name,
    and so are the files that it names (`unsynced`).

    It does not map files into memory; neither do we, see `arrays`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), supports_mmap=False)
        self.unsynced: list[Path] = []

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        path = Path(self.folder, oldname)
        content = path.read_bytes()
        with path.open("ab") as file:
            file.write(_CHECKSUM.pack(zlib.crc32(content)))
        sync_all([*self.unsynced, path])
        self.unsynced.clear()
        super().rename_file(oldname, newname, safe)
        sync(Path(self.folder))

    def open_file(self, name: str, **kwargs) -> StructFile:
        if not name.endswith(".toc"):
            return super().open_file(name, **kwargs)
        content = Path(self.folder, name).read_bytes()
        body, checksum = content[: -_CHECKSUM.size], content[-_CHECKSUM.size :]
        if checksum != _CHECKSUM.pack(zlib.crc32(body)):
            raise ValueError(f"{name} is damaged")
        return StructFile(BytesIO(body), name=name)


_CHECKSUM = struct.Struct("!I")


def create(folder: Path) -> FileIndex:
    return FileIndex.create(Storage(folder), schema(), NAME)


def opened(folder: Path) -> FileIndex:
    return FileIndex(Storage(folder), None, NAME)


def generation(folder: Path) -> int:
    """The number of the last commit, by the names of files as Whoosh gives them. Raises IndexUnusable for none."""
    try:
        found = os.listdir(folder)
    except OSError as error:
        raise IndexUnusable(f"the index {folder} is not there") from error
    names = (name for name in found if name.startswith(_TOC) and name.endswith(".toc"))
    return max((int(number) for name in names if (number := name[len(_TOC) : -4]).isdecimal()), default=-1)


class Generations:
    """`generation`, listed anew only when something in the folder has changed since."""

    def __init__(self) -> None:
        self._known: tuple[tuple[Path, int], int] | None = None

    def of(self, folder: Path) -> int:
        known = self._known
        try:
            seen = folder, os.stat(folder).st_mtime_ns
        except OSError as error:
            raise IndexUnusable(f"the index {folder} is not there") from error
        if known is not None and known[0] == seen:
            return known[1]
        number = generation(folder)
        # Two changes may have one time, which the system's clock gives: one that is long past has no second to come.
        if time.time_ns() - seen[1] > _SETTLED:
            self._known = seen, number
        return number


def read_toc(folder: Path, number: int | None = None) -> TOC:
    """The table of contents of a commit, the last by default; its schema carries the State. Raises IndexUnusable."""
    try:
        toc = TOC.read(Storage(folder), NAME, gen=number)
        if not isinstance(toc.schema.state, State):
            raise TypeError("no state")
        return toc
    except FileNotFoundError:
        raise  # replaced by a later commit meanwhile: the caller looks again
    except Exception as error:  # whatever unpickling damaged bytes raises
        raise IndexUnusable(f"the index in {folder} cannot be read: {error!r}") from error


def verify(folder: Path, state: State, known: dict[str, Identity], thorough: bool = False) -> None:
    """Compare the files of a commit with their checksums, but for those that nobody touched since the commit, or since
    they were found right (`known`); all of them if `thorough`. Raises IndexUnusable."""
    for name, (expected, committed) in state.files.items():
        try:
            found = identity(folder / name)
            if thorough or found not in (committed, known.get(name)):
                if fingerprint(folder / name) != tuple(expected):
                    raise IndexUnusable(f"{folder / name} is damaged")
                known[name] = found
        except FileNotFoundError:
            raise
        except OSError as error:
            raise IndexUnusable(f"{folder / name} cannot be read: {error}") from error


def fingerprint(path: Path) -> Fingerprint:
    size = crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size += len(block)
            crc = zlib.crc32(block, crc)
    return size, crc


class Writer(SegmentWriter):
    """Whoosh's writer, whose commit carries a State; our own `Builder` makes the segment. Our own lock is held around
    it, and merging is done elsewhere (`upkeep`)."""

    def __init__(self, index: FileIndex, folder: Path, means: Means | None = None) -> None:
        """`means`: what scores of the other segments are made with; None where there are none."""
        super().__init__(index, codec=Codec(), compound=False, _lk=False)
        self.folder, self.means = folder, means
        self.state: State | None = None
        self.builder = Builder(folder)
        self._written: dict[str, Fingerprint] = {}

    def add_document(self, *, document: SearchDocument) -> None:
        self._check_state()
        self.builder.add(document)
        self._added = True
        self.docnum += 1

    def replace(self, names: set[str], segment, files: dict[str, Fingerprint]) -> None:
        """Put a segment, whose files are written, in the place of others; first, since the means of the first are those
        that the next segments are scored with."""
        self.segments: list = [other for other in self.segments if other.segment_id() not in names]
        if segment.doc_count_all():
            self.segments.insert(0, segment)
            self._written |= files

    def finish(self, position: str, release: str) -> None:
        """Commit with this state."""
        self.state = State(position, release)
        self.commit(merge=False)

    def _flush_segment(self) -> None:
        name = self.folder / self.newsegment.segment_id()
        self._written |= self.builder.write(name, self.means)

    def _close_segment(self) -> None:
        self.builder.discard()

    def _commit_toc(self, segments: list) -> None:
        assert self.state is not None
        before = getattr(self.schema, "state", None)
        known = before.files if before else {}
        files = {}
        for name, found in self._written.items():
            self.storage.unsynced.append(self.folder / name)
            files[name] = (found, identity(self.folder / name))
        files |= State("", "", known).of({segment.segment_id() for segment in segments}).files
        self.schema.state = State(self.state.position, self.state.release, files)
        super()._commit_toc(segments)
