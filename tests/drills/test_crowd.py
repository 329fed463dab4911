"""Short forms of the drills of crowds and of load."""

import pytest

from tests.drills import burst, crowd, load
from tests.drills.instance import Instance

pytestmark = pytest.mark.slow


def test_writers_and_readers_at_once_never_meet_a_lock(instance: Instance) -> None:
    outcome = crowd.drill(instance, seconds=2, writers=8, readers=24, processes=2)
    assert outcome.figures.failed == []
    assert outcome.lost == []
    assert outcome.search_check == ""
    assert outcome.figures.statuses["write 302"] >= 1
    assert outcome.figures.statuses["read 200"] >= 1


def test_under_load_nothing_fails_and_files_are_closed_again(instance: Instance) -> None:
    outcome = load.drill(instance, seconds=3, writers=1, readers=4, processes=1)
    assert outcome.figures.failed == []
    assert outcome.lost == []
    assert outcome.search_check == ""
    assert max(outcome.usage.files) < 300


@pytest.mark.once
def test_a_burst_from_one_address_is_told_when_to_come_back_and_others_do_not_notice(instance: Instance) -> None:
    outcome = burst.drill(instance, seconds=2, readers=2, rate="1/second", moving=True)
    assert outcome.statuses["429"] >= 1
    assert set(outcome.statuses) == {"200", "429"}
    assert (outcome.unclear, outcome.others) == ([], [])
