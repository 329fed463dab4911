"""The Whoosh engine: `search.engines.Engine` over a `Store` and its `Snapshot`s."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TypeVar

from governance.environment import SearchAddress
from governance.models import Position
from search.documents import SearchDocument
from search.engines import Filed, Forward, IndexUnusable, Status
from search.engines.whoosh import commits
from search.engines.whoosh.searching import Search
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.store import Draft, Store
from search.engines.whoosh.suggesting import suggest
from search.engines.whoosh.upkeep import Upkeep
from search.parser import Parsed
from search.request import SearchRequest
from search.results import Results, Suggestion

Answer = TypeVar("Answer")
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
    files += sorted(here.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


class WhooshEngine:
    """Safe for threads and processes: snapshots are shared and never change, writers hold the store's lock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = RLock()
        self._snapshot: Snapshot | None = None
        self._verified: dict[str, commits.Identity] = {}
        self._generations = commits.Generations()
        self._upkeep = Upkeep(store, self.snapshot)

    # Reading

    def search(self, request: SearchRequest, parsed: Parsed) -> Results:
        return self._asked(lambda snapshot: Search(snapshot, request, parsed).run())

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        return self._asked(lambda snapshot: suggest(snapshot, text, limit))

    def _asked(self, ask: Callable[[Snapshot], Answer]) -> Answer:
        """Ask the index. What was read of a file that somebody wrote to meanwhile is no answer, and no fault of the
        question either, whatever came of it: then the files are looked at anew and the index is asked once more.
        Raises IndexUnusable when they were written to again."""
        fault = None
        for look, is_whole in ((self._latest, Snapshot.is_untouched), (self.snapshot, Snapshot.is_unwritten)):
            snapshot = look()
            if snapshot is None:
                continue
            try:
                answer = ask(snapshot)
            except Exception as error:
                if is_whole(snapshot):
                    raise
                fault = error
            else:
                if is_whole(snapshot):
                    return answer
        raise IndexUnusable(f"the index in {self.store.root} was written to while it was read") from fault

    def status(self, thorough: bool = False) -> Status:
        snapshot = self.snapshot(thorough)
        return Status(snapshot.position, snapshot.documents, snapshot.records)

    def filed(self, records: Collection[int] | None = None) -> dict[str, Filed]:
        snapshot = self.snapshot()
        rows = map(snapshot.row, (snapshot.all if records is None else snapshot.of_records(records)).tolist())
        return {row["key"]: Filed(row["record"], row["digest"], row["mention"]) for row in rows}

    def snapshot(self, thorough: bool = False) -> Snapshot:
        """The index as of its last commit; a few looks at files when there is nothing new. Raises IndexUnusable.

        Files that were touched since they were opened are looked at anew, `thorough`ly all of them."""
        for _attempt in range(ATTEMPTS):
            held = None if thorough else self._latest()
            if held is not None and held.is_untouched():
                return held
            with self._lock:
                try:
                    self._snapshot = self._open(self.store.current(), thorough)
                    return self._snapshot
                except FileNotFoundError as error:  # a commit came between; look again
                    missing = error
        raise IndexUnusable(f"a file of the index is missing: {missing}")

    def _latest(self) -> Snapshot | None:
        """The snapshot that was opened before, where nothing was committed since."""
        folder, held = self.store.current(), self._snapshot
        if held and held.generation == self._generations.of(folder) and held.folder == str(folder):
            return held
        return None

    def _open(self, folder: Path, thorough: bool) -> Snapshot:
        held = self._snapshot
        toc = commits.read_toc(folder)
        state = toc.schema.state
        if state.release != release():
            raise IndexUnusable(f"the index in {folder} was made by another release")
        commits.verify(folder, state, self._verified, thorough)
        kept = {s.id: s for s in held.segments if s.is_untouched()} if held and held.folder == str(folder) else {}
        segments = []
        for part in toc.segments:
            segment = kept.get(part.segment_id()) or Segment(folder, part.segment_id())
            segments.append((segment, list(part.deleted_docs())))
        commits.verify(folder, state, self._verified)  # again: somebody may have written to them in between
        return Snapshot(str(folder), toc.generation, Position.parse(state.position), segments)

    # Writing

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        position: Position,
        timeout: float = 60,
        unless_usable: bool = False,
        forward: Forward | None = None,
    ) -> bool:
        with self.store.lock(timeout, "rebuild"):
            if unless_usable and self._is_usable():
                return False
            with self.store.beside() as folder:
                self._write(commits.Writer(commits.create(folder), folder), documents, position)
                new = WhooshEngine(Draft(self.store, folder))
                while forward and forward(new):
                    pass
                with self.store.lock(timeout):
                    self.store.swap(folder)
            self.store.tidy()
        return True

    def _is_usable(self) -> bool:
        try:
            self.snapshot(thorough=True)
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
            writer = commits.Writer(commits.opened(folder), folder, snapshot.means)
            for number in snapshot.of_records(changed).tolist():
                writer.delete_document(number)
            self._write(writer, documents, position)
        self._upkeep.wake()
        return True

    @staticmethod
    def _write(writer: commits.Writer, documents: Iterable[SearchDocument], position: Position) -> None:
        try:
            for document in documents:
                writer.add_document(document=document)
            writer.finish(str(position), release())
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
