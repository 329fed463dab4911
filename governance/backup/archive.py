"""The archive: a gzipped tar of `database.jsonl`, `uploads/…` and, last, `manifest.json`."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
ROWS = "database.jsonl"
UPLOADS = "uploads/"
MANIFEST = "manifest.json"


class BackupError(Exception):
    """Why a backup cannot be made or restored, in words for whoever started it."""


@dataclass(frozen=True)
class Manifest:
    """What is in an archive: when and of what it was made, rows by table, size and SHA-256 of every file."""

    made: str
    vendor: str
    position: str
    index: dict[str, Any]
    migrations: list[list[str]]
    rows: dict[str, int]
    files: dict[str, list]
    format: int = FORMAT


@dataclass
class Writer:
    """Adds files to an archive and remembers what they were."""

    tar: tarfile.TarFile
    files: dict[str, list] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file as it is at this moment; raises OSError, also when it is cut short meanwhile."""
        with path.open("rb") as file:
            member = tarfile.TarInfo(name)
            member.size = os.fstat(file.fileno()).st_size
            member.mtime, member.mode = int(os.fstat(file.fileno()).st_mtime), 0o600
            reader = Digesting(file)
            self.tar.addfile(member, reader)  # type: ignore[arg-type]
        self.files[name] = [member.size, reader.digest.hexdigest()]

    def finish(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(text), 0o600
        self.tar.addfile(member, io.BytesIO(text))


class Digesting:
    """A file that makes a checksum of what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """An archive that is at `path` when the block has ended well, all of it on disk, and else not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def verify(path: Path) -> Manifest:
    """Read all of an archive and compare it with its manifest. Raises BackupError for one that is not whole."""
    found: dict[str, list] = {}
    text = b""
    with readable(path):
        for name, file in members(path):
            if name == MANIFEST:
                text = file.read()
            else:
                reader, size = Digesting(file), 0
                while block := reader.read(1 << 20):
                    size += len(block)
                found[name] = [size, reader.digest.hexdigest()]
    manifest = _manifest(path, text)
    if found != manifest.files:
        differing = sorted(n for n in found.keys() | manifest.files.keys() if found.get(n) != manifest.files.get(n))
        raise BackupError(f"{path} is damaged: {', '.join(differing[:5])} is not what was saved.")
    return manifest


def _manifest(path: Path, text: bytes) -> Manifest:
    if not text:
        raise BackupError(f"{path} is damaged or no backup: it has no manifest.")
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise BackupError(f"{path} has the form {given['format']}; this release reads form {FORMAT}.")
        return Manifest(**given)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(f"{path} is damaged: its manifest cannot be read.") from error


def members(path: Path, wanted: Callable[[str], bool] = lambda name: True) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of an archive whose names are wanted, in order; read each before asking for the next.

    Raises BackupError for what is no regular file, or whose name leads outside; use it within `readable`.
    """
    with gzip.open(path) as content, tarfile.open(fileobj=content, mode="r:") as tar:
        for member in tar:
            parts = PurePosixPath(member.name)
            if not member.isreg() or parts.is_absolute() or ".." in parts.parts:
                raise BackupError(f"{path} is damaged or no backup: {member.name!r} has no place in one.")
            if wanted(member.name):
                file = tar.extractfile(member)
                assert file is not None
                yield member.name, file
        content.read()  # to the end, where the checksum of the whole stands


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Whatever reading a damaged archive raises becomes a BackupError."""
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError(f"{path} is damaged or no backup: {error}.") from error
    except FileNotFoundError as error:
        raise BackupError(f"{path}: there is no such file.") from error
