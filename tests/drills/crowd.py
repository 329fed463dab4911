"""Many at once: writers in the editor and readers everywhere, over several server processes."""

import time
from dataclasses import dataclass
from typing import Any

from tests.drills import traffic
from tests.drills.instance import Instance
from tests.drills.traffic import Figures


@dataclass
class Outcome:
    figures: Figures
    lost: list[str]
    search_check: str

    def summary(self) -> dict[str, Any]:
        figures = self.figures
        return {
            "statuses": dict(figures.statuses), "failed": figures.failed[:10],
            "read": figures.percentiles("read"), "write": figures.percentiles("write"),
            "lost": self.lost, "search_check": self.search_check,
        }  # fmt: skip


def drill(instance: Instance, seconds: float, writers: int = 16, readers: int = 64, processes: int = 4) -> Outcome:
    """Let them at it for some time; afterwards compare the database with what was acknowledged, and with the index."""
    instance.settings = {**instance.settings, "REVIEW": "one"}
    curators = traffic.curators(instance, writers)
    figures = Figures()
    with instance.serving(workers=processes):
        works = traffic.writers(instance, curators, figures) + traffic.readers(instance, readers, figures)
        with traffic.people(works):
            time.sleep(seconds)
    return Outcome(figures, *traffic.examine(instance, figures))
