"""One of each kind is killed under load; what readers and curators saw of it, and whether anything was lost."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from governance.replicas import SAMPLE
from tests.cluster.stack import Stack
from tests.drills import knowledge, traffic
from tests.drills.instance import Answer
from tests.drills.traffic import Curators, Figures, Person

KILLED = " killed"  # how the name of a phase ends in which something is
REBUILT = "rebuild under load"
MOST_REBUILDS, ENOUGH = 5, 2  # one after the other, until somebody looked so often for what was published meanwhile
LOOKED = "looked for what was published: "
OWN = knowledge.AGREEMENTS - 1  # the agreement that only the looker changes


@dataclass
class Seen(Figures):
    """Figures by phase: requests, those that failed, how many hits a search had at the least, and how many searches
    for what had just been published found it, said that they may be behind, or did neither."""

    began: list[tuple[float, str]] = field(default_factory=lambda: [(float("-inf"), "all is well")])
    phases: dict[str, Counter] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)
    fewest: dict[str, int] = field(default_factory=dict)

    def begin(self, phase: str) -> None:
        self.began.append((time.monotonic(), phase))

    def phase(self, started: float) -> str:
        """Where a request belongs that ends now: to the last phase that it met in which something was killed, or to
        that in which it began."""
        first = max(number for number, (at, _phase) in enumerate(self.began) if at <= started)
        met = [phase for _at, phase in self.began[first:]]
        return next((phase for phase in reversed(met) if phase.endswith(KILLED)), met[0])

    def counts(self, phase: str) -> Counter:
        return self.phases.setdefault(phase, Counter())

    def note(self, kind: str, what: str, answer: Answer, seconds: float) -> None:
        if (what, answer.status) == ("/readyz", 403):  # nginx keeps it for the machines
            return
        super().note(kind, what, answer, seconds)
        with self.lock:
            phase = self.phase(time.monotonic() - seconds)
            counts = self.counts(phase)
            counts[kind] += 1
            if answer.status == 0 or answer.status >= 500:
                counts[f"{kind} failed"] += 1
                counts[f"{kind} failed ({answer.status})"] += 1
            self.slowest[phase] = max(self.slowest.get(phase, 0.0), seconds)

    def hits(self, count: int, started: float) -> None:
        with self.lock:
            phase = self.phase(started)
            self.fewest[phase] = min(self.fewest.get(phase, count), count)

    def looked(self, what: str, started: float) -> None:
        with self.lock:
            self.counts(self.phase(started))[LOOKED + what] += 1

    def looks(self, phase: str) -> int:
        """How often somebody looked for what had just been published."""
        with self.lock:
            return looks(self.counts(phase))

    def report(self) -> dict[str, Any]:
        return {
            phase: {**counts, "slowest": round(self.slowest.get(phase, 0), 2), "fewest hits": self.fewest.get(phase)}
            for phase, counts in self.phases.items()
        }


def drill(stack: Stack, seconds: float = 15, readers: int = 4, writers: int = 2, pause: float = 0.5) -> dict[str, Any]:
    """Return what was seen in each phase of `seconds`, and what was lost: nothing, if all is well."""
    seen = Seen()
    given = traffic.curators(stack.front, writers + 1)
    works = traffic.writers(stack.front, Curators(given.sessions[1:], given.keys), seen)
    works += traffic.readers(stack.front, readers, seen)
    works += [searcher(stack.front.port, seen), looker(stack.front.port, given, seen)]
    took: dict[str, float] = {}
    with traffic.people(works, pause):
        time.sleep(seconds)
        seen.begin(f"a search node{KILLED}")
        stack.nodes[0].stop(signal.SIGKILL)
        time.sleep(seconds)
        seen.begin(f"a web node{KILLED}")
        stack.webs[1].kill()
        time.sleep(seconds)
        seen.begin(f"the Redis{KILLED}")
        stack.redis.kill()
        time.sleep(seconds)
        seen.begin(REBUILT)
        for _rebuild in range(MOST_REBUILDS):
            started = time.monotonic()
            stack.webs[0].site.manage("search_rebuild")
            took["rebuild"] = time.monotonic() - started
            if seen.looks(REBUILT) >= ENOUGH:
                break
        seen.begin(f"the primary{KILLED}")
        assert stack.primary.process is not None
        stack.primary.stop(signal.SIGQUIT)
        time.sleep(seconds / 3)
        seen.begin("the replica promoted")
        stack.replica.promote()
        time.sleep(seconds)
        seen.begin("all back")
        started = time.monotonic()
        stack.redis.start()
        stack.nodes[0].start()
        stack.webs[1].start()
        stack.webs[1].site.wait_until("/readyz")
        stack.nodes[0].wait()
        took["all are back"] = time.monotonic() - started
        time.sleep(seconds)
    front = stack.front
    return {
        "phases": seen.report(), "took": {name: round(value, 1) for name, value in took.items()},
        "acknowledged": sum(1 for _ in seen.published), "lost": traffic.lost(front, seen),
        "search_check": front.search_check(), "failed": seen.failed[:20],
        "read": seen.percentiles("read"), "write": seen.percentiles("write"),
        "people who read": readers + 2,
    }  # fmt: skip


def looks(counts: dict[str, Any]) -> int:
    """How many searches for what had just been published are among the counts of a phase."""
    return sum(count for what, count in counts.items() if what.startswith(LOOKED))


def searcher(port: int, seen: Seen) -> Callable[[], None]:
    """Somebody who searches all the time for what is always there."""
    person = Person(port)
    address = "/api/v1/search/?q=agreement&type=instrument"

    def work() -> None:
        started = time.monotonic()
        answer = person.ask("GET", address)
        seen.note("read", address, answer, time.monotonic() - started)
        if answer.status == 200:
            seen.hits(answer.json()["count"], started)

    return work


def looker(port: int, given: Curators, seen: Seen) -> Callable[[], None]:
    """A curator who publishes, and a reader without a login who looks for that once everybody has to find it."""
    curator, reader = Person(port, given.sessions[0]), Person(port)
    slug = f"agreement-{OWN}"

    def work() -> None:
        before = seen.published.get(slug)
        traffic.write(curator, seen, given.keys, OWN, mine=True)
        summary = seen.published.get(slug, "")
        if summary == before or not summary:  # not acknowledged: it may have been saved or not
            return
        time.sleep(SAMPLE)  # for so long a replica may lack it
        started = time.monotonic()
        address = f"/api/v1/search/?q={summary.rpartition(' ')[2].rstrip('.')}"
        answer = reader.ask("GET", address)
        seen.note("read", address, answer, time.monotonic() - started)
        if answer.status == 200:
            is_found = slug in [hit["slug"] for hit in answer.json()["results"]]
            is_behind = answer.headers.get("ETag", "").startswith('W/"behind-')
            seen.looked("found" if is_found else "said to be behind" if is_behind else "stale", started)

    return work


def main(stack: Stack) -> int:
    """Print what was seen, and what is wrong with it; 1 when anything is."""
    print("Killing it part by part …", flush=True)
    outcome = drill(stack, float(os.environ.get("PHASE", "15")))
    print(json.dumps(outcome, indent=1, ensure_ascii=False))
    found = wrong(outcome)
    print("\n".join(f"WRONG: {what}" for what in found) or "Nothing is wrong with that.")
    return 1 if found else 0


def wrong(outcome: dict[str, Any]) -> list[str]:
    """What nobody should have seen: something lost, an empty or stale search, or more failed reads than were under way
    when something was killed, one of each person who reads."""
    found = [f"lost: {what}" for what in outcome["lost"]]
    if outcome["search_check"]:
        found.append(outcome["search_check"])
    for phase, seen in outcome["phases"].items():
        allowed = outcome["people who read"] if phase.endswith(KILLED) else 0
        if seen.get("read failed", 0) > allowed:
            found.append(f"{phase}: of the reads {seen['read failed']} failed, and at most {allowed} may")
        if phase == REBUILT and not looks(seen):
            found.append(f"{phase}: nobody looked for what had been published before")
        if seen.get(f"{LOOKED}stale"):
            found.append(f"{phase}: a search did not find what had been published before it")
        if (seen["fewest hits"] or 0) < knowledge.AGREEMENTS and seen["fewest hits"] is not None:
            found.append(f"{phase}: a search found {seen['fewest hits']} of {knowledge.AGREEMENTS} agreements")
    return found
