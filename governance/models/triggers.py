"""The triggers that write the change log, in the transaction of every write.

They see what Django's signals do not: `QuerySet.update()`, cascades, bulk imports, SQL by hand. They are generated from
one map, the `owners` attribute of each model: the columns that hold the id of the record a row belongs to.

SQLite drops a table's triggers when a migration rebuilds the table, and refuses to rebuild one that the triggers of
another name (https://www.sqlite.org/lang_altertable.html). So there they are taken off before a migration and put on
again after it, and the log says that anything may have changed meanwhile.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, router, transaction

from governance.models.changes import Change
from governance.models.record import Record

LOG = Change._meta.db_table
CHANNEL = "governance_change"  # on it PostgreSQL tells who listens that the log has grown
_OPS = (("insert", "I", ("NEW",)), ("update", "U", ("NEW", "OLD")), ("delete", "D", ("OLD",)))


def watched_tables() -> dict[str, tuple[str, ...]]:
    """The one map: table → columns that hold the id of an owning record."""
    return {model._meta.db_table: model.owners for model in apps.get_models() if hasattr(model, "owners")}


def install_triggers(sender=None, using: str = "default", **kwargs) -> None:
    """Make the triggers of every watched table anew; connected to `post_migrate`, safe to repeat."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if not router.allow_migrate_model(using, Change) or LOG not in present:
        return
    write = _postgresql if connection.vendor == "postgresql" else _sqlite
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "sqlite" and not _installed(cursor):
            cursor.execute(_UNWATCHED)
        for table, owners in watched_tables().items():
            if table in present:
                for statement in write(table, owners):
                    cursor.execute(statement)
        if connection.vendor == "postgresql":
            for statement in _NOTIFYING:
                cursor.execute(statement)


def remove_triggers(sender=None, using: str = "default", plan=(), **kwargs) -> None:
    """Take the triggers off where `plan` has migrations of watched tables; connected to `pre_migrate`, for SQLite."""
    connection = connections[using]
    labels = {model._meta.app_label for model in apps.get_models() if hasattr(model, "owners")}
    if connection.vendor != "sqlite" or not any(migration.app_label in labels for migration, _backwards in plan):
        return
    with transaction.atomic(using), connection.cursor() as cursor:
        for name in _installed(cursor):
            cursor.execute(f"DROP TRIGGER {name}")


def drop_triggers() -> None:
    """Take all triggers away, to write rows that must leave no change; `install_triggers` makes them again."""
    connection = connections["default"]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            statements = [f"DROP TRIGGER {name}" for name in _installed(cursor)]
        else:
            pairs = [(name, table) for table in present & watched_tables().keys() for name in ("change", "change_all")]
            statements = [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name, table in pairs]
        for statement in statements:
            cursor.execute(statement)


def _installed(cursor) -> list[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s", [f"%INSERT INTO {LOG} %"])
    return [name for (name,) in cursor.fetchall()]


def _picks(rows: tuple[str, ...], owners: tuple[str, ...]) -> str:
    """SELECTs of the owning ids; an owner is a column, or an expression with `{row}` for the row."""
    expressions = (owner if "{row}" in owner else f"{{row}}.{owner}" for owner in owners)
    return " UNION ".join(f"SELECT {expression.format(row=row)} AS owner" for expression in expressions for row in rows)


# One notice for each transaction, whatever it wrote: PostgreSQL sends the same text once, when it commits.
_NOTIFYING = (
    f"CREATE OR REPLACE FUNCTION {LOG}_notice() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN NOTIFY {CHANNEL}; RETURN NULL; END $$",
    f"CREATE OR REPLACE TRIGGER {LOG}_notice AFTER INSERT ON {LOG} FOR EACH STATEMENT EXECUTE FUNCTION {LOG}_notice()",
)
_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_COLUMNS = '(xid, "table", op, record_id, at)'

# There were records while nobody watched: readers begin anew.
_UNWATCHED = (
    f"INSERT INTO {LOG} {_COLUMNS} SELECT 0, '{Record._meta.db_table}', 'T', NULL, {_NOW} "
    f"WHERE EXISTS (SELECT 1 FROM {Record._meta.db_table})"
)


def _sqlite(table: str, owners: tuple[str, ...]) -> Iterator[str]:
    for verb, op, rows in _OPS:
        yield f"DROP TRIGGER IF EXISTS {table}_change_{verb}"
        yield (
            f"CREATE TRIGGER {table}_change_{verb} AFTER {verb.upper()} ON {table} BEGIN "
            f"INSERT INTO {LOG} {_COLUMNS} SELECT 0, '{table}', '{op}', owner, {_NOW} "
            f"FROM ({_picks(rows, owners)}) WHERE owner IS NOT NULL; END"
        )


def _postgresql(table: str, owners: tuple[str, ...]) -> Iterator[str]:
    values = "pg_current_xact_id()::text::bigint, TG_TABLE_NAME"
    branches = [
        f"IF TG_OP = '{verb.upper()}' THEN INSERT INTO {LOG} {_COLUMNS} "
        f"SELECT {values}, '{op}', owner, clock_timestamp() "
        f"FROM ({_picks(rows, owners)}) AS picked WHERE owner IS NOT NULL; END IF;"
        for verb, op, rows in _OPS
    ]
    branches.append(
        f"IF TG_OP = 'TRUNCATE' THEN INSERT INTO {LOG} {_COLUMNS} "
        f"VALUES ({values}, 'T', NULL, clock_timestamp()); END IF;"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{' '.join(branches)} RETURN NULL; END $$"
    )
    for name, event, each in (
        ("change", "INSERT OR UPDATE OR DELETE", "ROW"),
        ("change_all", "TRUNCATE", "STATEMENT"),
    ):
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_{name} AFTER {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {table}_change()"
        )
