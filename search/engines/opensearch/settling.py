"""What comes between the writing of a new index and its being served: it is safe on disk, and in few segments.

Merging makes searches cheaper, and drops what OpenSearch keeps of each document as it was sent, more than half of the
disk; but only in segments that it writes anew, and not of what was written in the last minute or so, since copies of a
shard might still ask for that. Hence as few segments as there would be of the largest that are merged without being
asked. An index is served without it when it fails or takes too long; then it goes on by itself.
https://docs.opensearch.org/2.19/api-reference/index-apis/force-merge/
"""

import logging
import time
from collections.abc import Callable

from search.engines import Busy
from search.engines.opensearch.client import Cluster, Refused

log = logging.getLogger(__name__)
SEGMENT = 5 << 30  # bytes of the largest (index.merge.policy.max_merged_segment)
LONGEST_FLUSH, LONGEST_MERGE = 300.0, 3600.0  # seconds
FIRST_LOOK, LAST_LOOK = 0.05, 5.0  # seconds from one look at how far it has come to the next


def settle(cluster: Cluster, index: str, go_on: Callable[[], None]) -> None:
    """Have all of an index on disk, merged, and found. `go_on` is called now and then; what it raises ends it."""
    cluster.patiently("POST", f"{index}/_flush", read=LONGEST_FLUSH)
    go_on()
    _merge(cluster, index, go_on)
    cluster.patiently("POST", f"{index}/_refresh", read=60)


def _merge(cluster: Cluster, index: str, go_on: Callable[[], None]) -> None:
    end, pause = time.monotonic() + LONGEST_MERGE, FIRST_LOOK
    task = _begun(cluster, index)
    while task and not _is_done(cluster, index, task):
        if time.monotonic() > end:
            log.warning("The segments of %s are still being merged: it is served meanwhile", index)
            return
        time.sleep(pause)
        pause = min(LAST_LOOK, pause * 2)
        go_on()


def _begun(cluster: Cluster, index: str) -> str:
    """The name of what the cluster has begun; empty when it does not."""
    try:
        told = cluster.patiently("GET", f"{index}/_stats/store")
        size = told["_all"]["primaries"]["store"]["size_in_bytes"] // told["_shards"]["successful"]
        options: dict[str, int | bool] = {"max_num_segments": 1 + size // SEGMENT, "wait_for_completion": False}
        return cluster.patiently("POST", f"{index}/_forcemerge", read=60, **options)["task"]
    except (Busy, Refused, KeyError) as error:
        log.warning("The segments of %s are not merged: %s", index, error)
        return ""


def _is_done(cluster: Cluster, index: str, task: str) -> bool:
    """Nobody knows any more of one whose node has gone: that counts as done."""
    try:
        told = cluster.call("GET", f"_tasks/{task}")
    except Refused as error:
        log.warning("How far the segments of %s are merged is not to be known: %s", index, error)
        return True
    except Busy:
        return False
    if told.get("error"):
        log.warning("The segments of %s are not merged: %s", index, told["error"])
    return bool(told["completed"])
