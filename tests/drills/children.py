"""Work in processes of their own, which may be killed at any moment: `python -m` would take a second for each."""

import json
import math
import os
import random
import resource
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.db import connection, connections

TICKS = os.sysconf("SC_CLK_TCK")
LONGEST = 120  # seconds by the clock that a process is let live


def start(work: Callable[[], Any]) -> int:
    """Fork a process that works; what it raises it tells on stderr. Returns its id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    _run(work)


def _run(work: Callable[[], Any]) -> NoReturn:
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def ask(work: Callable[[], Any]) -> Any:
    """Have a process work to its end; returns what it did, by way of JSON. Raises RuntimeError if it failed."""
    read, write = os.pipe()

    def answer() -> None:
        os.close(read)
        with os.fdopen(write, "w") as pipe:
            json.dump(work(), pipe)

    child = start(answer)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("a process failed; its trace is above")
    return json.loads(text)


def kill_after(work: Callable[[], Any], seconds: float) -> bool:
    """Start a process, kill it (SIGKILL) once it has worked for some time, and wait until the database is done with it.

    `seconds` are of the processor: on a machine that is busy with other things it would not even have begun by the
    clock. Returns whether it was still at work; raises RuntimeError where it had failed by itself.
    """
    child = start(work)
    limit = time.monotonic() + LONGEST
    while worked(child) < seconds and time.monotonic() < limit:
        time.sleep(0.002)
    time.sleep(random.uniform(0, 2 / TICKS))  # what has worked is told in ticks
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    ask(_wait_for_database)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("a process failed before it was killed; its trace is above")
    return os.WIFSIGNALED(status)


def worked(pid: int) -> float:
    """Seconds of the processor that a child took, and those of its own children that have ended."""
    status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    if status[0] == "Z":
        return math.inf
    return sum(map(int, status[11:15])) / TICKS  # utime, stime, cutime, cstime: proc(5)


def took(work: Callable[[], Any]) -> float:
    """Have a process work to its end; returns the seconds of the processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ask(work)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _wait_for_database() -> None:
    """PostgreSQL may go on for a moment with what a killed client had asked for; an idle connection holds nothing."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _attempt in range(2400):
            cursor.execute(
                "SELECT state, wait_event, query FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            at_work = cursor.fetchall()
            if not at_work:
                return
            time.sleep(0.05)
    raise RuntimeError(f"what a killed process asked for still goes on after two minutes: {at_work}")


class Acknowledged:
    """What a writer was told is saved, on disk before it goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, *what: Any) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (json.dumps(what) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> list[list]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
