"""How both engines grow: python -m tests.cluster.growth 1000 10000 writes docs/capacity.json and its plot.

The passages and queries are those of the benchmarks. A shared machine distorts the clock more than the work, so beside
the time each page takes by the clock stands what the processes worked for it, of the site and of the search node.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.corpus import late, passages
from tests.bench.measure import summary
from tests.bench.queries import queries
from tests.cluster import opensearch

CHECKOUT = Path(__file__).resolve().parent.parent.parent
FIGURES, PLOT = CHECKOUT / "docs" / "capacity.json", CHECKOUT / "docs" / "img" / "capacity.svg"
EACH, ROUNDS, HEAP = 5, 2, 1024
TICKS = os.sysconf("SC_CLK_TCK")


def worked(pid: int | None) -> float:
    """Seconds of processor time of a process, its threads included; 0 for none."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(size: int, url: str, node: int | None) -> dict[str, Any]:
    """Build and ask one engine, in this process."""
    folder = Path(tempfile.mkdtemp())
    from tests.bench.peers.ours import Ours

    os.environ["DATA_DIR"] = str(folder)
    peer = Ours(folder)
    from django.conf import settings

    from governance.environment import read_search

    if url:
        settings.SEARCH = read_search({"SEARCH_URL": url}, folder, folder)
    clock, own, its = time.perf_counter(), time.process_time(), worked(node)
    peer.build(passages(size))
    build = {"seconds": time.perf_counter() - clock, "site": time.process_time() - own, "node": worked(node) - its}
    peer.open()
    asked = queries(size, EACH)
    for query in asked:
        peer.page(query)
    times, own, its = [], time.process_time(), worked(node)
    for _round in range(ROUNDS):
        for query in asked:
            started = time.perf_counter()
            peer.page(query)
            times.append((time.perf_counter() - started) * 1000)
    pages = ROUNDS * len(asked)
    work = {"site": (time.process_time() - own) * 1000 / pages, "node": (worked(node) - its) * 1000 / pages}
    started = time.perf_counter()
    peer.add(late(1))
    return {"build": build, "page": summary(times), "work": work, "update": time.perf_counter() - started,
            "bytes": stored(peer, url)}  # fmt: skip


def stored(peer: Any, url: str) -> int:
    if not url:
        return peer.size()
    indices = peer.engine.indices
    return indices.cluster.call("GET", f"{indices.alias}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]


def apart(size: int, url: str, node: int | None) -> dict[str, Any]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.cluster.growth", "--one", str(size), url or "-", str(node or 0)],
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def main(sizes: list[int]) -> None:
    found = json.loads(FIGURES.read_text()) if FIGURES.exists() else {"sizes": {}}
    for size in sizes:
        print(f"{size:,} passages: Whoosh", flush=True)
        engines = {"whoosh": apart(size, "", None)}
        print(f"{size:,} passages: OpenSearch", flush=True)
        with opensearch.nodes(1, heap=HEAP) as made:
            assert made[0].process is not None
            engines["opensearch"] = apart(size, opensearch.address(made, "growth"), made[0].process.pid)
        found["sizes"][str(size)] = engines
        found |= {"load": os.getloadavg()[0], "cores": os.cpu_count(), "heap": HEAP}
        FIGURES.write_text(json.dumps(found, indent=1) + "\n")
    plot(found["sizes"])


def plot(sizes: dict[str, Any]) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    from tests.bench.plots import STYLE, _save

    PLOT.parent.mkdir(parents=True, exist_ok=True)
    points = sorted((int(size), engines) for size, engines in sizes.items())
    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
        for name, title, mark in (("whoosh", "Whoosh", "o"), ("opensearch", "OpenSearch, one node", "s")):
            across = [size for size, _engines in points]
            work = [engines[name]["work"]["site"] + engines[name]["work"]["node"] for _size, engines in points]
            built = [engines[name]["build"]["site"] + engines[name]["build"]["node"] for _size, engines in points]
            axes[0].plot(across, work, marker=mark, label=title)
            axes[1].plot(across, built, marker=mark, label=title)
        axes[0].set(xscale="log", yscale="log", xlabel="passages", ylabel="ms of work for a page of results")
        axes[1].set(xscale="log", yscale="log", xlabel="passages", ylabel="s of work to build the index")
        axes[0].legend()
        _save(figure, PLOT)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        size_, url_, node_ = sys.argv[2:5]
        print(json.dumps(measure(int(size_), "" if url_ == "-" else url_, int(node_) or None)))
    else:
        main([int(size) for size in sys.argv[1:]])
