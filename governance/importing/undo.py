"""A whole import taken back: what it made goes, what it changed is as it was, and what was edited since stays.

Nothing is lost by it: the import keeps every document that it wrote.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.curation.roles import REVIEW
from governance.importing import writing
from governance.importing.heads import starts
from governance.importing.run import CannotImport, Teller, require_rights
from governance.knowledge import apply, digest
from governance.models import (
    Citation,
    Decision,
    Import,
    ImportedRecord,
    ImportState,
    Participation,
    PrincipleTag,
    Progress,
    Record,
    Relation,
    Revision,
    TopicTag,
)
from governance.models.vocabulary import State


class _Keep(Exception):
    """The record stays as it is; the message says why."""


def undo(batch: Import, user=None, progress: Callable[[int, int], None] | None = None) -> None:
    """Undo all that an import wrote, the last first. Safe to repeat, and to kill. Raises CannotImport.

    What was edited, published or referred to since is kept, and its message says so.
    """
    require_rights(user)
    if user is not None and user.pk != batch.author_id and not user.has_perm(REVIEW):
        raise CannotImport(_("Only its author or a reviewer can undo an import."))
    if batch.state not in (ImportState.DONE, ImportState.RUNNING, ImportState.UNDOING, ImportState.UNDONE):
        raise CannotImport(
            _("Import %(n)d is “%(state)s”: there is nothing to undo.")
            % {"n": batch.pk, "state": batch.get_state_display()}
        )
    written = batch.records.filter(progress=Progress.DONE)
    units = list(written.order_by("-unit").values_list("unit", flat=True).distinct())
    teller = Teller(batch, ImportState.UNDOING, progress)
    teller.begin(0, len(units))
    for done, unit in enumerate(units, 1):
        _undo_unit(batch, unit, user)
        teller.tell(done, len(units))
    batch.records.filter(progress=Progress.WAITING).update(progress=Progress.UNDONE, message=_("It was never written."))
    batch.state, batch.finished = ImportState.UNDONE, timezone.now()
    batch.save(update_fields=("state", "finished"))


def _undo_unit(batch: Import, unit: int, user) -> None:
    with transaction.atomic():
        items = list(batch.records.select_for_update().filter(unit=unit, progress=Progress.DONE).order_by("-id"))
        try:
            with transaction.atomic():
                _take_back(items, user)
        except (_Keep, ProtectedError) as error:
            _mark(items, Progress.KEPT, _reason(error))
        else:
            _mark(items, Progress.UNDONE, "")


def _mark(items: list[ImportedRecord], progress: str, message: str) -> None:
    ImportedRecord.objects.filter(pk__in=[item.pk for item in items]).update(progress=progress, message=message)


def _reason(error: Exception) -> str:
    if isinstance(error, ProtectedError):
        owners = {str(getattr(row, "record", row)) for row in error.protected_objects}
        return _("Kept, since other records refer to it: %s.") % ", ".join(sorted(owners)[:5])
    return str(error)


def _take_back(items: list[ImportedRecord], user) -> None:
    created = []
    for item in items:
        record = Record.objects.select_for_update().filter(pk=item.record_id).first() if item.record_id else None
        if record is None:
            continue  # deleted by somebody: nothing of the import is left
        revision = item.revision
        if revision is None or revision.decision == Decision.DISCARDED:
            continue  # so it never reached the record
        _refuse_edited(item, revision, record)
        if item.before is not None:
            _restore(item, item.before, revision, record, user)
        elif record.state == State.DRAFT:
            created.append(record.pk)
        else:
            apply(item.after, state=State.WITHDRAWN, author=user, comment=_comment(item))
    _delete(created)


def _delete(pks: list[int]) -> None:
    """Delete records; their own references go first, since records of a circle protect each other."""
    for model in (Relation, Participation, PrincipleTag, TopicTag, Citation):
        model.objects.filter(record__in=pks).delete()
    Record.objects.filter(pk__in=pks).update(level=None)
    for record in Record.objects.filter(pk__in=pks):
        record.delete()


def _refuse_edited(item: ImportedRecord, revision: Revision, record: Record) -> None:
    """Raise _Keep when the record is no longer what the import made of it."""
    start = next(starts([record.pk]))
    if item.before is None and record.state != revision.state:
        raise _Keep(_("Kept, since it is “%s” by now.") % record.get_state_display())
    if revision.reviewer_id:
        raise _Keep(_("Kept, since a reviewer decided about it meanwhile."))
    newer = Revision.objects.filter(record=record, number__gt=revision.number)
    if newer.exists() or digest(start.document) != digest({**item.after, "slug": record.slug}):
        raise _Keep(_("Kept, since it was edited after the import."))


def _restore(item: ImportedRecord, before: dict, revision: Revision, record: Record, user) -> None:
    """Bring back the state before: rows of a draft, or the revision that waited before."""
    if revision.decision == Decision.PENDING:
        Revision.objects.filter(pk=revision.pk).update(decision=Decision.DISCARDED, decided=timezone.now())
    elif item.before_state in writing.UNSEEN:
        writing.change(record, {**before, "slug": record.slug}, user, _comment(item))
    else:
        apply({**before, "slug": record.slug}, state=item.before_state, author=user, comment=_comment(item))
    waited = int(item.token.partition("-")[0] or 0)
    reopened = Revision.objects.filter(pk=waited, decision=Decision.REPLACED).update(
        decision=Decision.PENDING, decided=None
    )
    if reopened and item.before_state == State.IN_REVIEW:
        Record.objects.filter(pk=record.pk).update(state=State.IN_REVIEW)


def _comment(item: ImportedRecord) -> str:
    return _("Import %d undone") % item.batch_id
