"""What does not answer is left alone: for a moment at first, and then for longer."""

import pytest

from governance import breaker
from governance.breaker import FIRST_PAUSE, LONGEST_PAUSE, Breaker


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(breaker, "time", made)
    return made


def test_all_calls_are_let_through_while_they_are_answered(clock: Clock) -> None:
    made = Breaker()
    for _call in range(3):
        assert made.lets_through()
        made.answered()


def test_after_a_failure_one_call_is_let_through_when_the_pause_is_over(clock: Clock) -> None:
    made = Breaker()
    made.failed()
    assert not made.lets_through()
    clock.now += FIRST_PAUSE
    assert [made.lets_through() for _caller in range(3)] == [True, False, False]
    made.answered()
    assert [made.lets_through() for _caller in range(3)] == [True] * 3


def test_every_failure_doubles_the_pause_up_to_the_longest(clock: Clock) -> None:
    made, pauses = Breaker(), []
    for _failure in range(8):
        made.failed()
        began = clock.now
        while not made.lets_through():
            clock.now += FIRST_PAUSE / 2
        pauses.append(clock.now - began)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-2:] == [LONGEST_PAUSE] * 2


def test_those_who_fail_together_are_one_failure(clock: Clock) -> None:
    made = Breaker()
    assert [made.lets_through() for _caller in range(4)] == [True] * 4
    for _caller in range(4):
        made.failed()
    clock.now += FIRST_PAUSE
    assert made.lets_through()


def test_who_was_let_through_and_never_comes_back_does_not_keep_it_shut(clock: Clock) -> None:
    made = Breaker()
    made.failed()
    clock.now += FIRST_PAUSE
    assert made.lets_through()
    clock.now += FIRST_PAUSE
    assert made.lets_through()
