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
TELLING = 20.0  # seconds from one line on how far it is to the next


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
    """Build in a process of its own. Returns seconds and seconds of work, the latter without the making of the
    passages, and MiB that the process had at most. Where nothing is done while passages are made, that is not in the
    seconds either; nodes go on meanwhile."""
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
    return {"seconds": clock - (0 if place.url else made.seconds), "site": work - made.work, "memory": highest()}


class Made:
    """Hands passages on, knows how long it took to make them, and tells now and then how many there were."""

    def __init__(self, made: Iterable[Passage]) -> None:
        self.made, self.seconds, self.work = iter(made), 0.0, 0.0
        self.count, self.begun = 0, time.perf_counter()
        self.told = self.begun

    def __iter__(self) -> Iterator[Passage]:
        return self

    def __next__(self) -> Passage:
        clock, work = time.perf_counter(), time.thread_time()  # other threads write meanwhile
        try:
            passage = next(self.made)
        except StopIteration:
            self._tell("all")
            raise
        self.seconds += time.perf_counter() - clock
        self.work += time.thread_time() - work
        self.count += 1
        if clock - self.told >= TELLING:
            self.told = clock
            self._tell("so far")
        return passage

    def _tell(self, how_many: str) -> None:
        took = time.perf_counter() - self.begun
        print(f"building: {self.count:,} passages, {how_many}, {self.count / took:.0f} a second", flush=True)


class Serving:
    """The serving processes, from outside."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self.pool = pool

    def ask(self, clients: int, seconds: float) -> list[dict[str, Any]]:
        """Have so many clients, spread over the processes, ask at the same time; returns what each process tells:
        ms of each page, how many were not answered in time, seconds, seconds of work, MiB."""
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
    return {
        "times": [ms for times, _unanswered in found for ms in times],
        "unanswered": sum(unanswered for _times, unanswered in found),
        "seconds": seconds, "work": work, "memory": resident(),
    }  # fmt: skip


def _pages(queries: Iterator[Query], until: float) -> tuple[list[float], int]:
    """Ask for page after page; returns ms of each, and how many took longer than the engine allows."""
    from search.engines import Busy
    from search.query import QueryLimit

    times, unanswered = [], 0
    for query in queries:
        started = time.perf_counter()
        if started >= until:
            break
        try:
            _peer.page(query)
        except (QueryLimit, Busy):
            unanswered += 1
            continue
        except Exception as error:  # what asks for the figures knows no exceptions of the engine
            raise RuntimeError(f"{query}: {type(error).__name__}: {error}") from None
        times.append((time.perf_counter() - started) * 1000)
    return times, unanswered


def _update(number: int) -> float:
    return update(_peer, number)
