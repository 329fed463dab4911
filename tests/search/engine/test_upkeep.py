"""Merging segments beside the work of the day."""

import os
import time
from pathlib import Path

import pytest

from search.engines import Busy
from search.engines.whoosh import upkeep
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.upkeep import MOST_ALIKE, Upkeep, due
from search.parser import parse
from search.request import SearchRequest
from tests.search.engine.conftest import add, document, some_documents

QUERIES = (
    "refugee",
    '"refugee border"',
    "non-refoulement state",
    "ref*",
    "title:states",
    "border -state",
    "kind:theme",
)


@pytest.fixture
def asleep(monkeypatch) -> None:
    """Nothing is merged but when a test says so."""
    monkeypatch.setattr(Upkeep, "wake", lambda self: None)


@pytest.fixture
def scattered(built, asleep) -> WhooshEngine:
    """Documents in many segments, some replaced and one deleted."""
    engine = built(some_documents(30))
    for number in range(31, 31 + MOST_ALIKE + 2):
        add(engine, document(number, {"title": ["refugee border state"], "body": [f"word{number}"]}))
    add(engine, document(5, {"title": ["border states"]}))
    since = engine.status().position
    engine.apply({8}, [], since, since._replace(id=since.id + 1))
    return engine


def answers(engine: WhooshEngine) -> dict[str, list[tuple[str, float]]]:
    found = {}
    for query in QUERIES:
        results = engine.search(SearchRequest(q=query, page_size=100), parse(query))
        found[query] = [(hit.key, hit.score) for hit in results.hits]
    return found


def run(engine: WhooshEngine) -> int:
    return Upkeep(engine.store, engine.snapshot).run()


def test_merged_segments_answer_as_they_did_apart(scattered) -> None:
    before, filed, status = answers(scattered), scattered.filed(), scattered.status()
    assert len(scattered.snapshot().segments) > MOST_ALIKE
    assert run(scattered) == 1
    assert len(scattered.snapshot().segments) == 1
    assert (scattered.filed(), scattered.status()) == (filed, status)
    after = answers(scattered)
    assert {query: {key for key, _score in hits} for query, hits in after.items()} == {
        query: {key for key, _score in hits} for query, hits in before.items()
    }


def test_they_hold_nothing_of_what_was_deleted(scattered) -> None:
    run(scattered)
    snapshot = scattered.snapshot()
    assert snapshot.size == snapshot.documents
    assert snapshot.called("name=t8")[0].tolist() == []


def test_they_score_as_an_index_built_at_once(scattered, built) -> None:
    run(scattered)
    merged = answers(scattered)
    late = [document(n, {"title": ["refugee border state"], "body": [f"word{n}"]}) for n in range(31, 33 + MOST_ALIKE)]
    early = [d for d in some_documents(30) if d.record not in (5, 8)]
    assert answers(built([*early, document(5, {"title": ["border states"]}), *late])) == merged


def test_what_is_written_meanwhile_is_kept(scattered, monkeypatch) -> None:
    merge = upkeep.merging.merge

    def slow(*args):
        files = merge(*args)
        monkeypatch.setattr(upkeep.merging, "merge", merge)
        add(scattered, document(1, {"title": ["quokka"]}), document(99, {"title": ["quokka"]}))
        return files

    monkeypatch.setattr(upkeep.merging, "merge", slow)
    run(scattered)
    found = scattered.search(SearchRequest(q="quokka"), parse("quokka"))
    assert sorted(hit.key for hit in found.hits) == ["r1", "r99"]
    assert len([key for key in scattered.filed() if key == "r1"]) == 1
    assert scattered.status(thorough=True).documents == 29 + MOST_ALIKE + 3


def test_the_next_are_scored_as_all_are_that_were_measured_anew(built, asleep, monkeypatch) -> None:
    monkeypatch.setattr(upkeep, "SMALL", 5)
    engine, merge = built(some_documents(2)), upkeep.merging.merge
    add(engine, *some_documents(20, start=10))

    def slow(*args):
        files = merge(*args)
        monkeypatch.setattr(upkeep.merging, "merge", merge)
        add(engine, document(99, {"title": ["quokka"]}))
        return files

    monkeypatch.setattr(upkeep.merging, "merge", slow)
    assert run(engine) == 1
    assert len(engine.snapshot().segments) == 2
    assert engine.snapshot().means == built([*some_documents(2), *some_documents(20, start=10)]).snapshot().means


def damage(engine: WhooshEngine, unseen: bool = False) -> None:
    """Change a byte of a segment; `unseen` as a disk may, when the system says that nobody has written to it."""
    files = Path(engine.snapshot().folder).glob("*.pst")
    path = next(path for path in files if not path.name.startswith(upkeep.DRAFT))
    before = path.stat()
    time.sleep(0.02)  # the system tells the time of a write in steps of some milliseconds
    with path.open("r+b") as file:
        file.seek(before.st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 255]))
    if unseen:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_damage_is_found_before_it_becomes_part_of_what_is_right(scattered) -> None:
    segments = len(scattered.snapshot().segments)
    damage(scattered, unseen=True)
    with pytest.raises(upkeep.IndexUnusable, match="is damaged"):
        run(scattered)
    assert len(list(Path(scattered.store.current()).glob("*.pst"))) == segments


def test_what_is_damaged_while_it_is_merged_is_not_put_in_place(scattered, monkeypatch) -> None:
    merge = upkeep.merging.merge

    def meanwhile(*args):
        files = merge(*args)
        damage(scattered)
        return files

    monkeypatch.setattr(upkeep.merging, "merge", meanwhile)
    assert run(scattered) == 0


def test_only_one_process_is_at_it(scattered) -> None:
    with scattered.store.lock(1, "upkeep"), pytest.raises(Busy):
        run(scattered)


def test_what_a_killed_process_left_is_cleared_away(scattered) -> None:
    remains = Path(scattered.snapshot().folder) / f"{upkeep.DRAFT}dead.pst"
    remains.write_bytes(b"half")
    run(scattered)
    assert not remains.exists()


def test_a_segment_that_is_mostly_deleted_is_written_again(built, asleep) -> None:
    engine = built(some_documents(10))
    since = engine.status().position
    engine.apply(range(1, 7), [], since, since._replace(id=since.id + 1))
    assert due(engine.snapshot()) == engine.snapshot().segments
    run(engine)
    assert engine.snapshot().size == 4


def test_lengths_are_measured_anew_when_the_index_has_grown(built, asleep, monkeypatch) -> None:
    monkeypatch.setattr(upkeep, "SMALL", 5)
    engine = built(some_documents(2))
    add(engine, *some_documents(20, start=10))
    assert run(engine) == 1
    assert engine.snapshot().means == built([*some_documents(2), *some_documents(20, start=10)]).snapshot().means


def test_nothing_is_done_when_nothing_is_due(built, asleep) -> None:
    assert run(built(some_documents(3))) == 0


def test_a_commit_leaves_merging_to_a_thread_of_its_own(built) -> None:
    engine = built(some_documents(3))
    for number in range(10, 11 + MOST_ALIKE):
        add(engine, document(number, {"title": ["refugee"]}))
    thread = engine._upkeep._thread
    assert thread is not None
    thread.join(timeout=30)
    engine._upkeep.wake()
    engine._upkeep._thread.join(timeout=30)
    assert len(engine.snapshot().segments) <= MOST_ALIKE
    assert engine.status().documents == 4 + MOST_ALIKE


@pytest.mark.parametrize("suffix", [".trm", ".pst", ".col"])
def test_a_file_that_is_cut_under_a_running_process_does_not_end_it(built, suffix: str) -> None:
    engine = built(some_documents(30))
    held = engine.snapshot()
    path = next(Path(held.folder).glob(f"*{suffix}"))
    os.truncate(path, path.stat().st_size // 3)
    with pytest.raises(upkeep.IndexUnusable):
        engine.search(SearchRequest(q="refugee"), parse("refugee"))
