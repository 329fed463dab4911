"""The change log as those outside read it: which public records changed after a position, and which are gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max

from governance.models import Change, Decision, Position, Record, Revision
from governance.models.vocabulary import State

START = Position()
FEW = 500  # above it, asking for all is quicker than naming each


@dataclass(frozen=True)
class Last:
    """The last change of a record: where it stands in the log, and when it was."""

    record: int
    place: Position
    at: datetime


def last_changes(after: Position = START) -> list[Last]:
    """The last settled change of each record that changed after a position, in the order of the log.

    A record that changes again moves to the end, so a reader who goes on from the last place has missed nothing.
    """
    rows = Change.objects.after(after).filter(record_id__isnull=False)
    if connection.vendor == "postgresql":
        rows = rows.order_by("record_id", "-xid", "-id").distinct("record_id")
    else:  # in SQLite the ids alone give the order
        newest = rows.order_by().values("record_id").annotate(newest=Max("id")).values("newest")
        rows = Change.objects.filter(pk__in=newest)
    found = rows.values_list("record_id", "xid", "id", "at")
    return sorted(
        (Last(pk, Position(xid, id_), at) for pk, xid, id_, at in found if pk is not None), key=lambda last: last.place
    )


def outside(records: Iterable[int]) -> dict[int, Record]:
    """Those of the records that the outside may know of, by id: public ones, and as tombstones those that once were.

    What was never published stays unknown, also when it was withdrawn as a draft.
    """
    wanted = set(records)
    known = Record.objects.only("type", "slug", "state", "updated")
    found = (
        known.in_bulk(list(wanted))
        if len(wanted) < FEW
        else {pk: r for pk, r in known.in_bulk().items() if pk in wanted}
    )
    hidden = [pk for pk, record in found.items() if not record.is_public]
    revisions = Revision.objects.filter(record__in=hidden)
    with_history = set(revisions.values_list("record_id", flat=True))
    approved = revisions.filter(decision=Decision.APPROVED, state=State.PUBLISHED)
    once_public = set(approved.values_list("record_id", flat=True))

    def shown(pk: int, record: Record) -> bool:
        withdrawn_by_hand = record.state == State.WITHDRAWN and pk not in with_history
        return record.is_public or pk in once_public or withdrawn_by_hand

    return {pk: record for pk, record in found.items() if shown(pk, record)}
