"""One of each kind is killed under load; what readers and curators saw of it, and whether anything was lost."""

import json
import os
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.stack import Stack
from tests.drills import knowledge, traffic
from tests.drills.instance import Answer
from tests.drills.traffic import Figures, Person


@dataclass
class Seen(Figures):
    """Figures by phase: requests, those that failed, how many hits a search had at the least."""

    phase: str = "before"
    phases: dict[str, Counter] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)
    fewest: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, what: str, answer: Answer, seconds: float) -> None:
        if (what, answer.status) == ("/readyz", 403):  # nginx keeps it for the machines
            return
        super().note(kind, what, answer, seconds)
        with self.lock:
            counts = self.phases.setdefault(self.phase, Counter())
            counts[kind] += 1
            if answer.status == 0 or answer.status >= 500:
                counts[f"{kind} failed ({answer.status})"] += 1
            self.slowest[self.phase] = max(self.slowest.get(self.phase, 0.0), seconds)

    def hits(self, count: int) -> None:
        with self.lock:
            self.fewest[self.phase] = min(self.fewest.get(self.phase, count), count)

    def report(self) -> dict[str, Any]:
        return {
            phase: {**counts, "slowest": round(self.slowest[phase], 2), "fewest hits": self.fewest.get(phase)}
            for phase, counts in self.phases.items()
        }


def drill(stack: Stack, seconds: float = 15, readers: int = 4, writers: int = 2, pause: float = 0.5) -> dict[str, Any]:
    """Return what was seen in each phase of `seconds`, and what was lost: nothing, if all is well."""
    seen = Seen()
    given = traffic.curators(stack.front, writers)
    works = traffic.writers(stack.front, given, seen) + traffic.readers(stack.front, readers, seen)
    works.append(searcher(stack.front.port, seen))
    took: dict[str, float] = {}
    with traffic.people(works, pause):
        time.sleep(seconds)
        seen.phase = "a search node killed"
        stack.nodes[0].stop(signal.SIGKILL)
        time.sleep(seconds)
        seen.phase = "a web node killed"
        stack.webs[1].kill()
        time.sleep(seconds)
        seen.phase = "rebuild under load"
        started = time.monotonic()
        stack.webs[0].site.manage("search_rebuild")
        took["rebuild"] = time.monotonic() - started
        seen.phase = "the primary killed"
        assert stack.primary.process is not None
        stack.primary.stop(signal.SIGQUIT)
        time.sleep(seconds / 3)
        seen.phase = "the replica promoted"
        stack.replica.promote()
        time.sleep(seconds)
        seen.phase = "both nodes back"
        started = time.monotonic()
        stack.nodes[0].start()
        stack.webs[1].start()
        stack.webs[1].site.wait_until("/readyz")
        stack.nodes[0].wait()
        took["the nodes are back"] = time.monotonic() - started
        time.sleep(seconds)
    seen.phase = "after"
    front = stack.front
    return {
        "phases": seen.report(), "took": {name: round(value, 1) for name, value in took.items()},
        "acknowledged": sum(1 for _ in seen.published), "lost": traffic.lost(front, seen),
        "search_check": front.search_check(), "failed": seen.failed[:20],
        "read": seen.percentiles("read"), "write": seen.percentiles("write"),
    }  # fmt: skip


def searcher(port: int, seen: Seen):
    """Somebody who searches all the time for what is always there."""
    person = Person(port)
    address = "/api/v1/search/?q=agreement&type=instrument"

    def work() -> None:
        started = time.monotonic()
        answer = person.ask("GET", address)
        seen.note("read", address, answer, time.monotonic() - started)
        if answer.status == 200:
            seen.hits(answer.json()["count"])

    return work


def main(stack: Stack) -> int:
    """Print what was seen; 1 when anything acknowledged was lost, or a search came back empty."""
    outcome = drill(stack, float(os.environ.get("PHASE", "15")))
    print(json.dumps(outcome, indent=1, ensure_ascii=False))
    fewest = [phase["fewest hits"] for phase in outcome["phases"].values() if phase["fewest hits"] is not None]
    wrong = outcome["lost"] or outcome["search_check"] or min(fewest) < knowledge.AGREEMENTS
    return 1 if wrong else 0
