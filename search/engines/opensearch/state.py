"""What an index says of itself, in a document of its own, changed only by who has seen it as it is.

position    how far it has come in the change log
sequence    counts who writes: the version of everything a writer writes, so that one who was held up and overtaken
            changes nothing when he comes back
lease       who writes now, and until when unless he gives a sign of life
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from governance.models import Position
from search.engines import Busy, IndexUnusable
from search.engines.opensearch.client import Cluster, Overloaded, Refused
from search.engines.opensearch.fields import Means

STATE = "~state"
LEASE = 60.0  # seconds without a sign of life until another may write
SIGN_OF_LIFE = 5.0  # seconds from one to the next
WAIT = 0.05


@dataclass(frozen=True)
class State:
    """`index` is its name; `seen` tells this state from every other one of the index."""

    index: str
    seen: tuple[int, int]  # sequence number and primary term, as OpenSearch counts
    position: Position
    sequence: int
    means: Means
    lease: dict[str, Any] = field(default_factory=dict)

    @property
    def is_taken(self) -> bool:
        return self.lease.get("until", 0) > time.time()


def read(cluster: Cluster, name: str) -> State:
    """The state of an index, or of the one that an alias stands for; raises IndexUnusable when there is none."""
    try:
        answer = cluster.call("GET", f"{name}/_doc/{STATE}")
        told = answer["_source"]["state"]
        return State(
            answer["_index"], (answer["_seq_no"], answer["_primary_term"]), Position.parse(told["position"]),
            told["sequence"], told["means"], told["lease"],
        )  # fmt: skip
    except Refused as error:
        if error.status == 404:
            raise IndexUnusable(f"there is no index {name}") from error
        raise
    except (KeyError, ValueError) as error:
        raise IndexUnusable(f"the index {name} does not say how far it has come") from error


def write(cluster: Cluster, before: State, **changed: Any) -> bool:
    """Change the state; False when it is no longer what it was before."""
    told = {"position": before.position, "sequence": before.sequence, "means": before.means, "lease": before.lease}
    told |= changed
    told["position"] = str(told["position"])
    number, term = before.seen
    try:
        cluster.call("PUT", f"{before.index}/_doc/{STATE}", {"state": told}, if_seq_no=number, if_primary_term=term)
    except Refused as error:
        if error.status == 409:
            return False
        raise
    return True


def begin(cluster: Cluster, index: str, position: Position, means: Means) -> None:
    """Give a new index its state."""
    told = {"position": str(position), "sequence": 1, "means": means, "lease": {}}
    cluster.patiently("PUT", f"{index}/_doc/{STATE}", {"state": told})


class Turn:
    """Somebody's turn to write to an index: `state` is how that stands, with a `sequence` of his own."""

    def __init__(self, cluster: Cluster, owner: str, state: State) -> None:
        self.cluster, self.owner, self.state = cluster, owner, state
        self._due = time.monotonic() + SIGN_OF_LIFE

    def go_on(self) -> None:
        """Call it now and then, to stay the one who writes; raises Busy when somebody else does by now."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + SIGN_OF_LIFE
        try:
            write(self.cluster, self.state, lease=_lease(self.owner))
            self.state = read(self.cluster, self.state.index)
        except Overloaded:
            return  # the next sign will do as well
        if self.state.lease.get("owner") != self.owner:
            raise Busy("somebody else is writing to the search index by now")


def _lease(owner: str) -> dict[str, Any]:
    return {"owner": owner, "until": time.time() + LEASE}


@contextmanager
def writing(cluster: Cluster, name: str, timeout: float) -> Iterator[Turn]:
    """Be the only one to write to an index, as long as one gives signs of life.

    Raises Busy after `timeout` seconds. Whoever gives none for LEASE may be overtaken, and then writes nothing more.
    """
    end, owner = time.monotonic() + timeout, secrets.token_hex(8)
    while True:
        state = read(cluster, name)
        if state.lease.get("owner") == owner:  # it was ours, though the answer did not reach us
            break
        if not state.is_taken and write(cluster, state, sequence=state.sequence + 1, lease=_lease(owner)):
            continue
        if time.monotonic() >= end:
            raise Busy("somebody else is writing to the search index")
        time.sleep(WAIT)
    try:
        yield Turn(cluster, owner, state)
    finally:
        now = read(cluster, state.index)
        if now.lease.get("owner") == owner:
            write(cluster, now, lease={})
