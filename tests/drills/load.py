"""Mixed traffic for a long time: errors, times to answer, and whether memory and open files stay what they were."""

import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.drills import traffic
from tests.drills.instance import Answer, Instance
from tests.drills.traffic import Figures

SAMPLES = 60
RATE = 150  # pages a minute that one address may have of each process, while the burst is on
BURST = "198.51.100.1"
CROWDED = 40  # clients behind that address
_asked = count(1)


@dataclass
class Usage:
    """Memory (MB) and open files of the server's processes together, sampled in even steps.

    Files go up and down: each commit to the index adds a segment of eleven, until there are enough to be merged.
    """

    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def sample(self, master: int) -> None:
        processes = [master, *children(master)]
        self.memory.append(sum(map(memory, processes)))
        self.files.append(sum(map(open_files, processes)))

    @property
    def memory_growth(self) -> float:
        """The median of the last third over that of the second one; the first is for warming up."""
        third = len(self.memory) // 3
        return statistics.median(self.memory[-third:]) / statistics.median(self.memory[third : 2 * third])


@dataclass
class Outcome:
    figures: Figures
    usage: Usage
    lost: list[str]
    search_check: str

    def summary(self) -> dict[str, Any]:
        figures, usage = self.figures, self.usage
        return {
            "statuses": dict(figures.statuses), "failed": figures.failed[:10],
            "read": figures.percentiles("read"), "write": figures.percentiles("write"),
            "lost": self.lost, "search_check": self.search_check,
            "memory": [round(usage.memory[0]), round(usage.memory[-1])], "memory_growth": round(usage.memory_growth, 3),
            "files": [usage.files[0], max(usage.files), usage.files[-1]],
        }  # fmt: skip


def drill(instance: Instance, seconds: float, writers: int = 2, readers: int = 8, pause: float = 0.5) -> Outcome:
    """People who stop to read now and then; `pause` is for how long on average."""
    instance.settings = {**instance.settings, "REVIEW": "one"}
    curators = traffic.curators(instance, writers)
    figures, usage = Figures(), Usage()
    with instance.serving():
        assert instance.server is not None
        works = traffic.writers(instance, curators, figures) + traffic.readers(instance, readers, figures)
        with traffic.people(works, pause):
            for _sample in range(SAMPLES):
                time.sleep(seconds / SAMPLES)
                usage.sample(instance.server.pid)
    return Outcome(figures, usage, traffic.lost(instance, figures), instance.search_check())


@dataclass
class Burst:
    """What came of a burst: `steady` is what readers asked a second before it, `offered` what the burst did."""

    steady: float
    offered: float
    statuses: dict[str, int]
    unclear: list[str]
    others: list[str]
    back_after: float

    def summary(self) -> str:
        seen = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.offered:.0f} requests a second from one address beside {self.steady:.0f} from the others: {seen}; "
            f"served again {self.back_after:.0f} s later"
        )


def burst(instance: Instance, seconds: float, readers: int = 8, pause: float = 0.5) -> Burst:
    """One address asks ten times as often as all readers together did; they go on meanwhile and should not notice."""
    instance.settings = {**instance.settings, "TRUSTED_PROXIES": "1", "PAGE_RATE": f"{RATE}/minute"}
    before, meanwhile = Figures(), Figures()
    answers: list[Answer] = []
    with instance.serving():
        with traffic.people(traffic.readers(instance, readers, before), pause):
            time.sleep(seconds / 2)
        steady = sum(before.statuses.values()) / (seconds / 2)
        gap = CROWDED / (10 * steady)
        crowd = [_impatient(traffic.Person(instance.port, address=BURST), answers, gap) for _n in range(CROWDED)]
        with traffic.people(traffic.readers(instance, readers, meanwhile), pause), traffic.people(crowd):
            time.sleep(seconds)
        offered = len(answers) / seconds
        refused = [answer for answer in answers if answer.status == 429]
        waits = [int(answer.headers.get("Retry-After", "0")) for answer in refused]
        back_after = _served_again(traffic.Person(instance.port, address=BURST), waits[-1] if waits else 0)
    return Burst(
        steady, offered, {str(status): n for status, n in Counter(a.status for a in answers).items()},
        [a.body[:200] for a in answers if a.status not in (200, 429)] + ["no Retry-After" for w in waits if w < 1],
        [*before.failed, *meanwhile.failed], back_after,
    )  # fmt: skip


def _impatient(person: "traffic.Person", answers: list[Answer], gap: float) -> Callable[[], None]:
    """Ask at an even pace, whatever is answered; each time for what nobody asked before, since kept pages are free."""

    def work() -> None:
        began = time.monotonic()
        answers.append(person.ask("GET", f"/search/?q=agreement+{next(_asked)}"))
        time.sleep(max(0, gap - (time.monotonic() - began)))

    return work


def _served_again(person: "traffic.Person", wait: int) -> float:
    """Come back when it was said, as often as that is; seconds until a page came."""
    began = time.monotonic()
    for _attempt in range(60):
        time.sleep(wait)
        answer = person.ask("GET", f"/search/?q=agreement+{next(_asked)}")
        if answer.status == 200:
            return time.monotonic() - began
        wait = int(answer.headers.get("Retry-After", "1"))
    raise AssertionError("the address was never served again")


def children(master: int) -> list[int]:
    text = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(pid) for pid in text.split()]


def memory(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))
