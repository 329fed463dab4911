"""A short form of the drill of crashes."""

import json

import pytest

from tests.drills.instance import Instance


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_processes_are_killed(instance: Instance) -> None:
    result = json.loads(instance.run("-m", "tests.drills.crashes", "8", "1").stdout)
    assert result["failures"] == []
    assert result["counted"]["killed"] == 8
    assert result["folders"] <= 2
