"""The change log: one append-only row per write, made by database triggers (`governance.models.triggers`).

A reader keeps the `Position` it has applied. On PostgreSQL ids are handed out before transactions commit, so reading
"id > position" loses rows that commit late: there a position is (transaction, id), and the head of the log lies below
the oldest transaction still running (`pg_snapshot_xmin`, https://www.postgresql.org/docs/15/functions-info.html). A
reader that may not wait for that one applies what has been committed beyond the head as well, and keeps in its position
which transactions those were.
"""

from typing import NamedTuple, Self

from django.db import connections, models
from django.db.models import Q


class Position(NamedTuple):
    """How far a reader has come: transaction id (0 on SQLite) and change id, and the committed transactions beyond."""

    xid: int = 0
    id: int = 0
    beyond: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `str(position)`, e.g. `812.40` or `812.40+815+817`; raises ValueError for anything else."""
        settled, *beyond = text.split("+")
        xid, _, id_ = settled.partition(".")
        if not all(part.isdecimal() for part in (xid, id_, *beyond)):
            raise ValueError(f"“{text}” is not a position; write it as two numbers, like 812.40.")
        return cls(int(xid), int(id_), tuple(map(int, beyond)))

    def __str__(self) -> str:
        return "+".join([f"{self.xid}.{self.id}", *map(str, self.beyond)])


class ChangeQuerySet(models.QuerySet):
    """Reading the log in order."""

    def settled(self) -> Self:
        """Rows that nothing still running can precede."""
        if connections[self.db].vendor != "postgresql":
            return self.order_by("id")
        below = "governance_change.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        settled: Self = self.extra(where=[below]).order_by("xid", "id")  # type: ignore[assignment]
        return settled

    def after(self, position: Position) -> Self:
        """Settled rows after `position`, in order."""
        return self.settled().filter(self._later_than(position))

    def head(self) -> Position:
        """The position of the last settled row; (0, 0) for an empty log."""
        last = self.settled().reverse().values_list("xid", "id").first()
        return Position(*last) if last else Position()

    def reach(self) -> Position:
        """The head, and what others have committed beyond it: as far as anybody can see now."""
        head = self.head()
        if connections[self.db].vendor != "postgresql":
            return head
        theirs = "governance_change.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint"
        loose = self.filter(xid__gt=head.xid).extra(where=[theirs]).order_by("xid")
        return head._replace(beyond=tuple(loose.values_list("xid", flat=True).distinct()))

    def between(self, since: Position, until: Position) -> Self:
        """The rows to apply for coming from one position to another one."""
        settled = self._later_than(since) & ~self._later_than(until)
        return self.filter((settled | Q(xid__in=until.beyond)) & ~Q(xid__in=since.beyond)).order_by("xid", "id")

    def reached_by(self, position: Position) -> bool:
        """Does a reader at this position know all there is to see now? Not when it is the position of another log."""
        reach = self.reach()
        return position == reach or (self.has(position) and not self.between(position, reach).exists())

    def has(self, position: Position) -> bool:
        """Is this a position of this very log? One that another database gave is not, unless it is the beginning."""
        return position[:2] == (0, 0) or self.filter(xid=position.xid, id=position.id).exists()

    @staticmethod
    def _later_than(position: Position) -> Q:
        return Q(xid__gt=position.xid) | Q(xid=position.xid, id__gt=position.id)

    def token(self) -> str:
        """A text that differs whenever what a reader can see has changed: for caches and entity tags.

        It has the time of the last write too: an archive put back may have another log of the same length. Rows already
        visible but not settled count beside the head, so that a transaction that commits late changes the token too.
        """
        if connections[self.db].vendor != "postgresql":
            return self._last_row()
        last = self.settled().reverse().values_list("xid", "id", "at").first()
        head, at = (Position(*last[:2]), f"@{last[2].timestamp():.6f}") if last else (Position(), "")
        loose = self.filter(self._later_than(head)).count()
        return f"{head}{at}+{loose}" if loose else f"{head}{at}"

    def _last_row(self) -> str:
        """The token where nothing is loose. Every request asks for it: putting the query together would cost more than
        half of what a kept page costs."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(f"SELECT xid, id, at FROM {self.model._meta.db_table} ORDER BY id DESC LIMIT 1")
            row = cursor.fetchone()
        return "{}.{}@{}".format(*row) if row else str(Position())


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
