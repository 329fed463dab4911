"""Migrations go back to the first release and forward again over data, and no record is another afterwards."""

import os

import pytest

from tests.drills.instance import Instance

pytestmark = pytest.mark.slow
APPS = "actors\n [X] "  # how the list of migrations begins


@pytest.fixture
def filled(instance: Instance, new_instance) -> Instance:
    """An instance with a small body of knowledge; in the long form with all of the real one."""
    if not os.environ.get("DRILL_FIXTURES"):
        return instance
    made = new_instance("filled")
    made.prepare(fixtures=True)
    return made


def test_migrations_go_back_and_forward_over_data(filled: Instance) -> None:
    whole = ["dump_knowledge", "--all"]
    back = [["migrate", app, "0001", "-v0"] for app in ("instruments", "actors", "governance")]
    before, _cut, listed = filled.manage_all(whole, *back, ["showmigrations"]).stdout.partition(APPS)
    assert before.count("\n") > 40
    assert "[ ] 0002" in listed.partition("\ngovernance\n")[2].partition("\ninstruments\n")[0]
    after, _cut, listed = filled.manage_all(
        ["migrate", "-v0"], whole, ["showmigrations"], ["search_sync"], ["search_check"]
    ).stdout.partition(APPS)
    assert "[ ]" not in listed
    assert after == before
