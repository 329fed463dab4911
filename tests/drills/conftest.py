"""Instances for drills, on the database that the tests run on."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.drills.instance import Instance, database_in
from tests.sharing import common_folder, made_once

CLUSTER = os.environ.get("TEST_DATABASE_URL", "")


@pytest.fixture
def new_instance(tmp_path: Path) -> Iterator:
    """Make an instance with a folder and a database of its own: `new_instance("name")`."""
    with ExitStack() as stack:

        def make(name: str) -> Instance:
            return Instance(tmp_path / name, stack.enter_context(database_in(CLUSTER)) if CLUSTER else "")

        yield make


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as they are served."""

    def collect(draft: Path) -> None:
        instance = Instance(tmp_path_factory.mktemp("collected"))
        instance.collect_static()
        (instance.folder / "static").rename(draft)

    return made_once(common_folder(tmp_path_factory) / "static", collect)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, static: Path) -> Iterator[Instance]:
    """An instance with a small body of knowledge, made once to be copied; in PostgreSQL once in each server."""
    if not CLUSTER:
        place = common_folder(tmp_path_factory) / "prepared"
        yield Instance(made_once(place, lambda draft: Instance(draft).prepare(static=static)))
        return
    with database_in(CLUSTER) as address:
        instance = Instance(tmp_path_factory.mktemp("prepared") / "instance", address)
        instance.prepare(static=static)
        yield instance


@pytest.fixture
def instance(prepared: Instance, tmp_path: Path) -> Iterator[Instance]:
    """An instance with a small body of knowledge."""
    with ExitStack() as stack:
        address = stack.enter_context(database_in(CLUSTER, prepared.database)) if CLUSTER else ""
        yield prepared.copy_to(Instance(tmp_path / "instance", address))
