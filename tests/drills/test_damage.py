"""Bad days of disks and databases: what can be served is served, the rest is a clear 503, and it recovers alone."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import postgres
from tests.drills import damage, knowledge, traffic
from tests.drills.instance import Answer, Instance, connected
from tests.drills.traffic import Figures, Person

pytestmark = pytest.mark.slow
TIMES = int(os.environ.get("DRILL_DAMAGES", "4"))
AWAY = float(os.environ.get("DRILL_SECONDS_AWAY", "1"))
WORKERS = 2 if "DRILL_DAMAGES" in os.environ else 1  # of a site where one process shows all that there is to see
ON_POSTGRESQL = bool(os.environ.get("TEST_DATABASE_URL"))


@pytest.fixture
def on_small_disk(instance: Instance, tmp_path: Path) -> Iterator[Instance]:
    """An instance on a disk of its own."""
    if not damage.may_mount():
        pytest.skip("a disk of its own needs a root that may mount")
    with damage.small_disk(tmp_path / "disk"):
        folder = tmp_path / "disk" / "data"
        yield instance.copy_to(Instance(folder, instance.database, {"REVIEW": "one"}))


@pytest.mark.once
def test_a_damaged_index_heals_while_readers_search(instance: Instance) -> None:
    wrong: list[str] = []

    def read() -> None:
        answer = instance.get(damage.QUERY)
        if not damage.is_right(answer, knowledge.AGREEMENTS):
            wrong.append(f"{answer.status} {answer.body[:300]}")

    with instance.serving(), traffic.people([read] * 3, pause=0.2):
        for number in range(TIMES):
            what = damage.damage_index(instance, number)
            read()
            instance.wait_until(damage.QUERY)
            read()
            assert wrong == [], f"{what}\n{instance.log.read_text()[-10000:]}"
    # A server may go on with files that were deleted while it had them open.
    instance.manage_all(["search_sync"], ["search_check"])


@pytest.mark.once
def test_an_index_damaged_between_two_starts_heals_at_the_start(instance: Instance) -> None:
    for number in range(TIMES // 4):
        what = damage.damage_index(instance, 1 + number * 7)
        assert instance.manage_all(["search_sync"], ["search_check"], check=False).returncode == 0, what


def publish(instance: Instance, curators: traffic.Curators, number: int) -> tuple[str, Figures]:
    figures = Figures()
    traffic.write(Person(instance.port, curators.sessions[0]), figures, curators.keys, number, mine=True)
    return next(iter(figures.statuses)), figures


def test_a_full_disk_serves_readers_and_refuses_writers_clearly(on_small_disk: Instance) -> None:
    instance = on_small_disk
    curators = traffic.curators(instance, 1)
    with instance.serving(workers=WORKERS):
        assert publish(instance, curators, 1)[0] == "write 302"
        with damage.full(instance.folder.parent):
            for path in ("/", "/instruments/agreement-2/", damage.QUERY, "/about/", "/healthz"):
                assert instance.get(path).status == 200, f"{path}\n{instance.log.read_text()}"
            status, _figures = publish(instance, curators, 2)
            assert status == ("write 302" if ON_POSTGRESQL else "write 503"), instance.log.read_text()
        status, figures = publish(instance, curators, 3)
        assert status == "write 302"
        assert instance.get("/readyz").status == 200
        instance.wait_until(damage.QUERY)
    assert traffic.examine(instance, figures) == ([], "")
    assert "Traceback" not in instance.log.read_text()


@pytest.mark.once
def test_a_folder_that_cannot_be_written_is_one_clear_line_at_the_start(on_small_disk: Instance) -> None:
    with damage.read_only(on_small_disk.folder.parent):
        done = on_small_disk.manage("check", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("DATA_DIR: the folder")
    assert done.stderr.count("\n") == 1


def test_an_index_that_cannot_be_written_is_searched_as_it_is_and_told_later(
    on_small_disk: Instance, tmp_path: Path
) -> None:
    disk = on_small_disk.folder.parent
    settings = {"REVIEW": "one", "SEARCH_URL": f"whoosh:///{on_small_disk.folder}/index"}
    instance = on_small_disk.copy_to(Instance(tmp_path / "elsewhere", on_small_disk.database, settings))
    curators = traffic.curators(instance, 1)
    with instance.serving(workers=WORKERS):
        assert instance.get(damage.QUERY).status == 200
        with damage.read_only(disk):
            status, figures = publish(instance, curators, 2)
            assert status == "write 302", figures.failed
            assert instance.get(damage.QUERY).json()["count"] == knowledge.AGREEMENTS
            assert instance.get("/readyz").json()["index"]["behind"] > 0
        assert instance.get(damage.QUERY).json()["count"] == knowledge.AGREEMENTS
        assert instance.get("/readyz").json()["index"]["behind"] == 0
    assert traffic.examine(instance, figures) == ([], "")
    assert "Traceback" not in instance.log.read_text()


@pytest.mark.postgres
def test_a_database_that_only_reads_refuses_writers_clearly(instance: Instance) -> None:
    """As a standby does that another server has not yet made way for."""
    instance.settings = {"REVIEW": "one"}
    curators = traffic.curators(instance, 1)
    with connected(instance.database) as connection, instance.serving(workers=WORKERS):
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        assert instance.get("/instruments/agreement-2/").status == 200
        assert publish(instance, curators, 2)[0] == "write 503"
        assert instance.get(damage.QUERY).json()["count"] == knowledge.AGREEMENTS
    assert "Traceback" not in instance.log.read_text()


@pytest.mark.postgres
def test_readers_are_told_while_the_database_is_away_and_are_back_when_it_is(tmp_path: Path, static: Path) -> None:
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip("needs a PostgreSQL of its own, to stop it")
    with postgres.server(binaries) as database:
        instance = Instance(tmp_path / "instance", database.address)
        instance.prepare(static=static)
        if "DRILL_SECONDS_AWAY" not in os.environ:
            instance.settings["DJANGO_SETTINGS_MODULE"] = "tests.drills.quick"
        with instance.serving(workers=WORKERS):
            assert instance.get("/").status == 200
            for how in (postgres.signal.SIGINT, postgres.signal.SIGQUIT):  # stopped, and crashed
                database.stop(how)
                for path, answer in at_once(instance, "/", "/instruments/agreement-2/", damage.QUERY, "/readyz"):
                    assert (answer.status, answer.headers.get("Retry-After")) == (503, "15"), path
                for path in ("/about/", "/healthz"):
                    assert instance.get(path).status == 200, path
                instance.wait_until("/healthz", seconds=AWAY)
                database.start()
                instance.wait_until("/readyz", seconds=30)
                for path in ("/", "/instruments/agreement-2/", damage.QUERY):
                    assert instance.get(path).status == 200, path
        assert instance.search_check() == ""
        assert "Traceback" not in instance.log.read_text()


def at_once(instance: Instance, *paths: str) -> Iterator[tuple[str, Answer]]:
    """Ask for all of them at the same time: each waits some seconds for a database that is away."""
    with ThreadPoolExecutor(len(paths)) as threads:
        yield from zip(paths, threads.map(instance.get, paths), strict=True)
