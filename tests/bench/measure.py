"""The measuring itself: all are asked the same, in turns, so that whatever else the machine does meets all alike.

Who is slow is asked less often; how many answers were measured is told.
"""

import random
import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench.corpus import SEED
from tests.bench.peers import PEERS
from tests.bench.queries import EACH, Query, queries
from tests.bench.workers import PeerFailed, Worker, working

UPDATES = 7
ENOUGH = 60.0  # seconds of answers, at first touch and warm: who has given so many is asked no more, or it takes hours
TIMES = ("first", "warm", "work")
Say = Callable[[str], None]


def measure(
    size: int, names: Sequence[str], folder: Path, rounds: tuple[int, int], each: int = EACH, say: Say = print
) -> dict[str, Any]:
    """Build, ask and update at one size. `rounds`: how often all is opened anew, and how often it is then asked warm;
    `each`: queries of a class.

    Returns by peer: build, open, first, warm, work (what the process itself worked on the warm ones), memory, update,
    counted (the total of each query, by kind, by level). A peer that fails is left out by name.
    """
    names = [name for name in names if size <= PEERS[name].largest]
    found: dict[str, Any] = {name: {} for name in names}
    for name in names:
        say(f"{size:,}: building {PEERS[name].title}")
        with working(name, folder / str(size) / name) as worker:
            _try(found, name, "build", lambda worker=worker: worker.build(size))
    with ExitStack() as stack:
        standing = [name for name in names if "failed" not in found[name]]
        workers = {name: stack.enter_context(working(name, folder / str(size) / name)) for name in standing}
        _ask_all(queries(size, each), workers, found, rounds, say)
        for name, worker in workers.items():
            _try(found, name, "memory", worker.memory)
            _try(found, name, "update", lambda worker=worker: [worker.update(n) for n in range(UPDATES)])
    return found


def _try(found: dict[str, Any], name: str, what: str, act: Callable[[], Any]) -> None:
    if "failed" in found[name]:
        return
    try:
        found[name][what] = act()
    except PeerFailed as error:
        found[name]["failed"] = str(error)


def _ask_all(
    asked: list[Query], workers: dict[str, Worker], found: dict[str, Any], rounds: tuple[int, int], say: Say
) -> None:
    chance = random.Random(SEED)
    for name in workers:
        found[name] |= {"open": [], "first": {}, "warm": {}, "work": {}, "counted": [None] * len(asked)}
    for opening in range(rounds[0]):
        names = [name for name in workers if not _has_given_enough(found[name], "first")]
        say(f"  opened {opening + 1} of {rounds[0]}: {', '.join(names)}")
        for name in names:
            _try(found, name, "opened", workers[name].open)
            found[name]["open"].append(found[name].pop("opened", None))
        for round_ in range(1 + rounds[1]):
            kept = "warm" if round_ else "first"
            names = [name for name in names if not _has_given_enough(found[name], kept)]
            for place in chance.sample(range(len(asked)), len(asked)):
                for name in chance.sample(names, len(names)):
                    _ask(workers[name], found[name], asked[place], place, kept)


def _has_given_enough(found: dict[str, Any], kept: str) -> bool:
    times = [ms for by_label in found[kept].values() for ms in by_label]
    return bool(times) and sum(times) >= ENOUGH * 1000


def _ask(worker: Worker, found: dict[str, Any], query: Query, place: int, kept: str) -> None:
    if "failed" in found:
        return
    try:
        ms, worked, page = worker.page(query)
    except PeerFailed as error:
        found["failed"] = f"{error} (asked for {query})"
        return
    found[kept].setdefault(query.label, []).append(ms)
    if kept == "warm" and not PEERS[worker.name].apart:
        found["work"].setdefault(query.label, []).append(worked)
    # Numbers without their values, which haystack stems; and ours counts a facet without its own choice, so that by
    # level only what is not narrowed to one is counted by all alike.
    by_level = {} if query.level else page.levels
    found["counted"][place] = (page.total, sorted(page.kinds.values()), sorted(by_level.values()))


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def summary(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and how many."""
    return {"p50": statistics.median(values), "p95": percentile(values, 0.95), "n": len(values)}


def summarised(found: dict[str, Any]) -> dict[str, Any]:
    """The same with a summary in place of single times."""
    brief = {key: value for key, value in found.items() if key not in (*TIMES, "open", "update")}
    for kept in TIMES:
        if found.get(kept):
            every = [ms for times in found[kept].values() for ms in times]
            brief[kept] = {"all": summary(every)} | {label: summary(times) for label, times in found[kept].items()}
    for what in ("open", "update"):
        if found.get(what) and None not in found[what]:
            brief[what] = summary(found[what])
    return brief
