"""The Whoosh engine: `search.engines.Engine` over a `Store` and its `Snapshot`s."""

import hashlib
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from threading import RLock

import numpy as np

from governance.environment import SearchAddress
from governance.models import Position
from search.documents import SearchDocument
from search.engines import Filed, IndexUnusable, Status
from search.engines.whoosh import commits
from search.engines.whoosh.schema import fields
from search.engines.whoosh.searching import Search
from search.engines.whoosh.segment import Codes, Segment
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.store import Store
from search.engines.whoosh.suggesting import Suggester
from search.parser import Parsed
from search.request import SearchRequest
from search.results import Results, Suggestion

ATTEMPTS = 20  # to open an index that others are writing to


def open(address: SearchAddress) -> "WhooshEngine":
    assert address.path is not None
    return WhooshEngine(Store(address.path))


@cache
def release() -> str:
    """A fingerprint of the code that decides what is in the index; another one makes the index unusable."""
    here = Path(__file__).resolve().parent
    checkout = here.parent.parent.parent
    folders = (checkout / "search", checkout / "governance" / "knowledge")
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    files += [checkout / "governance" / name for name in ("edtf.py", "force.py", "m49.py")]
    files += [here / "schema.py", here / "commits.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


class WhooshEngine:
    """Safe for threads and processes: snapshots are shared and never change, writers hold the store's lock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = RLock()
        self._codes = Codes()
        self._snapshot: Snapshot | None = None
        self._suggester: Suggester | None = None
        self._verified: set[str] = set()

    # Reading

    def search(self, request: SearchRequest, parsed: Parsed) -> Results:
        return Search(self.snapshot(), request, parsed).run()

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        snapshot = self.snapshot()
        with self._lock:
            if self._suggester is None or self._suggester.snapshot is not snapshot:
                self._suggester = Suggester(snapshot)
            suggester = self._suggester
        return suggester.find(text, limit)

    def status(self, thorough: bool = False) -> Status:
        if thorough:
            self.forget()
        snapshot = self.snapshot()
        return Status(snapshot.position, snapshot.documents, len(np.unique(snapshot.records[snapshot.live])))

    def filed(self, records: Collection[int] | None = None) -> dict[str, Filed]:
        snapshot = self.snapshot()
        wanted = snapshot.live if records is None else snapshot.live & np.isin(snapshot.records, list(records))
        rows = (snapshot.row(int(number)) for number in np.flatnonzero(wanted))
        return {row["key"]: Filed(row["record"], row["digest"], row["mention"]) for row in rows}

    def forget(self) -> None:
        """Trust nothing read before: open and verify anew."""
        with self._lock:
            self._snapshot = self._suggester = None
            self._verified.clear()

    def snapshot(self) -> Snapshot:
        """The index as of its last commit; a folder listing when there is nothing new. Raises IndexUnusable."""
        for _attempt in range(ATTEMPTS):
            folder = self.store.current()
            number = commits.generation(folder)
            held = self._snapshot
            if held is not None and held.folder == str(folder) and held.generation == number:
                return held
            with self._lock:
                try:
                    self._snapshot = self._open(folder)
                    return self._snapshot
                except FileNotFoundError as error:  # a commit came between; look again
                    missing = error
        raise IndexUnusable(f"a file of the index is missing: {missing}")

    def _open(self, folder: Path) -> Snapshot:
        held = self._snapshot
        toc = commits.read_toc(folder)
        state = toc.schema.state
        if state.release != release():
            raise IndexUnusable(f"the index in {folder} was made by another release")
        commits.verify(folder, state, self._verified)
        kept = {s.id: s for s in held.segments} if held is not None and held.folder == str(folder) else {}
        segments = []
        for part in toc.segments:
            segment = kept.get(part.segment_id()) or self._segment(folder, toc.schema, part)
            segments.append((segment, list(part.deleted_docs())))
        return Snapshot(str(folder), toc.generation, Position.parse(state.position), segments, self._codes)

    def _segment(self, folder: Path, schema, part) -> Segment:
        try:
            return Segment(folder, schema, part, self._codes)
        except FileNotFoundError:
            raise
        except Exception as error:  # whatever reading damaged bytes raises
            raise IndexUnusable(f"a segment in {folder} cannot be read: {error!r}") from error

    # Writing

    def rebuild(
        self, documents: Iterable[SearchDocument], position: Position, timeout: float = 60, unless_usable: bool = False
    ) -> bool:
        with self.store.lock(timeout, "rebuild"):
            if unless_usable and self._is_usable():
                return False
            with self.store.beside() as folder:
                self._write(commits.Writer(commits.create(folder), folder), documents, position)
                with self.store.lock(timeout):
                    self.store.swap(folder)
            self.store.tidy()
        return True

    def _is_usable(self) -> bool:
        try:
            self.forget()
            self.snapshot()
        except IndexUnusable:
            return False
        return True

    def apply(
        self,
        changed: Collection[int],
        documents: Iterable[SearchDocument],
        since: Position,
        position: Position,
        timeout: float = 5,
    ) -> bool:
        with self.store.lock(timeout):
            snapshot = self.snapshot()
            if snapshot.position != since:
                return False
            folder = Path(snapshot.folder)
            writer = commits.Writer(commits.opened(folder), folder)
            for number in np.flatnonzero(snapshot.live & np.isin(snapshot.records, list(changed))):
                writer.delete_document(int(number))
            self._write(writer, documents, position)
        return True

    @staticmethod
    def _write(writer: commits.Writer, documents: Iterable[SearchDocument], position: Position) -> None:
        try:
            for document in documents:
                writer.add_document(**fields(document))
            writer.finish(str(position), release())
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
