"""Mixed traffic for a long time: errors, times to answer, and whether memory and open files stay what they were."""

import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.drills import traffic
from tests.drills.instance import Instance
from tests.drills.traffic import Figures

SAMPLES = 60


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


def drill(
    instance: Instance, seconds: float, writers: int = 2, readers: int = 8, pause: float = 0.5, processes: int = 2
) -> Outcome:
    """People who stop to read now and then; `pause` is for how long on average."""
    instance.settings = {**instance.settings, "REVIEW": "one"}
    curators = traffic.curators(instance, writers)
    figures, usage = Figures(), Usage()
    with instance.serving(workers=processes):
        assert instance.server is not None
        works = traffic.writers(instance, curators, figures) + traffic.readers(instance, readers, figures)
        with traffic.people(works, pause):
            for _sample in range(SAMPLES):
                time.sleep(seconds / SAMPLES)
                usage.sample(instance.server.pid)
    return Outcome(figures, usage, *traffic.examine(instance, figures))


def children(master: int) -> list[int]:
    text = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(pid) for pid in text.split()]


def memory(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))
