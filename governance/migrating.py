"""Migrating beside readers and beside other nodes that start at the same moment.

A change of a table waits for whoever reads it, and everybody else waits behind it: so it waits a few seconds at most,
gives way, and tries again (https://www.postgresql.org/docs/15/runtime-config-client.html#GUC-LOCK-TIMEOUT). Of several
nodes one migrates and loads; the others wait for it, and find nothing left to do.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_TIMEOUT = "3s"
TRIES, PAUSE = 20, 3.0
LOCK_NOT_AVAILABLE = "55P03"
LOOK = 0.5  # seconds between looks whether it is one's turn
_PREPARING = 7_214_530_901  # any number that nobody else takes


def migrate() -> None:
    """Bring the tables to this release; raises OperationalError when a table is in use for a minute and longer."""
    _migrate()
    call_command("createcachetable", verbosity=0)


def _migrate() -> None:
    if connection.vendor != "postgresql":
        call_command("migrate", interactive=False, verbosity=0)
        return
    for attempt in range(1, TRIES + 1):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = %s", [LOCK_TIMEOUT])
            call_command("migrate", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE or attempt == TRIES:
                raise
            connection.close()
            time.sleep(PAUSE)


def unpooled() -> BaseDatabaseWrapper:
    """A connection of one's own, not of the pool: what is said or locked on it ends when it is closed."""
    found = connection.copy()
    found.settings_dict["OPTIONS"].pop("pool", None)
    return found


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Prepare the database as the only node to do so; on SQLite there is but one.

    Whoever waits asks now and then. A statement that waited for the lock would hold a snapshot all the while, and an
    index that is made beside its writers waits for every snapshot that is older than it: the one for the other.
    https://www.postgresql.org/docs/15/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    """
    if connection.vendor != "postgresql":
        yield
        return
    holder = unpooled()  # the lock lasts as long as the connection
    try:
        while not _take(holder):
            time.sleep(LOOK)
        yield
    finally:
        holder.close()


def _take(holder: BaseDatabaseWrapper) -> bool:
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_PREPARING])
        return cursor.fetchone()[0]
