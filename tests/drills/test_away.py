"""A web node with an index of its own that was away while others wrote: it catches up by itself, by the change log."""

import os
from pathlib import Path

import pytest

from tests.drills import knowledge, traffic
from tests.drills.instance import Instance
from tests.drills.traffic import Figures, Person

pytestmark = pytest.mark.slow
CHANGES = int(os.environ.get("DRILL_CHANGES_AWAY", "3"))


def test_a_node_that_was_away_finds_at_its_first_search_what_was_written_meanwhile(
    instance: Instance, tmp_path: Path
) -> None:
    instance.settings["REVIEW"] = "one"
    database = instance.database or f"sqlite:///{instance.folder / 'db.sqlite3'}"
    away = instance.copy_to(Instance(tmp_path / "away", database, {"REVIEW": "one"}))
    figures, curators = Figures(), traffic.curators(instance, 1)
    with instance.serving(workers=1):
        person = Person(instance.port, curators.sessions[0])
        for number in range(CHANGES):
            traffic.write(person, figures, curators.keys, number % knowledge.AGREEMENTS, mine=True)
    assert figures.failed == []
    slug, summary = max(figures.published.items(), key=lambda item: item[1].rpartition(" ")[2])
    stamp = summary.rpartition(" ")[2].rstrip(".")
    with away.serving(workers=1):
        found = away.get(f"/api/v1/search/?q={stamp}").json()
        assert [hit["slug"] for hit in found["results"]] == [slug]
        assert away.get("/readyz").json()["index"]["behind"] == 0
    assert away.search_check() == ""
