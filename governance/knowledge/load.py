"""Loading many documents at once: all references checked first, nothing a curator changed overwritten."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from governance.knowledge import files
from governance.knowledge.apply import apply
from governance.knowledge.check import check
from governance.knowledge.dump import dump_many
from governance.knowledge.form import digest
from governance.knowledge.lookup import Lookup
from governance.knowledge.sections import child_model
from governance.models import Change, LoadedDocument, Record
from governance.models.vocabulary import CITATION_EXEMPT, State, Type


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
    report = Report()
    with transaction.atomic():
        _Load(entries, report, force, progress or (lambda done, of: None)).run()
        if report.faults:
            transaction.set_rollback(True)
    return report


class _Load:
    def __init__(self, entries: list[files.Entry], report: Report, force: bool, progress: Callable) -> None:
        self.entries, self.report, self.force, self.progress = entries, report, force, progress
        self.lookup = Lookup(everything=True)

    def run(self) -> None:
        self._refuse_doubles()
        if self.report.faults:
            return
        given = {id(entry): digest(entry.document) for entry in self.entries if not self._unreadable(entry)}
        if self.report.faults:
            return
        loaded = {row.record_id: row for row in LoadedDocument.objects.all()}
        edited = self._edited(loaded)
        todo = []
        for entry in self.entries:
            pk = self.lookup.find(entry.document["type"], entry.document["slug"])
            known = loaded.get(pk)
            if pk and not self.force and (pk in edited or not known):
                self.report.left_alone.append(_reference(entry))
            elif known and known.given == given[id(entry)] and pk not in edited:
                self.report.unchanged += 1
            else:
                todo.append((entry, pk))
        self._make_room([entry for entry, pk in todo if not pk])
        self._check([entry for entry, _ in todo])
        if not self.report.faults:
            self._apply(todo, given)

    def _unreadable(self, entry: files.Entry) -> bool:
        """Problems of form that would keep a digest from being made; those of reference come later."""
        try:
            digest(entry.document)
        except Exception:  # whatever a hand-written file may hold, `check` says it in words
            problems = check(entry.document, self.lookup)
            self.report.faults += [f"{entry.where}, {_reference(entry)}: {problem}" for problem in problems]
            return True
        return False

    def _refuse_doubles(self) -> None:
        seen: dict[str, str] = {}
        for entry in self.entries:
            if not isinstance(entry.document, dict):
                self.report.faults.append(f"{entry.where}: a document is a mapping; start it with “- type: …”")
                continue
            reference = _reference(entry).casefold()
            if reference in seen:
                self.report.faults.append(f"{entry.where}: {reference} stands already in {seen[reference]}")
            seen[reference] = entry.where

    def _edited(self, loaded: dict[int, LoadedDocument]) -> set[int]:
        """Ids of records that were written to after the last load and are not what it made of them."""
        touched = set(
            Change.objects.filter(record_id__in=Record.objects.filter(loaded__isnull=False).values("pk"))
            .values("record_id").annotate(last=Max("id")).values_list("record_id", "last")
        )  # fmt: skip
        suspects = [pk for pk, last in touched if last > loaded[pk].change]
        records = Record.objects.filter(pk__in=suspects).order_by("pk")
        edited = set()
        for record, document in zip(records, dump_many(records, public=False), strict=True):
            if digest(document) != loaded[record.pk].made or record.state != loaded[record.pk].state:
                edited.add(record.pk)
        return edited

    def _make_room(self, entries: list[files.Entry]) -> None:
        """Create the new records as drafts, so that documents may refer to each other in any order."""
        for entry in entries:
            document = entry.document
            if document.get("type") in Type.values and isinstance(document.get("slug"), str):
                extra = {"iso2": document["slug"]} if document["type"] == Type.COUNTRY else {}
                record = child_model(document["type"])(
                    type=document["type"],
                    slug=document["slug"][:120],
                    title=document["slug"],
                    state=State.DRAFT,
                    **extra,
                )
                record.save()
                self.lookup.learn(record)

    def _check(self, entries: list[files.Entry]) -> None:
        for entry in entries:
            where = f"{entry.where}, {_reference(entry)}"
            problems = check(entry.document, self.lookup)
            self.report.faults += [f"{where}: {problem}" for problem in problems]
            if not problems and not _has_citation(entry.document):
                self.report.faults.append(f"{where}: nothing is published without a citation")

    def _apply(self, todo: list[tuple[files.Entry, int | None]], given: dict[int, str]) -> None:
        for number, (entry, pk) in enumerate(todo, 1):
            state = entry.document.get("state", State.PUBLISHED)
            apply(entry.document, comment="Loaded from a file", state=state, lookup=self.lookup)
            (self.report.changed if pk else self.report.created).append(_reference(entry))
            self.progress(number, len(todo))
        self._remember([entry for entry, _ in todo], given)

    def _remember(self, entries: list[files.Entry], given: dict[int, str]) -> None:
        by_pk = {self.lookup.find(e.document["type"], e.document["slug"]): given[id(e)] for e in entries}
        change = Change.objects.aggregate(last=Max("id"))["last"] or 0
        records = Record.objects.filter(pk__in=by_pk).order_by("pk")
        LoadedDocument.objects.filter(record__in=by_pk).delete()
        LoadedDocument.objects.bulk_create(
            LoadedDocument(
                record=record, given=by_pk[record.pk], made=digest(document), state=record.state, change=change
            )
            for record, document in zip(records, dump_many(records, public=False), strict=True)
        )


def _reference(entry: files.Entry) -> str:
    return f"{entry.document.get('type')}/{entry.document.get('slug')}" if isinstance(entry.document, dict) else "?"


def _has_citation(document: dict) -> bool:
    from governance.knowledge.form import own

    full = own(document)
    return (
        full["type"] in CITATION_EXEMPT
        or bool(full["citations"])
        or document.get("state", State.PUBLISHED) != State.PUBLISHED
    )
