"""Many writes in few calls, several of them under way at once, and no faster than the cluster takes them.

Each write carries a version, so that one that is sent twice, or by somebody who has been overtaken, changes nothing:
in what order the calls arrive makes no difference either, as long as no key is written twice under one version.
https://docs.opensearch.org/2.19/api-reference/document-apis/bulk/
"""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Any

import orjson

from search.engines import Busy
from search.engines.opensearch.client import Cluster, Overloaded, refused
from search.engines.opensearch.patience import Patience

MOST_WRITES, MOST_BYTES = 500, 4_000_000  # of one call
FEWEST_WRITES = 10
LOOK = 1.0  # seconds of waiting from one sign of life to the next
READ = 60.0
TOLD = "items.*.status,items.*.error"  # what is wanted of an answer

Write = tuple[bytes, ...]


class Bulk:
    """Writes to one index with one version. Used as a context, it leaves nothing under way, whatever happens.

    `go_on` is called now and then, and ends it by what it raises. What the cluster turns away comes again for two
    minutes, or `until` a time of the monotonic clock.

    The methods raise Busy when others have written since, or the cluster takes nothing for long, and Refused; maybe on
    account of a write handed over before. After `flush` all is written."""

    def __init__(
        self,
        cluster: Cluster,
        index: str,
        version: int,
        at_once: int = 1,
        go_on: Callable[[], None] = lambda: None,
        until: float | None = None,
    ) -> None:
        self.cluster, self.index, self.version, self.at_once = cluster, index, version, at_once
        self.go_on, self.until = go_on, until
        self.most = MOST_WRITES  # of a call, fewer while the cluster pushes back
        self._pending: list[Write] = []
        self._size = 0
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="bulk")
        self._under_way: set[Future[None]] = set()
        self._given_up = Event()

    def __enter__(self) -> "Bulk":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._given_up.set()
        self._pool.shutdown(cancel_futures=True)

    def put(self, key: str, source: dict[str, Any]) -> None:
        """Write a document; what has a later version stays."""
        self._add(self._head("index", key), orjson.dumps(source))

    def delete(self, key: str) -> None:
        self._add(self._head("delete", key))

    def _head(self, verb: str, key: str) -> bytes:
        return orjson.dumps({verb: {"_id": key, "version": self.version, "version_type": "external_gte"}})

    def _add(self, *lines: bytes) -> None:
        self.go_on()
        self._pending.append(lines)
        self._size += sum(map(len, lines))
        if len(self._pending) >= self.most or self._size >= MOST_BYTES:
            self._hand_over()

    def flush(self) -> None:
        """Have everything written."""
        if self._pending:
            self._hand_over()
        self._wait_for(0)

    def _hand_over(self) -> None:
        """Send what is pending, once there are few enough calls under way."""
        self._wait_for(self.at_once - 1)
        self._under_way.add(self._pool.submit(self._send, self._pending))
        self._pending, self._size = [], 0

    def _wait_for(self, most: int) -> None:
        """Wait until no more than so many calls are under way; raises what one of them raised."""
        while len(self._under_way) > most:
            done, self._under_way = wait(self._under_way, LOOK, FIRST_COMPLETED)
            for call in done:
                call.result()
            self.go_on()

    def _send(self, writes: list[Write]) -> None:
        """Send writes until the cluster has taken them all, fewer in a call while it pushes back."""
        patience = Patience(self._given_up, self.until)
        while writes:
            left: list[Write] = []
            for start in range(0, len(writes), most := self.most):
                left += self._call(writes[start : start + most])
            if left:
                self.most = max(FEWEST_WRITES, most // 2)
                patience.wait()
            else:
                self.most = min(MOST_WRITES, most * 2)
            writes = left

    def _call(self, writes: list[Write]) -> list[Write]:
        """Return those of the writes that the cluster had no room for."""
        body = b"".join(line + b"\n" for lines in writes for line in lines)
        try:
            answer = self.cluster.call("POST", f"{self.index}/_bulk", body, read=READ, filter_path=TOLD)
        except Overloaded:
            return writes
        return [lines for lines, item in zip(writes, answer["items"], strict=True) if _is_pushed_back(item)]


def _is_pushed_back(item: dict[str, Any]) -> bool:
    """Had the cluster no room for a write? Raises when it is to be repeated in no case."""
    told = next(iter(item.values()))
    if told["status"] == 409:
        raise Busy("another process has written to the search index meanwhile")
    if told["status"] >= 400 and told["status"] not in (404, 429):  # what is to be deleted may be gone already
        raise refused(told["status"], told)
    return told["status"] == 429
