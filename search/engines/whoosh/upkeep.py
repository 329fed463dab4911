"""Merging segments beside the work of the day: in a thread of its own, one at a time for all processes.

Nobody waits for it. Segments are merged from files that never change, under another name and without the lock; only
putting the result in their place is a commit. What was deleted meanwhile is deleted in it too.
"""

import logging
import math
import secrets
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from whoosh.codec.whoosh3 import W3Segment

from search.engines import Busy, IndexUnusable
from search.engines.whoosh import commits, merging
from search.engines.whoosh.codec import Codec
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.store import Store

log = logging.getLogger(__name__)
SMALL = 1000  # documents; segments up to this are of one size
FAN = 8  # times as large is another size
MOST_ALIKE = 4  # segments of one size before they are merged
MOST_DELETED = 0.5  # of a segment, before it is written again without
GROWN = 4.0  # times as many documents as mean lengths are of, before they are measured anew
DRAFT = "merging."
LOCK_TIMEOUT = 60


def due(snapshot: Snapshot) -> list[Segment]:
    """The segments that should be one: several of about one size, those mostly deleted, or all, when mean lengths are
    those of a much smaller index."""
    sizes: dict[int, list[Segment]] = defaultdict(list)
    for segment in snapshot.segments:
        sizes[int(math.log(max(1, segment.size / SMALL), FAN))].append(segment)
    if snapshot.means and snapshot.documents > max(SMALL, GROWN * snapshot.means[merging.COUNT]):
        return snapshot.segments
    alike = next((some for _size, some in sorted(sizes.items()) if len(some) > MOST_ALIKE), [])
    return alike or [s for s in snapshot.segments if snapshot.count_deleted(s) > MOST_DELETED * s.size][:1]


class Upkeep:
    def __init__(self, store: Store, look: Callable[[], Snapshot]) -> None:
        """`look` gives the index as it is now."""
        self.store, self.look = store, look
        self._starting = Lock()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """See to it soon, if there is anything to do."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="search index upkeep", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        try:
            self.run()
        except Busy:
            pass  # another process is at it
        except (IndexUnusable, OSError) as problem:  # rebuilt, or the disk is full: the index is right as it is
            log.warning("Segments of the search index were not merged: %s", problem)

    def run(self) -> int:
        """Merge what is due until nothing is; returns how many times. Raises Busy when another process does."""
        times = 0
        with self.store.lock(0, "upkeep"):
            while segments := due(self.look()):
                if not self._merge(self.look(), segments):
                    break
                times += 1
        return times

    def _merge(self, snapshot: Snapshot, segments: list[Segment]) -> bool:
        """Put one segment in the place of some; False when they are gone meanwhile."""
        started, folder = monotonic(), Path(snapshot.folder)
        for path in folder.glob(f"{DRAFT}*"):  # of a process that was killed
            path.unlink(missing_ok=True)
        names = {segment.id for segment in segments}
        state = commits.read_toc(folder, snapshot.generation).schema.state
        commits.verify(folder, state.of(names), {}, thorough=True)  # damage must not become part of what is right
        sources = [merging.Source(s.columns, snapshot.living(s), postings=s.postings, terms=s.terms) for s in segments]
        means = None if len(segments) == len(snapshot.segments) else snapshot.means
        draft = folder / f"{DRAFT}{secrets.token_hex(4)}"
        try:
            files = merging.merge(sources, draft, means)
            with self.store.lock(LOCK_TIMEOUT):
                done = self._put(snapshot, segments, sources, draft, files)
        finally:
            for path in folder.glob(f"{DRAFT}*"):
                path.unlink(missing_ok=True)
        if done:
            log.info(
                "Segments of the search index merged: %d of them, %d documents, in %.1f s",
                len(segments), sum(source.kept for source in sources), monotonic() - started,
            )  # fmt: skip
        return done

    def _put(self, snapshot, segments, sources, draft: Path, files: dict[str, commits.Fingerprint]) -> bool:
        folder = self.store.current()
        if str(folder) != snapshot.folder:
            return False
        writer = commits.Writer(commits.opened(folder), folder)
        now = {segment.segment_id(): segment for segment in writer.segments}
        if not all(segment.id in now and segment.is_unwritten() for segment in segments):
            writer.cancel()
            return False
        merged = W3Segment(Codec(), commits.NAME, doccount=sum(source.kept for source in sources))
        for segment, source in zip(segments, sources, strict=True):
            for number in now[segment.id].deleted_docs():
                if source.numbers[number] >= 0:
                    merged.delete_document(int(source.numbers[number]))
        named = {}
        for name, fingerprint in files.items():
            path = folder / name
            target = folder / (merged.segment_id() + path.name.removeprefix(draft.name))
            named[path.rename(target).name] = fingerprint
        writer.replace({segment.id for segment in segments}, merged, named)
        state = writer.schema.state
        writer.finish(state.position, state.release)
        return True
