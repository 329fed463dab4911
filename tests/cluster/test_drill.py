"""What the drill of the cluster counts, and what of it makes it fail."""

import time
from collections.abc import Callable

import pytest

from tests.cluster.drill import KILLED, REBUILT, Seen, wrong
from tests.drills import knowledge
from tests.drills.instance import Answer


def failed(seen: Seen, started: float) -> None:
    seen.note("read", "/search/?q=agreement", Answer(503), time.monotonic() - started)


def judged(seen: Seen) -> list[str]:
    return wrong({"lost": [], "search_check": "", "people who read": 2, "phases": seen.report()})


def test_a_read_that_was_under_way_when_something_was_killed_may_fail_but_no_more_than_each_reader_had() -> None:
    seen, before = Seen(), time.monotonic()
    seen.begin(f"a node{KILLED}")
    killed = time.monotonic()
    failed(seen, before)
    seen.begin("it is back")
    failed(seen, killed)
    assert judged(seen) == []
    failed(seen, before)
    (what,) = judged(seen)
    assert what.startswith(f"a node{KILLED}: of the reads 3 failed")


def test_a_request_is_laid_to_what_was_killed_last_while_it_was_under_way() -> None:
    seen, search, web = Seen(), f"a search node{KILLED}", f"a web node{KILLED}"
    seen.began += [(10, search), (20, web), (30, "it is back")]
    assert [seen.phase(started) for started in (5, 15, 25, 35)] == [web, web, web, "it is back"]


@pytest.mark.parametrize(
    ("see", "what"),
    [
        (failed, "of the reads 1 failed"),
        (lambda seen, started: seen.hits(knowledge.AGREEMENTS - 1, started), "a search found 39 of 40"),
        (lambda seen, started: seen.looked("stale", started), "had been published before it"),
        (lambda seen, started: seen.counts(REBUILT), "nobody looked"),
    ],
)
def test_what_nobody_should_have_seen_is_wrong(see: Callable[[Seen, float], None], what: str) -> None:
    seen = Seen()
    seen.note("read", "/", Answer(200), 0)
    seen.looked("found", time.monotonic())
    seen.hits(knowledge.AGREEMENTS, time.monotonic())
    assert judged(seen) == []
    see(seen, time.monotonic())
    assert len(judged(seen)) == 1 and what in judged(seen)[0]
