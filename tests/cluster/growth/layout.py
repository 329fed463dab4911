"""Where the shards of an index stand: all on one node, or cut anew and spread over all nodes with a copy of each.

So it is built once for both. https://docs.opensearch.org/2.19/api-reference/index-apis/split/
"""

import json
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

from tests.cluster.opensearch import Node

LONGEST = 3600  # seconds for one call, of which merging a million passages is the longest
QUIET = 10  # seconds without a change, and until a new size is told
SEGMENTS = 8  # of a shard, about as many as it has by itself
ONLY_ON = "cluster.routing.allocation.include._name"


class Layout:
    """The one index with an alias in a temporary cluster."""

    def __init__(self, made: Sequence[Node]) -> None:
        self.made = made

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.made[0].port}/{path}", method=method, headers={"content-type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )  # fmt: skip
        with urllib.request.urlopen(asked, timeout=LONGEST) as answer:
            return json.loads(answer.read())

    def served(self) -> tuple[str, str]:
        """The index and its alias."""
        aliases = {name: list(told["aliases"]) for name, told in self.call("GET", "_alias").items()}
        return next((name, found[0]) for name, found in aliases.items() if found)

    def gather(self) -> None:
        """Let only the first node have shards; the others run and hold nothing. Copying goes as fast as it can, and
        a heap that waits to be cleared, as these nodes' do until it is full, turns nobody away."""
        settings = {
            ONLY_ON: self.made[0].name, "indices.recovery.max_bytes_per_sec": "-1",
            "indices.breaker.total.limit": "100%",
        }  # fmt: skip
        self.call("PUT", "_cluster/settings", {"persistent": settings})

    def spread(self, shards: int) -> float:
        """Cut the index into so many shards and let all nodes have them; returns seconds."""
        started = time.perf_counter()
        old, alias = self.served()
        new = f"{old}0"
        self.call("PUT", f"{old}/_settings", {"index.blocks.write": True})
        changed = {"index.number_of_shards": shards, "index.blocks.write": None}
        self.call("POST", f"{old}/_split/{new}?timeout={LONGEST}s", {"settings": changed})
        self._wait(new, "yellow")
        self.call("POST", f"{new}/_forcemerge?max_num_segments={SEGMENTS}")  # what is another shard's goes only so
        moved = [{"remove_index": {"index": old}}, {"add": {"index": new, "alias": alias}}]
        self.call("POST", "_aliases", {"actions": moved})
        self.call("PUT", "_cluster/settings", {"persistent": {ONLY_ON: None}})
        self._wait(new, "green")
        return time.perf_counter() - started

    def _wait(self, index: str, status: str) -> None:
        moving = "wait_for_no_relocating_shards=true&wait_for_no_initializing_shards=true"
        self.call("GET", f"_cluster/health/{index}?wait_for_status={status}&{moving}&timeout={LONGEST}s")

    def settle(self) -> None:
        """Wait until nothing has been merged or moved for a while, and have searches see what came of it."""
        index, _alias = self.served()
        self.call("POST", f"{index}/_flush")
        quiet, end = 0, time.monotonic() + LONGEST
        while quiet < QUIET and time.monotonic() < end:
            merges = self.call("GET", f"{index}/_stats/merge")["_all"]["total"]["merges"]["current"]
            moving = self.call("GET", "_cluster/health")["relocating_shards"]
            quiet = 0 if merges or moving else quiet + 1
            self.call("POST", f"{index}/_refresh")
            time.sleep(1)

    def size(self) -> int:
        """Bytes on disk, of all copies."""
        index, _alias = self.served()
        return self.call("GET", f"{index}/_stats/store")["_all"]["total"]["store"]["size_in_bytes"]

    def shards(self) -> list[str]:
        """The node of each shard and copy."""
        index, _alias = self.served()
        rows = self.call("GET", f"_cat/shards/{index}?format=json&h=shard,prirep,node")
        return sorted(f"{row['shard']}{row['prirep']} {row['node']}" for row in rows)  # type: ignore[index]
