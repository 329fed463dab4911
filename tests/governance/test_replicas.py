"""What the threads of a process know of how far each database is: never older than is promised, asked for by one."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from governance import replicas
from governance.replicas import AWAY, SAMPLE, Positions


class Database:
    """Tells how far it is, once it is let."""

    def __init__(self) -> None:
        self.position: int | None = 1
        self.asked = 0
        self.answers = threading.Event()
        self.answers.set()

    def __call__(self, alias: str) -> int | None:
        self.asked += 1
        self.answers.wait()
        return self.position


class Clock:
    """The real one, and what a test adds to it."""

    ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    made = Database()
    monkeypatch.setattr(replicas, "position", made)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(replicas, "time", made)
    return made


def until(met: Callable[[], bool]) -> None:
    while not met():
        time.sleep(0.001)


def test_what_was_told_a_moment_ago_is_not_asked_again(database: Database, clock: Clock) -> None:
    positions = Positions()
    assert [positions.get("default") for _time in range(3)] == [1, 1, 1]
    assert database.asked == 1
    clock.ahead += SAMPLE
    database.position = 2
    assert positions.get("default") == 2


def test_what_is_lower_than_it_should_be_is_asked_anew(database: Database) -> None:
    positions = Positions()
    positions.get("replica1")
    database.position = 5
    assert positions.get("replica1", at_least=1) == 1
    assert positions.get("replica1", at_least=3) == 5
    assert positions.get("replica1", at_least=9) == 5


def test_who_comes_while_another_asks_waits_for_the_answer_and_takes_nothing_old(
    database: Database, clock: Clock
) -> None:
    positions = Positions()
    positions.get("default")
    clock.ahead += 3600
    database.position = 7
    database.answers.clear()
    with ThreadPoolExecutor(3) as threads:
        told = [threads.submit(positions.get, "default", at_least) for at_least in (0, 0, 9)]
        until(lambda: database.asked == 2)
        database.answers.set()
        assert [future.result() for future in told] == [7, 7, 7]
    assert database.asked <= 3, "who wants more than was told may ask once more"


def test_nobody_waits_long_for_a_database_that_is_silent(database: Database, clock: Clock) -> None:
    positions = Positions()
    positions.get("default")
    clock.ahead += 3600
    database.answers.clear()
    with ThreadPoolExecutor(2) as threads:
        first: Future[int | None] = threads.submit(positions.get, "default")
        until(lambda: database.asked == 2)
        clock.ahead += SAMPLE
        assert threads.submit(positions.get, "default").result() is None
        database.answers.set()
        assert first.result() == 1


def test_one_that_was_away_is_left_alone_for_a_while(database: Database, clock: Clock) -> None:
    positions = Positions()
    database.position = None
    assert positions.is_lost("replica1")
    database.position = 3
    assert positions.get("replica1") is None
    clock.ahead += AWAY
    assert positions.get("replica1") == 3
