"""Loading many documents at once: all references checked first, nothing a curator changed overwritten."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from governance.knowledge import files
from governance.knowledge.apply import apply
from governance.knowledge.check import check, is_readable
from governance.knowledge.dump import dump_many
from governance.knowledge.form import digest, own
from governance.knowledge.lookup import Lookup
from governance.knowledge.problems import DocumentError, reference_of
from governance.knowledge.sections import child_model
from governance.models import Change, LoadedDocument, Record
from governance.models.vocabulary import CITATION_EXEMPT, State, Type

MANY = 100  # records of a load after which the database's own counts are worthless


@dataclass
class Report:
    """What a load did: references of records created, changed, left alone; `faults` say why nothing was done."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    left_alone: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def load(path: Path, *, force: bool = False, progress: Callable[[int, int], None] | None = None) -> Report:
    """Load a file or folder in one transaction; with any fault, nothing is written and the report lists them all.

    A record whose stored state differs from what the last load made of it was edited by a curator: it is left alone
    and listed, unless `force`. Raises files.FileError when a file cannot be read.
    """
    entries = files.in_load_order(files.read(path))
    with transaction.atomic():
        report = _Load(entries, force, progress or (lambda done, of: None)).run()
        if report.faults:
            transaction.set_rollback(True)
            return Report(faults=report.faults)
        if len(report.created) + len(report.changed) >= MANY:
            take_stock()
    return report


def take_stock() -> None:
    """Have PostgreSQL count what its tables hold. It plans a query by that, and right after a load it would take the
    tables for empty ones: a list that takes a millisecond then takes many seconds."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


class _Given:
    """A document from a file; `pk` of the record it is for is None for a new one, `digest` empty if it is misshapen."""

    def __init__(self, entry: files.Entry, lookup: Lookup) -> None:
        self.document, self.where = entry.document, entry.where
        self.reference = reference_of(self.document)
        self.digest = digest(self.document) if is_readable(self.document) else ""
        self.pk = lookup.find(*self.address) if self.digest else None

    @property
    def address(self) -> tuple[str, str]:
        return self.document["type"], self.document["slug"]


class _Load:
    def __init__(self, entries: list[files.Entry], force: bool, progress: Callable) -> None:
        self.report, self.force, self.progress = Report(), force, progress
        self.lookup = Lookup(everything=True)
        self.given = [_Given(entry, self.lookup) for entry in entries]

    def run(self) -> Report:
        self._refuse_doubles()
        todo = self._what_is_to_do()
        for given in todo:
            self._check(given)
        if not self.report.faults:
            self._make_room(todo)
            for done, given in enumerate(todo, 1):
                self._apply(given)
                self.progress(done, len(todo))
            self._remember(todo)
        return self.report

    def _fault(self, given: _Given, problem: object) -> None:
        self.report.faults.append(f"{given.where}, {given.reference}: {problem}")

    def _refuse_doubles(self) -> None:
        seen: dict[object, str] = {}
        for given in self.given:
            name = given.pk or given.reference.casefold()
            if given.digest and name in seen:
                self._fault(given, _("This record stands already in %s.") % seen[name])
            seen.setdefault(name, given.where)

    def _what_is_to_do(self) -> list[_Given]:
        loaded = {row.record_id: row for row in LoadedDocument.objects.all()}
        edited = _edited(loaded)
        todo = []
        for given in self.given:
            known = loaded.get(given.pk) if given.pk else None
            if given.pk and not self.force and (given.pk in edited or not known):
                self.report.left_alone.append(given.reference)
            elif known and known.given == given.digest and given.pk not in edited:
                self.report.unchanged += 1
            else:
                todo.append(given)
            if given.digest:
                self.lookup.promise(*given.address)
        return todo

    def _check(self, given: _Given) -> None:
        problems = check(given.document, self.lookup)
        for problem in problems:
            self._fault(given, problem)
        if not problems and not _may_be_public(given.document):
            self._fault(given, _("Nothing is published without a citation."))

    def _make_room(self, todo: list[_Given]) -> None:
        """Create the new records as drafts, so that documents may refer to each other in any order."""
        for type_, slug in (given.address for given in todo if not given.pk):
            extra = {"iso2": slug} if type_ == Type.COUNTRY else {}
            record = child_model(type_)(type=type_, slug=slug, title=slug, state=State.DRAFT, **extra)
            record.save()
            self.lookup.learn(record, bare=True)

    def _apply(self, given: _Given) -> None:
        try:
            state = given.document.get("state") or State.PUBLISHED
            apply(given.document, comment="Loaded from a file", state=state, lookup=self.lookup)
        except DocumentError as error:  # what only shows when others are there: parents in a circle
            for problem in error.problems:
                self._fault(given, problem)
        (self.report.changed if given.pk else self.report.created).append(given.reference)

    def _remember(self, todo: list[_Given]) -> None:
        found = ((self.lookup.find(*given.address), given.digest) for given in todo)
        by_pk = {pk: digest_ for pk, digest_ in found if pk}
        counts, made = _counts(), _as_stored(by_pk)
        LoadedDocument.objects.filter(record__in=by_pk).delete()
        LoadedDocument.objects.bulk_create(
            LoadedDocument(record_id=pk, given=given, made=made[pk][0], state=made[pk][1], changes=counts[pk])
            for pk, given in by_pk.items()
        )


def _edited(loaded: dict[int, LoadedDocument]) -> set[int]:
    """Ids of records that were written to since they were loaded and are not what the load made of them.

    The log is only ever added to: a record was written to when the log has more of it than it had then, in whatever
    order the transactions were committed.
    """
    counts = _counts()
    suspects = {pk: row for pk, row in loaded.items() if counts.get(pk) != row.changes}
    now = _as_stored(suspects)
    edited = {pk for pk, row in suspects.items() if now.get(pk) != (row.made, row.state)}
    for pk in suspects.keys() - edited:
        suspects[pk].changes = counts[pk]
    LoadedDocument.objects.bulk_update([suspects[pk] for pk in suspects.keys() - edited], ["changes"], batch_size=500)
    return edited


def _counts() -> dict[int, int]:
    """How often the log says that a record was written to; a table emptied as a whole counts for every record."""
    of_all = Change.objects.filter(record_id=None).count()
    counted = Change.objects.exclude(record_id=None).values_list("record_id").annotate(Count("id")).order_by()
    return {pk: number + of_all for pk, number in counted}


def _as_stored(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The digest and the state of each record as it is now."""
    records = list(Record.objects.filter(pk__in=ids))
    found = {(d["type"], d["slug"]): (digest(d), d["state"]) for d in dump_many(records, public=False)}
    return {record.pk: found[record.type, record.slug] for record in records if (record.type, record.slug) in found}


def _may_be_public(document: dict) -> bool:
    """Whether it has a citation, needs none, or is not for the public."""
    full = own(document)
    is_cited = bool(full["citations"]) or full["type"] in CITATION_EXEMPT
    return is_cited or (document.get("state") or State.PUBLISHED) != State.PUBLISHED
