"""The change log: one append-only row per write, made by database triggers in the writer's own transaction.

Triggers see what Django's signals do not: `QuerySet.update()`, cascades, bulk imports, SQL by hand. They are generated
from one map, the `owners` attribute of each model (columns that hold the id of the record a row belongs to), and
installed after every `migrate`, since SQLite drops a table's triggers when a migration rebuilds it.

A reader keeps the `Position` it has applied. On PostgreSQL ids are handed out before transactions commit, so reading
"id > position" loses rows that commit late: there a position is (transaction, id), and a reader stops below the oldest
transaction still running (`pg_snapshot_xmin`, https://www.postgresql.org/docs/15/functions-info.html).
"""

from collections.abc import Iterator
from typing import NamedTuple, Self

from django.apps import apps
from django.db import connection, connections, models, router
from django.db.models import Q


class Position(NamedTuple):
    """How far a reader has come: transaction id (0 on SQLite) and change id."""

    xid: int = 0
    id: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `str(position)`, e.g. `812.40`; raises ValueError for anything else."""
        xid, _, id_ = text.partition(".")
        if not (xid.isdecimal() and id_.isdecimal()):
            raise ValueError(f"“{text}” is not a position; write it as two numbers, like 812.40.")
        return cls(int(xid), int(id_))

    def __str__(self) -> str:
        return f"{self.xid}.{self.id}"


class ChangeQuerySet(models.QuerySet):
    """Reading the log in order."""

    def settled(self) -> Self:
        """Rows that nothing still running can precede."""
        if connections[self.db].vendor != "postgresql":
            return self.order_by("id")
        below = "governance_change.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        return self.extra(where=[below]).order_by("xid", "id")

    def after(self, position: Position) -> Self:
        """Settled rows after `position`, in order."""
        return self.settled().filter(Q(xid__gt=position.xid) | Q(xid=position.xid, id__gt=position.id))

    def head(self) -> Position:
        """The position of the last settled row; (0, 0) for an empty log."""
        last = self.settled().reverse().values_list("xid", "id").first()
        return Position(*last) if last else Position()

    def has(self, position: Position) -> bool:
        """Is this a position of this very log? One that another database gave is not, unless it is the beginning."""
        return position == Position() or self.filter(xid=position.xid, id=position.id).exists()

    def token(self) -> str:
        """A text that differs whenever what a reader can see has changed: for caches and entity tags.

        Rows already visible but not settled count beside the head, so that a transaction that commits late changes
        the token too.
        """
        head = self.head()
        loose = self.filter(Q(xid__gt=head.xid) | Q(xid=head.xid, id__gt=head.id)).count()
        return f"{head}+{loose}" if loose else str(head)

    def in_batches(self, position: Position, size: int = 1000) -> Iterator[list["Change"]]:
        """Yield lists of settled rows after `position` until the head is reached."""
        while batch := list(self.after(position)[:size]):
            yield batch
            position = batch[-1].place


class Change(models.Model):
    """One write to a row that belongs to a record; `record_id` is empty when a table was emptied as a whole."""

    class Op(models.TextChoices):
        INSERT = "I"
        UPDATE = "U"
        DELETE = "D"
        TRUNCATE = "T"

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(default=0)
    table = models.CharField(max_length=64)
    op = models.CharField(max_length=1, choices=Op)
    record_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("xid", "id"), name="change_order"),)

    def __str__(self) -> str:
        return f"{self.place} {self.op} {self.table} {self.record_id}"

    @property
    def place(self) -> Position:
        return Position(self.xid, self.id)


def watched_tables() -> dict[str, tuple[str, ...]]:
    """The one map: table → columns that hold the id of an owning record."""
    return {model._meta.db_table: model.owners for model in apps.get_models() if hasattr(model, "owners")}


def install_triggers(sender=None, using: str = "default", **kwargs) -> None:
    """Make the triggers of every watched table anew; connected to `post_migrate`, safe to repeat."""
    if not router.allow_migrate_model(using, Change):
        return
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if Change._meta.db_table not in present:
        return
    write = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table, owners in watched_tables().items():
            if table in present:
                for statement in write(table, owners):
                    cursor.execute(statement)


def remove_triggers() -> None:
    """Take all triggers away, to write rows that must leave no change; `install_triggers` makes them again."""
    present = set(connection.introspection.table_names())
    on_table = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in present & watched_tables().keys():
            for name in ("change", "change_all") if on_table else ("change_insert", "change_update", "change_delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}" + (f" ON {table}" if on_table else ""))


_OPS = (("insert", "I", ("NEW",)), ("update", "U", ("NEW", "OLD")), ("delete", "D", ("OLD",)))


def _picks(rows: tuple[str, ...], owners: tuple[str, ...]) -> str:
    """SELECTs of the owning ids; an owner is a column, or an expression with `{row}` for the row."""
    expressions = (owner if "{row}" in owner else f"{{row}}.{owner}" for owner in owners)
    return " UNION ".join(f"SELECT {expression.format(row=row)} AS owner" for expression in expressions for row in rows)


def _sqlite(table: str, owners: tuple[str, ...]) -> Iterator[str]:
    log = Change._meta.db_table
    for verb, op, rows in _OPS:
        picks = _picks(rows, owners)
        yield f"DROP TRIGGER IF EXISTS {table}_change_{verb}"
        yield (
            f"CREATE TRIGGER {table}_change_{verb} AFTER {verb.upper()} ON {table} BEGIN "
            f'INSERT INTO {log} (xid, "table", op, record_id, at) '
            f"SELECT 0, '{table}', '{op}', owner, strftime('%Y-%m-%d %H:%M:%f', 'now') "
            f"FROM ({picks}) WHERE owner IS NOT NULL; END"
        )


def _postgresql(table: str, owners: tuple[str, ...]) -> Iterator[str]:
    log = Change._meta.db_table
    values = "pg_current_xact_id()::text::bigint, TG_TABLE_NAME"
    branches = []
    for verb, op, rows in _OPS:
        picks = _picks(rows, owners)
        branches.append(
            f"IF TG_OP = '{verb.upper()}' THEN INSERT INTO {log} (xid, \"table\", op, record_id, at) "
            f"SELECT {values}, '{op}', owner, clock_timestamp() FROM ({picks}) AS picked WHERE owner IS NOT NULL; END IF;"
        )
    branches.append(
        f"IF TG_OP = 'TRUNCATE' THEN INSERT INTO {log} (xid, \"table\", op, record_id, at) "
        f"VALUES ({values}, 'T', NULL, clock_timestamp()); END IF;"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{' '.join(branches)} RETURN NULL; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {table}_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_change()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {table}_change_all AFTER TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_change()"
    )
