"""The head of a record: the text that an editor goes on from, and the revisions around it."""

from dataclasses import dataclass

from governance.knowledge import digest, dump, own
from governance.models import Decision, Record, Revision
from governance.models.vocabulary import State


@dataclass(frozen=True)
class Head:
    """What an editor starts from.

    `document` (in the form of `own`) is that of the open revision where readers see the record, else that of its rows.
    `revision` is the newest that says so, `base` the approved one it builds upon, `open` the open revision if any.
    """

    record: Record
    document: dict
    revision: Revision | None
    base: Revision | None
    open: Revision | None

    @property
    def token(self) -> str:
        """Changes with every edit, however it was made: what an edit names as the state it began from."""
        return f"{self.revision.pk if self.revision else 0}-{digest(self.document)[:16]}"

    @property
    def is_outdated(self) -> bool:
        """The record was changed since the open revision was begun."""
        if self.open is None or self.record.state in (State.DRAFT, State.IN_REVIEW):
            return False
        base = self.base.document if self.base else {}
        return not base or digest({**base, "slug": self.record.slug}) != digest(current(self.record))


def current(record: Record) -> dict:
    """What the rows of a record say, as its own document."""
    return own(dump(record, public=False))


def open_revision(record: Record) -> Revision | None:
    """The revision that waits for its author or a reviewer: the pending one, or the last if it was sent back."""
    revisions = Revision.objects.filter(record_id=record.pk).select_related("base", "author", "reviewer")
    pending = revisions.filter(decision=Decision.PENDING).order_by("-number").first()
    if pending is not None:
        return pending
    last = revisions.order_by("-number").first()
    return last if last is not None and last.decision == Decision.SENT_BACK else None


def last_approved(record: Record) -> Revision | None:
    return _approved(record).first()


def last_published(record: Record) -> Revision | None:
    """The revision that readers saw last, None for a record they never saw."""
    return _approved(record).filter(state=State.PUBLISHED).first()


def _approved(record: Record):
    approved = Revision.objects.filter(record_id=record.pk, decision=Decision.APPROVED)
    return approved.select_related("author", "reviewer").order_by("-decided", "-number")


def head(record: Record) -> Head:
    """Return the head of a record; reads, writes nothing."""
    waiting, approved = open_revision(record), last_approved(record)
    if waiting is None:
        return Head(record, current(record), approved, approved, None)
    if record.state in (State.DRAFT, State.IN_REVIEW):
        return Head(record, current(record), waiting, waiting.base or approved, waiting)
    return Head(record, {**waiting.document, "slug": record.slug}, waiting, waiting.base or approved, waiting)


def waiting_for_review():
    """Revisions that a reviewer has to decide on, those waiting longest first."""
    waiting = Revision.objects.filter(decision=Decision.PENDING, state=State.IN_REVIEW)
    return waiting.select_related("record", "author", "base").order_by("created", "pk")
