"""Many writes in few calls, no faster than the cluster takes them.

Each carries a version, so that a write that is sent twice, or by somebody who has been overtaken, changes nothing.
https://docs.opensearch.org/2.19/api-reference/document-apis/bulk/
"""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from search.engines import Busy
from search.engines.opensearch.client import Cluster, Refused

MOST_WRITES, MOST_BYTES = 500, 4_000_000  # of one call
FIRST_WAIT, LONGEST_WAIT, PATIENCE = 0.1, 5.0, 120.0  # seconds
READ = 60.0


@dataclass
class Bulk:
    """Writes to one index with one version; `wait` doubles while the cluster pushes back, and so does patience end."""

    cluster: Cluster
    index: str
    version: int
    wait: float = FIRST_WAIT
    most: int = MOST_WRITES
    _pending: list[tuple[bytes, ...]] = field(default_factory=list)
    _size: int = 0

    def put(self, key: str, source: dict[str, Any]) -> None:
        """Write a document; what has a later version stays."""
        self._add(self._head("index", key), json.dumps(source, ensure_ascii=False).encode())

    def delete(self, key: str) -> None:
        self._add(self._head("delete", key))

    def _head(self, verb: str, key: str) -> bytes:
        return json.dumps({verb: {"_id": key, "version": self.version, "version_type": "external_gte"}}).encode()

    def _add(self, *lines: bytes) -> None:
        self._pending.append(lines)
        self._size += sum(map(len, lines))
        if len(self._pending) >= self.most or self._size >= MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send what is waiting; raises Busy when others have written since, or the cluster takes nothing for long."""
        end = time.monotonic() + PATIENCE
        while self._pending:
            batches = list(_batches(self._pending, self.most))
            left: list[tuple[bytes, ...]] = []
            for batch in batches:
                left += self._send(batch)
            if left:
                self._slow_down(end)
            else:
                self.wait, self.most = max(FIRST_WAIT, self.wait / 2), min(MOST_WRITES, self.most * 2)
            self._pending = left
        self._size = 0

    def _slow_down(self, end: float) -> None:
        if time.monotonic() > end:
            raise Busy("the search cluster takes no more writes")
        time.sleep(self.wait)
        self.wait, self.most = min(LONGEST_WAIT, self.wait * 2), max(10, self.most // 2)

    def _send(self, batch: list[tuple[bytes, ...]]) -> list[tuple[bytes, ...]]:
        """Return those of the writes that the cluster had no room for."""
        body = b"".join(line + b"\n" for lines in batch for line in lines)
        try:
            answer = self.cluster.call("POST", f"{self.index}/_bulk", body, read=READ)
        except Busy as error:
            if type(error) is Busy:
                return batch
            raise
        again = []
        for lines, item in zip(batch, answer["items"], strict=True):
            told = next(iter(item.values()))
            if told["status"] == 429:
                again.append(lines)
            elif told["status"] == 409:
                raise Busy("another process has written to the search index meanwhile")
            elif told["status"] >= 400 and told["status"] != 404:  # what is to be deleted may be gone already
                raise Refused(told["status"], told["error"]["type"], str(told["error"].get("reason")))
        return again


def _batches(pending: list[tuple[bytes, ...]], most: int) -> Iterator[list[tuple[bytes, ...]]]:
    for start in range(0, len(pending), most):
        yield pending[start : start + most]


def write(bulk: Bulk, documents: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Write all of the documents, each under its key."""
    for key, source in documents:
        bulk.put(key, source)
    bulk.flush()
