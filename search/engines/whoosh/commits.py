"""Commits of the index, made to last, each with its own State.

A commit is safe against a crash and a power cut: segment files are on disk before the table of contents that names
them, and that has a checksum. The state has the sizes and checksums of the files, so that damage is seen before it is
read. Whoosh writes its schema into the table of contents; the state travels with it.
"""

import math
import os
import struct
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines import IndexUnusable
from search.engines.whoosh.schema import schema
from search.engines.whoosh.store import sync

NAME = "MAIN"
FAN = 4  # segments of about one size (within a factor of FAN) before they are merged
MOST_DELETED = 0.5  # of a segment, before it is written again without


@dataclass(frozen=True)
class State:
    """What a commit says of itself: the position in the change log, the code that wrote it, its files."""

    position: str
    release: str
    files: dict[str, tuple[int, int]] = field(default_factory=dict)


class Storage(FileStorage):
    """Whoosh's storage, made to last: a table of contents ends with a checksum and is on disk before it has its name.

    Files are not mapped into memory: one that is cut short under a running process would kill it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), supports_mmap=False)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        path = Path(self.folder, oldname)
        content = path.read_bytes()
        with path.open("ab") as file:
            file.write(_CHECKSUM.pack(zlib.crc32(content)))
            file.flush()
            os.fsync(file.fileno())
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
    return TOC._latest_generation(Storage(folder), NAME)


def read_toc(folder: Path) -> TOC:
    """The table of contents of the last commit; its schema carries the State. Raises IndexUnusable."""
    try:
        toc = TOC.read(Storage(folder), NAME)
        if not isinstance(toc.schema.state, State):
            raise TypeError("no state")
        return toc
    except FileNotFoundError:
        raise  # replaced by a later commit meanwhile: the caller looks again
    except Exception as error:  # whatever unpickling damaged bytes raises
        raise IndexUnusable(f"the index in {folder} cannot be read: {error!r}") from error


def verify(folder: Path, state: State, known: set[str]) -> None:
    """Compare the files of a commit with their checksums, but for those `known` to be right. Raises IndexUnusable."""
    for name, expected in state.files.items():
        if name in known:
            continue
        try:
            found = fingerprint(folder / name)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise IndexUnusable(f"{folder / name} cannot be read: {error}") from error
        if found != tuple(expected):
            raise IndexUnusable(f"{folder / name} is damaged")
        known.add(name)


def fingerprint(path: Path) -> tuple[int, int]:
    """Size and CRC-32 of a file."""
    size = crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size += len(block)
            crc = zlib.crc32(block, crc)
    return size, crc


class Writer(SegmentWriter):
    """Whoosh's writer, whose commit carries a State. Our own lock is held around it."""

    def __init__(self, index: FileIndex, folder: Path) -> None:
        super().__init__(index, codec=W3Codec(compression=0), compound=False, _lk=False)
        self.folder = folder
        self.state: State | None = None

    def finish(self, position: str, release: str) -> None:
        """Merge what is due, and commit with this state."""
        self.state = State(position, release)
        self.commit(mergetype=merge_some)

    def _commit_toc(self, segments: list) -> None:
        assert self.state is not None
        before = getattr(self.schema, "state", None)
        known = before.files if before else {}
        files = {}
        for segment in segments:
            for path in self.folder.glob(f"{segment.segment_id()}.*"):
                if path.name not in known:
                    sync(path)
                files[path.name] = known.get(path.name) or fingerprint(path)
        self.schema.state = State(self.state.position, self.state.release, files)
        super()._commit_toc(segments)


def merge_some(writer: SegmentWriter, segments: list) -> list:
    """Merge segments of about one size once there are several, and those that are mostly deleted: few segments to look
    into, and the large ones are seldom written again."""
    sizes: dict[int, list] = defaultdict(list)
    for segment in segments:
        sizes[int(math.log(max(1, segment.doc_count_all()), FAN))].append(segment)
    due = [segment for alike in sizes.values() if len(alike) > FAN for segment in alike]
    due += [s for s in segments if s not in due and s.deleted_count() > MOST_DELETED * s.doc_count_all()]
    for segment in due:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in due]
