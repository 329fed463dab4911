"""Migrations go back to the first release and forward again over data, and no record is another afterwards."""

import os

import pytest

from tests.drills.instance import Instance

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(instance: Instance, new_instance) -> Instance:
    """An instance with a small body of knowledge; in the long form with all of the real one."""
    if not os.environ.get("DRILL_FIXTURES"):
        return instance
    made = new_instance("filled")
    made.prepare(fixtures=True)
    return made


def test_migrations_go_back_and_forward_over_data(filled: Instance) -> None:
    before = filled.manage("dump_knowledge", "--all").stdout
    assert before.count("\n") > 40
    for app in ("instruments", "actors", "governance"):
        filled.manage("migrate", app, "0001", "-v0")
    assert "[ ] 0002" in filled.manage("showmigrations", "governance").stdout
    filled.manage("migrate", "-v0")
    assert "[ ]" not in filled.manage("showmigrations").stdout
    assert filled.manage("dump_knowledge", "--all").stdout == before
    filled.manage("search_sync")
    assert filled.search_check() == ""
