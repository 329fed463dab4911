"""The index on disk: folders beside each other, one of them current, and locks for all processes.

lock, rebuild         held by whoever commits, or builds anew; the system frees them when a process dies
CURRENT               the name of the live folder, replaced in one step
<name>/               a Whoosh index (`commits`)
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from search.engines import Busy, IndexUnusable
from search.engines.whoosh.arrays import identity

CURRENT = "CURRENT"


class Store:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = str(root / CURRENT)
        self._read: tuple[tuple[int, ...], Path] = ((), root)  # which pointer was read, and what it names

    @contextmanager
    def lock(self, timeout: float, name: str = "lock") -> Iterator[None]:
        """Be the only one to write, across threads and processes. Raises Busy after `timeout` seconds."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.root / name, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            end = time.monotonic() + timeout
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= end:
                        raise Busy(f"{self.root / name} is held by somebody else") from None
                    time.sleep(0.01)
            yield
        finally:
            os.close(handle)

    def current(self) -> Path:
        """The live folder, which may be gone; raises IndexUnusable when none is named."""
        read, folder = self._read
        try:
            found = identity(self._pointer)
            if found == read:
                return folder
            folder = self.root / Path(self._pointer).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusable(f"there is no index in {self.root}") from error
        if not folder.name.isalnum() or folder.parent != self.root:
            raise IndexUnusable(f"the index {folder.name!r} is not in {self.root}")
        self._read = found, folder
        return folder

    @contextmanager
    def beside(self) -> Iterator[Path]:
        """A new folder to build in, deleted when the block ends badly."""
        folder = self.root / f"i{time.time_ns():x}{secrets.token_hex(2)}"
        folder.mkdir(mode=0o700, parents=True)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def swap(self, folder: Path) -> None:
        """Make a folder the live one, in one step; call it under the lock."""
        draft = self.root / f"{CURRENT}.{folder.name}"
        draft.write_text(folder.name)
        sync(draft)
        os.replace(draft, self.root / CURRENT)
        sync(self.root)

    def tidy(self) -> None:
        """Delete what a killed process or an earlier rebuild left, but for the live folder and the one before it, which
        somebody may still be opening."""
        live = self.current()
        others = sorted(path for path in self.root.iterdir() if path.is_dir() and path != live)
        before = [path for path in others if path.name < live.name][-1:]
        for path in others:
            if path not in before:
                shutil.rmtree(path, ignore_errors=True)
        for draft in self.root.glob(f"{CURRENT}.*"):
            draft.unlink(missing_ok=True)


class Draft(Store):
    """The same store, as if a folder that is still being built were the live one."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__(store.root)
        self._folder = folder

    def current(self) -> Path:
        return self._folder


def sync_all(paths: Collection[Path]) -> None:
    """Have the system write several files to disk at once, which takes little longer than one."""
    try:
        with ThreadPoolExecutor(len(paths)) as pool:
            list(pool.map(sync, paths))
    except RuntimeError:  # the process is about to end, and starts no more threads
        for path in paths:
            sync(path)


def sync(path: Path) -> None:
    """Have the system write a file, or a folder's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
