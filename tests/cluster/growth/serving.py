"""Processes that build an index and answer from it, as those of the site do, but without pages around the answers."""

import multiprocessing
import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.bench.corpus import Passage, passages
from tests.bench.peers.ours import Ours
from tests.bench.queries import Query
from tests.bench.workers import highest, resident, update

PROCESSES = 2  # as `make run` has
PATIENCE = 120.0  # seconds until all processes are ready to be asked


@dataclass(frozen=True)
class Place:
    """Where an index is: in a folder or, with a `url`, in a search cluster."""

    folder: Path
    url: str = ""

    def engine(self) -> Ours:
        """Our engine there, for the process that calls: it can have only one."""
        peer = Ours(self.folder)
        if self.url:
            from django.conf import settings

            from governance.environment import read_search

            settings.SEARCH = read_search({"SEARCH_URL": self.url}, self.folder, self.folder)
        return peer


def built(place: Place, size: int) -> dict[str, float]:
    """Build in a process of its own. Returns seconds and seconds of work, both without the making of the passages, and
    MiB that the process had at most."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_build, place, size).result()


def _build(place: Place, size: int) -> dict[str, float]:
    peer, made = place.engine(), Made(passages(size))
    clock, work = time.perf_counter(), time.process_time()
    try:
        peer.build(made)
    except Exception as error:  # which only a process that has the site's settings can read
        raise SystemExit(f"The index was not built: {type(error).__name__}: {error}") from None
    clock, work = time.perf_counter() - clock, time.process_time() - work
    return {"seconds": clock - made.seconds, "site": work - made.work, "memory": highest()}


class Made:
    """Hands passages on, and knows how long it took to make them."""

    def __init__(self, made: Iterable[Passage]) -> None:
        self.made, self.seconds, self.work = iter(made), 0.0, 0.0

    def __iter__(self) -> Iterator[Passage]:
        return self

    def __next__(self) -> Passage:
        clock, work = time.perf_counter(), time.process_time()
        try:
            return next(self.made)
        finally:
            self.seconds += time.perf_counter() - clock
            self.work += time.process_time() - work


class Serving:
    """The serving processes, from outside."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self.pool = pool

    def ask(self, clients: int, seconds: float) -> list[dict[str, Any]]:
        """Have so many clients, spread over the processes, ask at the same time; returns what each process tells:
        ms of each page, seconds, seconds of work, MiB."""
        shares = [len(range(number, clients, PROCESSES)) for number in range(PROCESSES)]
        return list(self.pool.map(_ask, shares, [seconds] * PROCESSES))

    def update(self, number: int) -> float:
        """Add a passage; returns ms until a search finds it."""
        return self.pool.submit(_update, number).result()


@contextmanager
def serving(place: Place, queries: Sequence[Query]) -> Iterator[Serving]:
    spawned = multiprocessing.get_context("spawn")
    given = (place, queries, spawned.Barrier(PROCESSES))
    with ProcessPoolExecutor(PROCESSES, spawned, _begin, given) as pool:
        yield Serving(pool)


def _begin(place: Place, queries: Sequence[Query], together: Any) -> None:
    global _peer, _queries, _together
    _peer, _queries, _together = place.engine(), queries, together
    _peer.open()


def _ask(clients: int, seconds: float) -> dict[str, Any]:
    _together.wait(PATIENCE)  # so that no process does another's part
    clock, work = time.perf_counter(), time.process_time()
    orders = [random.Random(os.getpid() + number).sample(_queries, len(_queries)) for number in range(clients)]
    with ThreadPoolExecutor(max(1, clients)) as threads:
        found = list(threads.map(lambda order: _pages(cycle(order), clock + seconds), orders))
    seconds, work = time.perf_counter() - clock, time.process_time() - work
    return {"times": [ms for pages in found for ms in pages], "seconds": seconds, "work": work, "memory": resident()}


def _pages(queries: Iterator[Query], until: float) -> list[float]:
    """Ask for page after page; returns ms of each."""
    times = []
    for query in queries:
        started = time.perf_counter()
        if started >= until:
            break
        _peer.page(query)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _update(number: int) -> float:
    return update(_peer, number)
