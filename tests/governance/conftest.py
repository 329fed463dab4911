import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client


@pytest.fixture(scope="module")
def small_world(django_db_setup: None, django_db_blocker) -> Iterator[dict]:
    """The small world, made once for a module of tests; what a test writes goes with its own savepoint."""
    from tests.governance.small import make_small_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_small_world()
        transaction.set_rollback(True)


@pytest.fixture
def amal(db: None) -> User:
    """A curator, in a world with what an agreement needs."""
    from tests.governance.curating import make_user, make_world

    make_world()
    return make_user("amal", "curator")


@pytest.fixture
def rosa(db: None) -> User:
    from tests.governance.curating import make_user

    return make_user("rosa", "reviewer")


@pytest.fixture
def ada(db: None) -> User:
    from tests.governance.curating import make_user

    return make_user("ada", "administrator")


@pytest.fixture
def curator(client: Client, amal: User) -> User:
    """Amal, signed in."""
    client.force_login(amal)
    return amal


@pytest.fixture
def other_site(django_db_setup: None, tmp_path: Path) -> dict[str, str]:
    """The environment of a site with an empty SQLite database of its own, `data/db.sqlite3` in the test's folder: a
    copy of the one that the tests run on, since to migrate takes seconds. What asks for it runs `once`."""
    (tmp_path / "data").mkdir()
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as migrated,
        closing(sqlite3.connect(tmp_path / "data" / "db.sqlite3")) as copy,
    ):
        migrated.backup(copy)
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
