"""From a file to a plan: the way that the command and the admin take."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.importing import headers, mapping, readers
from governance.importing.cells import Cell, text
from governance.importing.countries import NotFound
from governance.importing.directory import Directory
from governance.importing.documents import entries_of_documents
from governance.importing.fields import NAMES, PARTICIPATION, RECORD_TYPES, STATUS, TABLE_TYPES
from governance.importing.mapping import Mapping
from governance.importing.names import Known
from governance.importing.plan import Planner
from governance.importing.planned import Plan
from governance.importing.rows import Entry, Reader
from governance.importing.sheets import ReadError
from governance.importing.status_table import StatusTable
from governance.models import Import, ImportState, Outcome

DOCUMENTS = "documents"


@dataclass
class Wishes:
    """What people may say about a file beside the file itself."""

    table_type: str = ""
    record: str = ""  # the treaty of a status table, or the record that all rows are about
    sheet: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # values that hold for every row: field key → value
    decisions: dict[str, str] = field(default_factory=dict)


@dataclass
class DryRun:
    """What was found in a file and what would be done with it."""

    table_type: str
    plan: Plan
    mapping: Mapping | None = None


def look(path: Path, wishes: Wishes) -> tuple[str, headers.Table | None, Mapping | None]:
    """Return the kind of table, the table and its mapping, so that columns can be chosen. Raises ReadError."""
    content = readers.read(path, wishes.sheet)
    if content.sheet is None:
        return DOCUMENTS, None, None
    table = headers.find(content.sheet)
    table_type = wishes.table_type or mapping.guess_type(table)
    if table_type not in TABLE_TYPES:
        raise ReadError(
            _("“%(type)s” is no kind of table; there are: %(all)s.")
            % {"type": table_type, "all": ", ".join(TABLE_TYPES)}
        )
    return table_type, table, _mapping(table, table_type, wishes)


def _mapping(table: headers.Table, table_type: str, wishes: Wishes) -> Mapping:
    try:
        return mapping.choose(mapping.find(table.headings, table_type), wishes.columns)
    except mapping.BadChoice as error:
        raise ReadError(str(error)) from error


def dry_run(path: Path, wishes: Wishes, progress: Callable[[int, int], None] | None = None) -> DryRun:
    """Plan the import of a file; writes nothing. Raises ReadError when the file cannot be read at all."""
    table_type, table, chosen = look(path, wishes)
    planner = Planner(wishes.decisions, progress)
    if table is None:
        documents = readers.read(path).documents or []
        run = DryRun(DOCUMENTS, planner.make(entries_of_documents(documents)))
    else:
        entries, notices, faults = _entries(table, chosen or Mapping(table_type, []), wishes)
        plan = planner.plan if faults else planner.make(entries)
        plan.notices, plan.faults = [*notices, *plan.notices], faults
        run = DryRun(table_type, plan, chosen)
    run.plan.notices += [*_same_file(path), *_without_source(run.plan)]
    return run


def _entries(table: headers.Table, chosen: Mapping, wishes: Wishes) -> tuple[list[Entry], list[str], list[str]]:
    """The entries of a table, with notices and faults that concern the whole of it."""
    notices, faults = list(table.notices), list(table.faults)
    given = {**wishes.given, **({"record": wishes.record} if wishes.record else {})}
    if chosen.table_type != STATUS:
        faults += chosen.faults(tuple(given))
        faults += [
            _("There is no field “%s”.") % key for key in wishes.given if not mapping.is_field(chosen.table_type, key)
        ]
    if not table.lines:
        faults.append(_("There are no rows below the headings."))
    if faults:
        return [], notices, faults
    directory = Directory()
    if chosen.table_type == STATUS:
        return _status(table, directory, wishes, notices)
    if chosen.left_out:
        notices.append(_("Columns that were not read: %s.") % ", ".join(chosen.left_out))
    if chosen.table_type not in (PARTICIPATION, NAMES):
        given.pop("record", None)
    reader = Reader(table, chosen, directory, given)
    return [reader.read(line) for line in table.lines], notices, []


def _status(
    table: headers.Table, directory: Directory, wishes: Wishes, notices: list[str]
) -> tuple[list[Entry], list[str], list[str]]:
    if not wishes.record:
        return [], notices, [_("This is a status table. Say which treaty it belongs to.")]
    try:
        treaty: Known = directory.record(wishes.record, directory.records, _("instrument"))
    except NotFound as error:
        return [], notices, [str(error)]
    status = StatusTable(table, directory, treaty)
    if status.faults:
        return [], notices, status.faults
    entries = status.entries()
    return entries, [*status.wording(), *notices, *status.notices], []


def shown(cell: Cell) -> str:
    """A cell for a look at the table."""
    return Truncator(text(cell)).chars(60)


def file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same_file(path: Path) -> list[str]:
    ran = (ImportState.RUNNING, ImportState.DONE)
    earlier = Import.objects.filter(digest=file_digest(path), state__in=ran).first()
    if earlier is None:
        return []
    return [
        _("This very file was imported before: import %(n)d of %(day)s.")
        % {"n": earlier.pk, "day": f"{earlier.created:%Y-%m-%d}"}
    ]


def _without_source(plan: Plan) -> list[str]:
    """One notice instead of one for every row."""
    created = [row.key for row in plan.rows if row.outcome == Outcome.CREATE and row.key]
    bare = sum(not plan.targets[key].after["citations"] for key in created if key[0] in RECORD_TYPES)
    if not bare:
        return []
    return [
        ngettext(
            "%d new record names no source: it can be published once one is cited.",
            "%d new records name no source: they can be published once one is cited.",
            bare,
        )
        % bare
    ]
