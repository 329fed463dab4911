"""The knowledge as rows: loaded once in a run of the tests, and put into the database by each process that wants it.

Loading reads, checks and applies every document, which takes many seconds; to put the rows takes a few. The change log
is not among them: the triggers write it anew.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from tests.sharing import reckoned_once

if TYPE_CHECKING:
    from governance.knowledge.load import Report

Rows = dict[str, tuple[list[str], list[tuple]]]


class Knowledge:
    """All of `fixtures` in the database of this process, in one transaction that is open until somebody closes it."""

    def __init__(self) -> None:
        self.transaction: transaction.Atomic | None = None
        self.kept: tuple[Report, Rows] | None = None
        self.blocker: DjangoDbBlocker | None = None

    @property
    def is_open(self) -> bool:
        return self.transaction is not None

    def open(self, fixtures: Path, place: Path, blocker: DjangoDbBlocker) -> "Report":
        """Put it into the database, which has none. Returns the report of the one load of this run of the tests, which
        is kept at `place` with the rows it made."""
        if self.transaction is None:
            self.blocker, self.transaction = blocker, transaction.atomic()
            self.transaction.__enter__()
            try:
                self._put(fixtures, place)
            except BaseException:
                self.close()
                raise
        assert self.kept is not None
        return self.kept[0]

    def close(self) -> None:
        """Take it out again, and whatever was written beside it."""
        opened, self.transaction = self.transaction, None  # whatever goes wrong here does so for one module only
        if opened is not None and self.blocker is not None:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                opened.__exit__(None, None, None)

    def _put(self, fixtures: Path, place: Path) -> None:
        from governance.knowledge.load import take_stock
        from governance.models import Record

        is_first = self.kept is None
        self.kept = self.kept or reckoned_once(place, lambda: _load(fixtures))
        if not Record.objects.exists():  # this is not the process that loaded, just now
            put(self.kept[1])
            if is_first:
                _count_on()
            take_stock()


def stored() -> Rows:
    """All rows of the knowledge that are there, by table."""
    return {model._meta.db_table: _read(model._meta.db_table) for model in _models()}


def put(kept: Rows) -> None:
    """Put rows into the database, which has none of them, as `stored` gave them: all of them, or none."""
    with transaction.atomic():  # some refer to rows of later tables
        for table, (columns, rows) in kept.items():
            _put(table, columns, rows)


def _put(table: str, columns: list[str], rows: list[tuple]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        if rows:
            cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})", rows)


def _count_on() -> None:
    """Have PostgreSQL give new rows numbers after those that were put; SQLite does by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _load(fixtures: Path) -> tuple["Report", Rows]:
    from governance.knowledge.load import load

    report = load(fixtures)
    assert not report.faults, report.faults[:5]
    return report, stored()


def _models() -> list[type[Model]]:
    """Whose tables loading fills, records before what hangs on them."""
    from governance.models import Change, Record

    models = [m for app in ("governance", "actors", "instruments") for m in apps.get_app_config(app).get_models()]
    return [Record, *(model for model in models if model not in (Change, Record))]


def _read(table: str) -> tuple[list[str], list[tuple]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return [column[0] for column in cursor.description], [tuple(map(_plain, row)) for row in cursor.fetchall()]


def _plain(value):
    """JSON columns come as objects from PostgreSQL and go back as text."""
    return json.dumps(value) if isinstance(value, dict | list) else value
