"""One process for each peer: what one keeps in memory costs the others nothing, and its memory is its own."""

import multiprocessing
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.corpus import late, late_word, passages
from tests.bench.peers import PEERS, Page, Peer
from tests.bench.queries import Query

PROCESSES = multiprocessing.get_context("spawn")
PATIENCE = 60.0  # seconds until what was added has to be found
PIECE = 1 << 20  # bytes of a file that are read at a time
LONGEST = 1800.0  # seconds for one thing that is asked, which is building


class PeerFailed(Exception):
    """A peer could not do what it was asked; the message has its words."""


class Worker:
    """The process of a peer, from outside. Methods raise PeerFailed."""

    def __init__(self, name: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.pipe, theirs = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=work, args=(theirs, name, folder), daemon=True)
        self.process.start()
        theirs.close()

    def _ask(self, what: str, *arguments: Any) -> Any:
        try:
            self.pipe.send((what, arguments))
            if not self.pipe.poll(LONGEST):
                self.process.kill()
                raise PeerFailed(f"{self.name}: no answer within {LONGEST:.0f} seconds")
            fine, answer = self.pipe.recv()
        except (EOFError, BrokenPipeError) as error:
            raise PeerFailed(f"{self.name}: the process has ended") from error
        if not fine:
            raise PeerFailed(f"{self.name}: {answer}")
        return answer

    def build(self, size: int) -> dict[str, float]:
        """Returns `seconds`, `bytes` of the index and `memory` (MiB at the highest, above what it was before)."""
        return self._ask("build", size)

    def open(self) -> float:
        """Open, or open anew with nothing kept but by the system; returns ms until the first page has been answered."""
        return self._ask("open")

    def page(self, query: Query) -> tuple[float, float, Page]:
        """Returns ms by the clock, ms that the process worked, and the page."""
        return self._ask("page", query)

    def update(self, number: int) -> float:
        """Add a passage; returns ms until a search finds it."""
        return self._ask("update", number)

    def memory(self) -> float:
        """MiB that the process uses now, with those that serve it."""
        return self._ask("memory")

    def close(self) -> None:
        self.pipe.close()
        self.process.join(10)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


@contextmanager
def working(name: str, folder: Path) -> Iterator[Worker]:
    worker = Worker(name, folder)
    try:
        yield worker
    finally:
        worker.close()


def work(pipe, name: str, folder: Path) -> None:
    """What the process does until nobody asks any more."""
    warnings.simplefilter("ignore")  # of the peers' own making
    peer = None
    while True:
        try:
            what, arguments = pipe.recv()
        except EOFError:
            return
        try:
            peer = peer or PEERS[name].make(folder)
            answer = (True, ACTIONS[what](peer, *arguments))
        except Exception as error:
            answer = (False, f"{type(error).__name__}: {error}")
        pipe.send(answer)


def build(peer: Peer, size: int) -> dict[str, float]:
    texts = list(passages(size)) if size <= 100_000 else passages(size)  # making them is not what is measured
    before = resident()
    started = time.perf_counter()
    peer.build(texts)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "bytes": peer.size(), "memory": highest() - before}


def recall(peer: Peer) -> None:
    """Have the files in the system's cache, which gives up what was not used for some minutes."""
    for path in peer.files():
        with path.open("rb") as file:
            while file.read(PIECE):
                pass


def open_(peer: Peer) -> float:
    recall(peer)
    started = time.perf_counter()
    peer.open()
    peer.page(Query("first", "all", ("protocol", "commitment")))
    return (time.perf_counter() - started) * 1000


def page(peer: Peer, query: Query) -> tuple[float, float, Page]:
    started, idle = time.perf_counter(), time.process_time()
    answer = peer.page(query)
    return (time.perf_counter() - started) * 1000, (time.process_time() - idle) * 1000, answer


def update(peer: Peer, number: int) -> float:
    passage, word = late(number), late_word(number)
    started = time.perf_counter()
    peer.add(passage)
    while not peer.finds(word):
        if time.perf_counter() - started > PATIENCE:
            raise TimeoutError("what was added is not found")
    return (time.perf_counter() - started) * 1000


def memory(peer: Peer) -> float:
    return resident() + sum(map(resident, peer.servers()))


ACTIONS: dict[str, Callable] = {"build": build, "open": open_, "page": page, "update": update, "memory": memory}


def resident(pid: int | str = "self") -> float:
    """Memory in MiB; https://www.kernel.org/doc/html/latest/filesystems/proc.html"""
    return _status(pid, "VmRSS")


def highest() -> float:
    return _status("self", "VmHWM")


def _status(pid: int | str, field: str) -> float:
    if not sys.platform.startswith("linux"):
        return float("nan")
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))
