"""Measure the sizes that are named, one after the other: python -m tests.cluster.growth 10000 100000"""

import argparse
import json
import math
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.measure import summary
from tests.bench.peers import bytes_in
from tests.bench.queries import Query, queries
from tests.bench.workers import resident
from tests.cluster import opensearch
from tests.cluster.growth.layout import Layout
from tests.cluster.growth.report import FIGURES, work, write
from tests.cluster.growth.serving import Place, Serving, built, serving

CLIENTS, SECONDS, EACH, UPDATES = (1, 4, 16), 5.0, 10, 5
WARM, QUIET, WARMINGS = 0.95, 2, 15  # until a page costs no less than so much of the least before, so often in a row
NODES, HEAP = 3, 1024
PORTS = tuple(range(19400, 19400 + 2 * NODES))
TICKS = os.sysconf("SC_CLK_TCK")


def worked(pids: Sequence[int]) -> list[float]:
    """Seconds of processor time of processes, their threads included."""
    found = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return [(int(fields[11]) + int(fields[12])) / TICKS for fields in found]


def since(before: Sequence[float], pids: Sequence[int]) -> list[float]:
    return [now - then for now, then in zip(worked(pids), before, strict=True)]


def busy() -> float:
    """Seconds of processor time that all processes of the machine have had, and what runs beside it."""
    user, nice, system, _idle, _waiting, *more = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    return sum(map(int, (user, nice, system, *more))) / TICKS


def whoosh(size: int, asked: Sequence[Query]) -> Iterator[tuple[str, dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        place = Place(Path(folder))
        build = built(place, size)
        stored = {"build": build | {"nodes": []}, "bytes": bytes_in(place.folder / "index")}
        yield "whoosh", stored | served(place, asked, [])


def clustered(size: int, asked: Sequence[Query]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same index twice: on one node as it was built, then on all nodes."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder, opensearch.nodes(NODES, PORTS, HEAP) as made:
        pids = [node.process.pid for node in made if node.process]
        layout = Layout(made)
        layout.gather()
        place, before = Place(Path(folder), opensearch.address(made[:1], "growth")), worked(pids)
        build = built(place, size)
        layout.settle()
        stored = {"build": build | {"nodes": since(before, pids)}, "bytes": layout.size(), "shards": layout.shards()}
        yield "opensearch1", stored | served(place, asked, pids)
        spread = layout.spread(NODES)
        layout.settle()
        place = Place(Path(folder), opensearch.address(made, "growth"))
        stored = {"spread": spread, "bytes": layout.size(), "shards": layout.shards()}
        yield "opensearch3", stored | served(place, asked, pids, UPDATES)


def served(place: Place, asked: Sequence[Query], pids: Sequence[int], first: int = 0) -> dict[str, Any]:
    """What comes of asking an index, by number of clients, and of writing to it from passage `first` on."""
    with serving(place, asked) as processes:
        warm(processes, pids)
        pages = {str(clients): paged(processes, clients, pids) for clients in CLIENTS}
        memory = {"site": [found.pop("memory") for found in pages.values()][-1], "nodes": [*map(resident, pids)]}
        times = [processes.update(first + number) for number in range(UPDATES)]
    return {"pages": pages, "memory": memory, "update": summary(times)}


def warm(processes: Serving, pids: Sequence[int]) -> None:
    """Ask until work for a page falls no more: a Java machine compiles what it runs often, and that takes a while."""
    least, quiet = math.inf, 0
    for _attempt in range(WARMINGS):
        cost = work(paged(processes, CLIENTS[1], pids, 2 * SECONDS))
        print(f"warming: {cost:.1f} ms of work for a page", flush=True)
        quiet = quiet + 1 if cost > WARM * least else 0
        if quiet == QUIET:
            return
        least = min(least, cost)


def paged(processes: Serving, clients: int, pids: Sequence[int], seconds: float = SECONDS) -> dict[str, Any]:
    """Pages per second, ms of a page, ms of work for one, of the site and of each node, pages that were not answered,
    and cores that others used."""
    before, all_before = worked(pids), busy()
    told = processes.ask(clients, seconds)
    nodes, everybody = since(before, pids), busy() - all_before
    times = [ms for one in told for ms in one["times"]]
    site, took = sum(one["work"] for one in told), max(one["seconds"] for one in told)
    each = 1000 / len(times)
    return {
        "per_second": len(times) / took, **summary(times), "site": site * each, "nodes": [n * each for n in nodes],
        "unanswered": sum(one["unanswered"] for one in told),
        "others": max(0.0, everybody - site - sum(nodes)) / took, "memory": [one["memory"] for one in told],
    }  # fmt: skip


def measure(sizes: Sequence[int], engines: Sequence[str]) -> None:
    for size in sizes:
        asked = queries(size, EACH)
        for engine in engines:
            for name, found in {"whoosh": whoosh, "opensearch": clustered}[engine](size, asked):
                print(f"{size:,} passages, {name}: {json.dumps(found)}", flush=True)
                keep(size, name, found)


def keep(size: int, name: str, found: dict[str, Any]) -> None:
    """Write the figures of one size and engine beside the others."""
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {"sizes": {}}
    figures["sizes"].setdefault(str(size), {})[name] = found | {"on": date.today().isoformat()}
    figures |= {"cores": os.cpu_count(), "heap": HEAP, "seconds": SECONDS}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.growth", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of passages; none draws what there is")
    parser.add_argument("--engines", nargs="+", choices=("whoosh", "opensearch"), default=("whoosh", "opensearch"))
    given = parser.parse_args()
    measure(given.sizes, given.engines)
    write()
