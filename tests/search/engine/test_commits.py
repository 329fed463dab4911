"""Commits are seen as soon as they are made, and told without listing the folder each time."""

import os
import time
from pathlib import Path

import pytest

from search.engines import IndexUnusable
from search.engines.whoosh import commits
from search.engines.whoosh.commits import Generations
from tests.search.engine.conftest import add, document, some_documents

HOUR = 3600 * 10**9


@pytest.fixture
def folder(built) -> Path:
    engine = built(some_documents(3))
    add(engine, document(4, {"title": ["refugee"]}))
    return engine.store.current()


def _dated(folder: Path, nanoseconds: int) -> None:
    os.utime(folder, ns=(nanoseconds, nanoseconds))


def test_a_folder_that_has_not_changed_for_long_is_listed_once(folder: Path, monkeypatch) -> None:
    _dated(folder, time.time_ns() - HOUR)
    listed = []
    monkeypatch.setattr(commits, "generation", lambda folder: listed.append(folder) or 7)
    generations = Generations()
    assert [generations.of(folder) for _time in range(3)] == [7, 7, 7]
    assert listed == [folder]


def test_a_commit_is_told_though_the_clock_stood_still(folder: Path) -> None:
    now = time.time_ns()
    generations = Generations()
    _dated(folder, now)
    before = generations.of(folder)
    last = max(folder.glob("*.toc"))
    last.rename(folder / f"_MAIN_{before + 1}.toc")
    _dated(folder, now)
    assert generations.of(folder) == before + 1


def test_a_folder_that_is_gone_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable):
        Generations().of(tmp_path / "none")
