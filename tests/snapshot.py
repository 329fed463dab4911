"""The knowledge as rows: loaded once by a process of tests, and put back row by row for each module that wants it.

Loading reads, checks and applies every document, which takes seconds; putting rows back takes a fraction of one. The
change log is not among them: the triggers write it anew.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

if TYPE_CHECKING:
    from governance.knowledge.load import Report

_rows: dict[str, tuple[list[str], list[tuple]]] = {}
_reports: list["Report"] = []


def put_knowledge(fixtures: Path) -> "Report":
    """Fill the database, which has none, with all of `fixtures`; inside the caller's transaction.

    Returns the report of the one load of this process.
    """
    from governance.knowledge.load import load, take_stock

    if not _rows:
        _reports.append(load(fixtures))
        assert not _reports[0].faults, _reports[0].faults[:5]
        _rows.update({table: _read(table) for table in _tables()})
        return _reports[0]
    with connection.cursor() as cursor:
        for table, (columns, rows) in _rows.items():
            if rows:
                names = ", ".join(map(connection.ops.quote_name, columns))
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})", rows)
    take_stock()
    return _reports[0]


def _tables() -> list[str]:
    """The tables that loading fills, records before what hangs on them."""
    from governance.models import Change, Record

    models = [m for app in ("governance", "actors", "instruments") for m in apps.get_app_config(app).get_models()]
    kept = [model for model in models if model not in (Change, Record)]
    return [Record._meta.db_table, *(model._meta.db_table for model in kept)]


def _read(table: str) -> tuple[list[str], list[tuple]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return [column[0] for column in cursor.description], [tuple(map(_plain, row)) for row in cursor.fetchall()]


def _plain(value):
    """JSON columns come as objects from PostgreSQL and go back as text."""
    return json.dumps(value) if isinstance(value, dict | list) else value
