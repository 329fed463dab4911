"""The drills in full, on the database that TEST_DATABASE_URL names, else on SQLite; `make drill` has them on both.

Prints one row of a table for each drill as it ends, and details of what failed; exit 1 when anything was lost.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drills import burst, crowd, load
from tests.drills.instance import Instance, database_in

CLUSTER = os.environ.get("TEST_DATABASE_URL", "")
DATABASE = "PostgreSQL" if CLUSTER else "SQLite"


@dataclass
class Row:
    """A line of the table in docs/holds.md."""

    fault: str
    tried: str
    lost: list[Any]
    outcome: str


@contextmanager
def instance(fixtures: bool = False) -> Iterator[Instance]:
    with ExitStack() as stack:
        address = stack.enter_context(database_in(CLUSTER)) if CLUSTER else ""
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-"))
        made = Instance(Path(folder) / "data", address)
        made.prepare(fixtures)
        yield made


def crashes(times: int, seed: int) -> Row:
    with instance() as here:
        limit = 600 + 300 * times  # a machine that is busy with other things may take minutes for one
        done = here.run("-m", "tests.drills.crashes", str(times), str(seed), check=False, timeout=limit)
    if not done.stdout:
        return Row("kill -9", "–", [done.stderr[-3000:]], "the drill did not end")
    result = json.loads(done.stdout)
    counted = result["counted"]
    healed = f"{len(result['healed'])} indexes built anew at the next start"
    outcome = f"{counted['acknowledged']} writes acknowledged; {healed}"
    return Row("kill -9", f"{counted['killed']} (seed {seed})", result["failures"], outcome)


def crowds(seconds: float) -> Row:
    with instance() as here:
        summary = crowd.drill(here, seconds).summary()
    return Row("16 writers, 64 readers, 4 processes", f"{seconds:.0f} s", faults(summary), wording(summary))


def loads(seconds: float) -> Row:
    with instance(fixtures=True) as here:
        outcome = load.drill(here, seconds)
    summary = outcome.summary()
    more = f"; memory {summary['memory']} MB, ×{summary['memory_growth']}; open files {summary['files']}"
    return Row("mixed load", f"{seconds:.0f} s", faults(summary), wording(summary) + more)


def bursts(seconds: float) -> Row:
    with instance() as here:
        outcome = burst.drill(here, seconds)
    lost = [*outcome.unclear[:5], *outcome.others[:5]]
    if "429" not in outcome.statuses:
        lost.append("nobody was turned away")
    if outcome.times < burst.TIMES:
        lost.append(f"the burst was only of {outcome.times:.1f} times the steady rate")
    return Row("burst of ten times the steady rate", f"{seconds:.0f} s", lost, outcome.summary())


def faults(summary: dict[str, Any]) -> list[str]:
    return [*summary["failed"], *summary["lost"], *filter(None, [summary["search_check"]])]


def wording(summary: dict[str, Any]) -> str:
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(summary["statuses"].items()))
    return f"{statuses}; seconds to read {summary['read']}, to write {summary['write']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10**6)
    parser.add_argument("--crowd", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--load", type=float, default=1800, metavar="SECONDS")
    parser.add_argument("--burst", type=float, default=60, metavar="SECONDS")
    given = parser.parse_args()
    drills: list[tuple[float, Callable[[], Row]]] = [
        (given.kills, lambda: crashes(given.kills, given.seed)),
        (given.crowd, lambda: crowds(given.crowd)),
        (given.burst, lambda: bursts(given.burst)),
        (given.load, lambda: loads(given.load)),
    ]
    failed = 0
    for wanted, drill in drills:
        if wanted:
            row = drill()
            failed += len(row.lost)
            lost = len(row.lost) or "nothing"
            print(f"| {row.fault}, {DATABASE} | {row.tried} | {lost} | {row.outcome} |", flush=True)
            for fault in row.lost:
                print(f"  {fault}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
