"""A plan stored, and written record by record, so that it can be stopped at any moment and gone on with.

What became of a record is stored in the transaction that writes it: after a kill nothing is lost or done twice. New
records arrive as drafts; what readers see changes by a pending revision, which a reviewer approves.
"""

import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import publishing
from governance.curation import rules
from governance.curation.roles import ADD, CURATE, REVIEW
from governance.importing import writing
from governance.importing.heads import starts
from governance.importing.planned import Plan, Target
from governance.knowledge import DocumentError
from governance.knowledge.lookup import Lookup
from governance.knowledge.sections import child_model
from governance.models import Import, ImportedRecord, ImportRow, ImportState, Progress, Record, Revision
from governance.models.vocabulary import State

_BATCH = 500
_SIGN_OF_LIFE = 2  # seconds


class CannotImport(Exception):
    """The import cannot go on; the message says why."""


class Stale(Exception):
    """The record is not as the plan found it."""


def require_rights(user, publish: bool = False) -> None:
    """Raise CannotImport unless the user may do this; None is whoever has the command line."""
    if user is None:
        return
    if not (user.is_active and user.has_perm(CURATE) and user.has_perm(ADD)):
        raise CannotImport(_("Your account has no right to import. Ask an administrator."))
    if publish and not user.has_perm(REVIEW):
        raise CannotImport(_("Your account has no right to publish. Import as drafts instead."))
    if publish and settings.REVIEW != "one":
        raise CannotImport(_("Here a second person approves what is published. Import as drafts instead."))


def store(plan: Plan, batch: Import) -> Import:
    """Keep the plan with its account; replaces what the import had before. Raises CannotImport once it has run."""
    with transaction.atomic():
        if batch.pk and batch.records.exclude(progress=Progress.WAITING).exists():
            raise CannotImport(_("Import %d has run already.") % batch.pk)
        batch.notices, batch.faults = plan.notices, plan.faults
        batch.state = ImportState.PLANNED
        batch.save()
        batch.rows.all().delete()
        batch.records.all().delete()
        records = [_stored(batch, target) for target in plan.targets.values()]
        ImportedRecord.objects.bulk_create(records, batch_size=_BATCH)
        by_key = {(item.type, item.slug): item for item in records}
        rows = [
            ImportRow(
                batch=batch, number=row.number, title=row.title, outcome=row.outcome, messages=row.messages,
                duplicates=row.duplicates, target=by_key.get(row.key) if row.key else None,
            )
            for row in plan.rows
        ]  # fmt: skip
        ImportRow.objects.bulk_create(rows, batch_size=_BATCH)
    return batch


def _stored(batch: Import, target: Target) -> ImportedRecord:
    return ImportedRecord(
        batch=batch, unit=target.unit, type=target.type, slug=target.slug, before=target.before,
        before_state=target.state, after=target.after, token=target.token, record_id=target.pk,
    )  # fmt: skip


def run(batch: Import, user=None, progress: Callable[[int, int], None] | None = None) -> None:
    """Write what is not yet written. Safe to repeat, and to kill.

    With the option `all_or_nothing`, the first record that cannot be written takes all others back.
    Raises CannotImport.
    """
    publish = bool(batch.options.get("publish"))
    require_rights(user, publish)
    if batch.state not in (ImportState.PLANNED, ImportState.RUNNING):
        raise CannotImport(
            _("Import %(n)d is “%(state)s” and cannot be applied.")
            % {"n": batch.pk, "state": batch.get_state_display()}
        )
    _Run(batch, user, publish, progress).go()


_REFUSALS = (Stale, DocumentError, publishing.PublishingError)


class Teller:
    """Notes the progress of an import every few seconds, for whoever waits on a page, and calls `show` each time."""

    def __init__(self, batch: Import, state: str, show: Callable[[int, int], None] | None = None) -> None:
        self.batch, self.state, self.show = batch, state, show
        self.noted = 0.0

    def begin(self, done: int, total: int) -> None:
        self.noted = time.monotonic()
        self.batch.tell(self.state, done, total)

    def tell(self, done: int, total: int) -> None:
        if self.show:
            self.show(done, total)
        if time.monotonic() - self.noted > _SIGN_OF_LIFE:
            self.begin(done, total)


class _Run:
    def __init__(self, batch: Import, user, publish: bool, progress: Callable[[int, int], None] | None) -> None:
        self.batch, self.user, self.publish = batch, user, publish
        self.comment = _("Import %(n)d: %(file)s") % {"n": batch.pk, "file": batch.file_name}
        self.lookup = Lookup()
        self.teller = Teller(batch, ImportState.RUNNING, progress)

    def go(self) -> None:
        waiting = self.batch.records.filter(progress=Progress.WAITING)
        units = list(waiting.order_by("unit").values_list("unit", flat=True).distinct())
        done, total = self.batch.records.exclude(progress=Progress.WAITING).count(), self.batch.records.count()
        self.teller.begin(done, total)
        if self.batch.options.get("all_or_nothing"):
            self._all(units, total)
        else:
            for unit in units:
                done += self._unit(unit)
                self.teller.tell(done, total)
        self._finish(ImportState.DONE)

    def _finish(self, state: str) -> None:
        self.batch.state, self.batch.finished = state, timezone.now()
        self.batch.save(update_fields=("state", "faults", "finished"))

    def _all(self, units: list[int], total: int) -> None:
        done = 0
        try:
            with transaction.atomic():
                for unit in units:
                    done += self._write_unit(unit)
                    if self.teller.show:  # what is noted in this transaction nobody else sees
                        self.teller.show(done, total)
        except _REFUSALS as error:
            self.batch.faults = [*self.batch.faults, _("Nothing was written: %s") % error]
            self._finish(ImportState.FAILED)
            raise CannotImport(self.batch.faults[-1]) from error

    def _unit(self, unit: int) -> int:
        """Write one unit in a transaction of its own; a record that cannot be written is marked and told."""
        try:
            with transaction.atomic():
                return self._write_unit(unit)
        except _REFUSALS as error:
            self.lookup = Lookup()  # it may have learned of records that were rolled back
            items = self.batch.records.filter(unit=unit, progress=Progress.WAITING)
            return items.update(progress=Progress.FAILED, message=str(error))

    def _write_unit(self, unit: int) -> int:
        items = list(self.batch.records.select_for_update().filter(unit=unit, progress=Progress.WAITING))
        if len(items) > 1:
            self._make_room(items)
        for item in items:
            item.revision = self._create(item, len(items) > 1) if item.before is None else self._change(item)
            item.record_id = item.revision.record_id
            item.progress = Progress.DONE
            item.save(update_fields=("revision", "record", "progress"))
        return len(items)

    def _make_room(self, items: Iterable[ImportedRecord]) -> None:
        """Records that refer to each other in a circle: all exist before the first is written."""
        for item in items:
            if item.before is None:
                _refuse_taken(item)
                extra = {"iso2": item.slug} if item.type == "country" else {}
                record = child_model(item.type)(
                    type=item.type, slug=item.slug, title=item.slug, state=State.DRAFT, **extra
                )
                record.save()
                self.lookup.learn(record)

    def _create(self, item: ImportedRecord, has_room: bool) -> Revision:
        if not has_room:
            _refuse_taken(item)
        return writing.create(item.after, self.user, self.comment, publish=self.publish, lookup=self.lookup)

    def _change(self, item: ImportedRecord) -> Revision:
        record = Record.objects.select_for_update().filter(pk=item.record_id or 0).first()
        if record is None or next(starts([record.pk])).token != item.token:
            raise Stale(
                _("%s was changed by somebody after the dry run. Import the row again.") % f"{item.type}/{item.slug}"
            )
        return writing.change(record, item.after, self.user, self.comment, publish=self.publish)


def _refuse_taken(item: ImportedRecord) -> None:
    problems = rules.address_problems({"type": item.type, "slug": item.slug})
    if problems:
        raise Stale(f"{item.type}/{item.slug}: {problems[0].message}")
