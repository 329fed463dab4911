"""`make bench`: measure, and write the figures, the plots and the page of results.

python -m tests.bench --sizes 1000 10000 --seconds 5 --output docs
"""

import argparse
import json
import os
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests import postgres
from tests.bench import report, web
from tests.bench.measure import measure, summarised
from tests.bench.peers import PEERS
from tests.bench.queries import queries

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# A server as one would set it up for a machine with 8 GB; every commit is on disk.
POSTGRES = ("shared_buffers=1GB", "effective_cache_size=4GB", "max_wal_size=4GB", "random_page_cost=1.1")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000], help="numbers of passages")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="who is compared")
    parser.add_argument("--rounds", type=int, nargs=2, default=(3, 3), help="openings, and warm rounds after each")
    parser.add_argument("--seconds", type=float, default=5, help="of load over HTTP for each figure; 0: none")
    parser.add_argument("--output", type=Path, default=CHECKOUT / "docs", help="folder for what is written")
    parser.add_argument("--keep", action="store_true", help="keep the figures of other sizes from an earlier run")
    parser.add_argument("--folder", type=Path, help="folder to work in (default: a temporary one)")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    results = begin(chosen.output if chosen.keep else None)
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="bench-"))
    with ExitStack() as stack:
        if not chosen.folder:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        names = present(chosen.peers, results["left_out"], stack) if chosen.sizes else []
        if chosen.seconds:  # the shorter part first
            with told("HTTP"), dated(results, "HTTP"):
                over_http(results, folder / "web", chosen.seconds)
            write(results, chosen.output)
        for size in chosen.sizes:
            with told(f"{size:,}"), dated(results, f"{size:,} passages"):
                found = agreeing(measure(size, names, folder, tuple(chosen.rounds)))
            results["sizes"][str(size)] = {name: summarised(figures) for name, figures in found.items()}
            results["sizes"] = dict(sorted(results["sizes"].items(), key=lambda item: int(item[0])))
            write(results, chosen.output)
            shutil.rmtree(folder / str(size), ignore_errors=True)
    print(f"Written: {chosen.output / 'benchmarks.md'}")


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say how long it took."""
    started = time.monotonic()
    yield
    print(f"{what}: {(time.monotonic() - started) / 60:.1f} minutes", flush=True)


@contextmanager
def dated(results: dict[str, Any], what: str) -> Iterator[None]:
    """Keep when it was measured, and of which commit: figures of an earlier run may stand beside those of this one."""
    begun = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    yield
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
    moment = {"begun": begun, "ended": time.strftime("%H:%M", time.gmtime()), "commit": commit.stdout.strip()}
    results.setdefault("measured", {})[what] = moment


def over_http(results: dict[str, Any], folder: Path, seconds: float) -> None:
    try:
        results["web"] = of_rounds(web.measure(folder, seconds, 3, results["left_out"]))
    except (web.SiteFailed, OSError, subprocess.SubprocessError) as error:
        results["left_out"].append(f"pages over HTTP ({_brief(error)})")


def begin(earlier: Path | None) -> dict[str, Any]:
    """What is written down of the run itself; with `earlier`, the folder of an earlier run, the figures of that."""
    before: dict[str, Any] = {"sizes": {}}
    if earlier and (earlier / "benchmarks.json").exists():
        before = json.loads((earlier / "benchmarks.json").read_text())
    here = machine()
    here["load"] = max(here["load"], before.get("machine", {}).get("load", 0))
    date = time.strftime("%Y-%m-%d", time.gmtime())
    return before | {"date": date, "machine": here, "queries": len(queries(1000)), "left_out": []}


def agreeing(found: dict[str, Any]) -> dict[str, Any]:
    """With how many queries have the same total as ours and the same numbers by kind and level, in place of these."""
    counted = {name: figures.pop("counted", None) for name, figures in found.items()}
    for name, own in counted.items():
        if own and counted.get("ours"):
            found[name]["agreeing"] = [sum(a == b for a, b in zip(counted["ours"], own, strict=True)), len(own)]
    return found


def present(names: list[str], left_out: list[str], stack: ExitStack) -> list[str]:
    """Those that can be run here; starts PostgreSQL where there is none yet."""
    found = []
    for name in names:
        if not PEERS[name].is_here:
            left_out.append(f"{PEERS[name].title} (the package {PEERS[name].needs} is missing)")
        elif name == "postgres" and not os.environ.get("TEST_DATABASE_URL") and not postgres.find_binaries():
            left_out.append("PostgreSQL (apt-get install postgresql)")
        else:
            found.append(name)
    if "postgres" in found and not os.environ.get("TEST_DATABASE_URL"):
        try:
            running = stack.enter_context(postgres.server(postgres.find_binaries(), POSTGRES))
        except (OSError, subprocess.CalledProcessError, RuntimeError, SystemExit) as error:
            left_out.append(f"PostgreSQL (it does not start: {_brief(error)})")
            found.remove("postgres")
        else:
            os.environ["TEST_DATABASE_URL"] = running.address
    return found


def _brief(error: BaseException) -> str:
    """What went wrong, without the log that comes with it, which has names of files."""
    return str(error).partition("\n")[0]


def of_rounds(sites: dict[str, Any]) -> dict[str, Any]:
    """One figure for several rounds: the median of each."""
    for site in sites.values():
        for by_clients in site["pages"].values():
            for clients, rounds in by_clients.items():
                names = ("per_second", "p50", "p95", "bytes")
                told = {name: [r[name] for r in rounds if r[name] is not None] for name in names}
                middle = {name: statistics.median(values) if values else None for name, values in told.items()}
                by_clients[clients] = middle | {name: sum(r[name] for r in rounds) for name in ("requests", "wrong")}
    return sites


def machine() -> dict[str, Any]:
    """What it was measured on, without names and paths."""
    cpu = next((li.split(": ")[1] for li in _lines("/proc/cpuinfo") if li.startswith("model name")), platform.machine())
    memory = next((int(li.split()[1]) for li in _lines("/proc/meminfo") if li.startswith("MemTotal")), 0) / 2**20
    text = (
        f"{os.cpu_count()} cores ({cpu.strip()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    return {"text": text, "load": os.getloadavg()[1]}


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def write(results: dict[str, Any], folder: Path) -> None:
    """The figures, the page and the plots, as far as they have come."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, folder)
    if find_spec("matplotlib"):
        from tests.bench import plots

        plots.draw(results, folder / "img")


if __name__ == "__main__":
    main()
