"""An index that is missing, damaged or of another release is rebuilt from the database, and readers do not notice."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search import sync
from search.engines import IndexUnusable, engine_at, get_engine
from search.engines.whoosh import engine as whoosh_engine
from search.engines.whoosh.store import CURRENT
from tests.search.conftest import ask, slugs

# Of the files of an index. That it is made anew from either database is told in test_sync.py and test_commands.py.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("collection")]


@pytest.fixture
def folder(engine_address) -> Path:
    return engine_address.path


def files(folder: Path) -> list[Path]:
    live = folder / (folder / CURRENT).read_text()
    return sorted(path for path in live.iterdir() if path.is_file())


def reopen() -> None:
    """Read from disk as a process does that has just started."""
    engine_at.cache_clear()


def test_a_deleted_folder_is_made_anew(folder: Path) -> None:
    shutil.rmtree(folder)
    assert slugs(ask("dublin")) == ["dublin-iii"]


def test_a_lost_index_inside_the_folder_is_made_anew(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    assert slugs(ask("dublin")) == ["dublin-iii"]


@pytest.mark.parametrize("content", [b"", b"nowhere", b"../../etc", b"\xff\xfe"])
def test_a_damaged_pointer_is_made_anew(folder: Path, content: bytes) -> None:
    (folder / CURRENT).write_bytes(content)
    assert slugs(ask("dublin")) == ["dublin-iii"]


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def damage_flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def damage_delete(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [damage_empty, damage_cut, damage_flip, damage_delete])
def test_a_damaged_file_of_any_kind_is_found_out_and_made_anew(folder: Path, damage) -> None:
    kinds = {path.suffix for path in files(folder)}
    assert {".toc", ".trm", ".pst"} <= kinds
    for kind in sorted(kinds):
        path = next(path for path in files(folder) if path.suffix == kind)
        if not path.stat().st_size:
            continue
        damage(path)
        reopen()
        assert slugs(ask("dublin")) == ["dublin-iii"], kind


def test_a_thorough_look_finds_damage_under_a_running_process(folder: Path) -> None:
    ask("dublin")
    path = next(path for path in files(folder) if path.suffix == ".pst")
    damage_flip(path)
    with pytest.raises(IndexUnusable):
        get_engine().status(thorough=True)


def test_damage_right_after_a_file_was_opened_is_noticed_at_the_next_search(folder: Path) -> None:
    reopen()
    get_engine().status()
    damage_flip(next(path for path in files(folder) if path.suffix == ".pst"))
    with pytest.raises(IndexUnusable, match="damaged"):
        get_engine().status()
    assert slugs(ask("dublin")) == ["dublin-iii"]


@pytest.mark.parametrize("damage", [damage_cut, damage_flip])
def test_damage_while_a_search_is_under_way_is_not_what_it_answers_with(folder: Path, monkeypatch, damage) -> None:
    damaged: list[Path] = []

    class Unlucky(whoosh_engine.Search):
        def run(self):
            for path in [] if damaged else files(folder):
                if path.suffix in (".pst", ".trm"):
                    damage(path)
                    damaged.append(path)
            return super().run()

    monkeypatch.setattr(whoosh_engine, "Search", Unlucky)
    reopen()
    assert slugs(ask("dublin")) == ["dublin-iii"]
    assert damaged


def test_an_index_that_can_be_neither_read_nor_written_is_a_clear_503(folder: Path, client) -> None:
    shutil.rmtree(folder)
    folder.write_text("in the way")
    answer = client.get("/api/v1/search/?q=dublin")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
    page = client.get("/search/?q=dublin")
    assert (page.status_code, page["Retry-After"]) == (503, answer["Retry-After"])


def test_an_index_of_another_release_is_made_anew(monkeypatch) -> None:
    before = get_engine().status()
    monkeypatch.setattr(whoosh_engine, "release", lambda: "another")
    reopen()
    with pytest.raises(IndexUnusable):
        get_engine().status()
    assert slugs(ask("dublin")) == ["dublin-iii"]
    assert get_engine().status() == before


def test_a_rebuild_that_fails_leaves_the_live_index_and_no_remains(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir() if path.is_dir())

    def failing():
        yield from sync.current([])
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        get_engine().rebuild(failing(), get_engine().status().position)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == before
    assert slugs(ask("dublin")) == ["dublin-iii"]


def test_remains_of_a_killed_rebuild_are_cleared_away(folder: Path) -> None:
    (folder / "i0000dead").mkdir()
    (folder / "i0000dead" / "MAIN_x.trm").write_bytes(b"half")
    (folder / f"{CURRENT}.i0000dead").write_text("i0000dead")
    sync.rebuild()
    sync.rebuild()
    assert not (folder / "i0000dead").exists()
    assert list(folder.glob(f"{CURRENT}.*")) == []


def test_only_the_live_index_and_the_one_before_are_kept(folder: Path) -> None:
    for _time in range(4):
        sync.rebuild()
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2


WRITE_FOR_EVER = """
import os, sys, django
from pathlib import Path
django.setup()
from governance.environment import SearchAddress
from governance.models import Position
from search.dates import Calendar
from search.documents import SearchDocument
from search.names import Text
from search.engines import IndexUnusable, engine_at
from search.filing import FACETS

def document(n, words):
    return SearchDocument(
        key=f"r{n}", record=n, type="topic", slug=f"t{n}", title=words, url="/", zones={"title": (Text(words),)},
        exact={}, facets={name: () for name in FACETS} | {"type": ("topic",)}, calendar=Calendar(),
        shown={"kind": None, "level": None, "year": None, "summary": ""})

def write():
    engine = engine_at(SearchAddress("whoosh", path=Path(sys.argv[1])))
    try:
        position = engine.status().position
    except IndexUnusable:
        engine.rebuild([], Position(0, 0))
        position = Position(0, 0)
    print(os.getpid(), flush=True)
    while True:
        later = Position(0, position.id + 1)
        if later.id % 7 == 0:
            engine.rebuild([document(n, f"word{n}") for n in range(1, later.id + 1)], later)
        else:
            changed = sorted({1, later.id})
            engine.apply(changed, [document(n, f"word{n} at{later.id}") for n in changed], position, later)
        position = later

for _trial in sys.stdin:
    writer = os.fork()
    if not writer:
        write()
    print(os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]), flush=True)
"""


@pytest.mark.slow
def test_a_process_killed_while_it_writes_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Each commit adds one record and says so in its position: whenever the writer dies, the two agree."""
    from governance.environment import SearchAddress

    place = tmp_path / "killed"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(place)], env=environment, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        for trial in range(8):
            process.stdin.write("\n")
            writer = int(process.stdout.readline())
            time.sleep(0.2 + trial * 0.083)
            os.kill(writer, signal.SIGKILL)
            assert int(process.stdout.readline()) == -signal.SIGKILL
            reopen()
            engine = engine_at(SearchAddress("whoosh", path=place))
            status = engine.status(thorough=True)
            assert status.records == status.documents == status.position.id
            assert set(engine.filed()) == {f"r{number}" for number in range(1, status.position.id + 1)}
    assert status.position.id > 0
