"""Rows of the database as JSON lines, and back: a line that names a table and its columns, then a line for each row."""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, models, transaction

LEFT_OUT = {"sessions.session"}
BATCH = 500


def tables(registry: Apps) -> list[type[models.Model]]:
    """The models with a table of their own, those between many-to-many fields too, in a fixed order."""
    found = registry.get_models(include_auto_created=True)  # type: ignore[call-arg]
    own = [model for model in found if model._meta.managed and not model._meta.proxy]
    return sorted(own, key=lambda model: model._meta.label_lower)


def columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read in the block is of one moment; writers are not held up."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # A transaction of Django's would take the write lock at once (settings: IMMEDIATE).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def write(file: IO[str], registry: Apps) -> dict[str, int]:
    """Write the rows of all tables; call it in a `snapshot`. Returns how many each table has."""
    counts = {}
    for model in tables(registry):
        label = model._meta.label_lower
        if label in LEFT_OUT:
            continue
        names = [field.attname for field in columns(model)]
        file.write(_line({"table": label, "columns": names}))
        counts[label] = 0
        for row in model._base_manager.order_by("pk").values_list(*names).iterator(2000):
            file.write(_line(row))
            counts[label] += 1
    return counts


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value)} has no form in a backup")


def read(lines: Iterable[bytes], registry: Apps) -> dict[str, int]:
    """Insert all rows into empty tables; call it in a transaction. Returns how many went into each table.

    Raises LookupError or FieldDoesNotExist for a table or column that the models of `registry` do not have.
    """
    counts: dict[str, int] = {}
    rest = iter(lines)
    head = next(rest, None)
    while head is not None:
        given = json.loads(head)
        model = registry.get_model(given["table"])
        counts[given["table"]], head = _insert(model, given["columns"], rest)
    return counts


def _insert(model: type[models.Model], names: list[str], lines: Iterator[bytes]) -> tuple[int, bytes | None]:
    """Insert the rows up to the next table, and return how many there were and the line that begins it."""
    known = {field.attname: field for field in columns(model)}
    fields = [known[name] for name in names]
    quote = connection.ops.quote_name
    listed = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES ({places})"
    count = 0
    pending: list[list] = []
    with connection.cursor() as cursor:
        for text in lines:
            if text.startswith(b"{"):
                break
            pending.append([_value(field, value) for field, value in zip(fields, json.loads(text), strict=True)])
            count += 1
            if len(pending) == BATCH:
                cursor.executemany(statement, pending)
                pending = []
        else:
            text = None
        if pending:
            cursor.executemany(statement, pending)
    return count, text


def _value(field: models.Field, value: Any) -> Any:
    if value is not None and not isinstance(field, models.JSONField):
        value = field.to_python(value)
    return field.get_db_prep_save(value, connection)
