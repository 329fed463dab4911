"""No migration holds a lock that readers wait behind: what changes a large table does it in steps that are short.

Looked for in every migration after those that made the tables. Which operation takes which lock:
https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES
"""

import threading
import time

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from governance.migrating import one_at_a_time, unpooled

OURS = {"governance", "actors", "instruments", "search"}
LARGE = {"change", "record", "citation", "passage", "revision", "name", "date", "participation", "relation"}
SMALL_THEN = {"governance.0002_review"}  # from before there was anything in the tables
ASKING = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'SELECT pg%advisory_lock%'"""
INDEXING = (migrations.AddIndex, migrations.AddConstraint)  # they read all of a table while nobody may write to it


def steps() -> list[tuple[str, Operation]]:
    loader = MigrationLoader(None)
    found = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in OURS and not migration.initial:
            made = {op.name_lower for op in migration.operations if isinstance(op, migrations.CreateModel)}
            found += [(f"{app}.{name}", op) for op in migration.operations if getattr(op, "model_name", "") not in made]
    return found


@pytest.mark.parametrize(("place", "operation"), steps(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_large_table_is_indexed_beside_its_writers(place: str, operation: Operation) -> None:
    """AddIndexConcurrently, in a migration with atomic = False, does it; a constraint goes in as NOT VALID first."""
    large = getattr(operation, "model_name", "").lower() in LARGE
    assert not (large and type(operation) in INDEXING and place not in SMALL_THEN), f"{place}: {operation.describe()}"


def test_every_migration_can_be_taken_back() -> None:
    loader = MigrationLoader(None)
    fixed = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS and not all(operation.reversible for operation in migration.operations)
    ]
    assert not fixed


@pytest.mark.postgres
@pytest.mark.slow
def test_a_node_that_waits_for_its_turn_holds_up_no_index(db: None) -> None:
    """Made concurrently, an index waits for every older snapshot: a node that waited with one would wait for ever."""
    had_its_turn = threading.Event()

    def prepare() -> None:
        with one_at_a_time():
            had_its_turn.set()

    node, own = threading.Thread(target=prepare), unpooled()
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE large (id integer)")
        try:
            with one_at_a_time():
                node.start()
                until, asking = time.monotonic() + 30, 0
                while asking < 2 and time.monotonic() < until:
                    cursor.execute(ASKING)
                    asking = cursor.fetchone()[0]
                assert asking == 2 and not had_its_turn.is_set()
                cursor.execute("SET statement_timeout = '10s'")
                cursor.execute("CREATE INDEX CONCURRENTLY large_id ON large (id)")
        finally:
            node.join()
            cursor.execute("DROP TABLE large")
            own.close()
    assert had_its_turn.is_set()
