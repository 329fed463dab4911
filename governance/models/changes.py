"""The change log: one append-only row per write, made by database triggers (`governance.models.triggers`).

A reader keeps the `Position` it has applied. On PostgreSQL ids are handed out before transactions commit, so reading
"id > position" loses rows that commit late: there a position is (transaction, id), and a reader stops below the oldest
transaction still running (`pg_snapshot_xmin`, https://www.postgresql.org/docs/15/functions-info.html).
"""

from collections.abc import Iterator
from typing import NamedTuple, Self

from django.db import connections, models
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
