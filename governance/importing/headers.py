"""Where a table begins: the row with the headings, what stands above it, and what is wrong with the headings."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from governance.importing.cells import Cell, text
from governance.importing.fields import STATUS, TABLE_TYPES, fields_of, heading_key
from governance.importing.sheets import Line, Sheet, column_letter

_LOOK = 20  # lines in which the headings are sought
_STATUS_PARTIES = ("participant", "participants", "state", "country", "party", "states", "parties")
_STATUS_ACTS = ("signature", "ratification", "accession", "succession", "acceptance", "approval", "formal confirmation")


@dataclass
class Table:
    """A sheet whose headings were found. `faults` keep the whole file from being imported; `notices` only tell."""

    headings: list[str]
    lines: list[Line]
    notices: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    serials: bool = True

    def cell(self, line: Line, index: int) -> Cell:
        """The cell of a line in a column, None where the line is shorter."""
        return line.cells[index] if index < len(line.cells) else None


def find(sheet: Sheet) -> Table:
    """Return the table of a sheet; its faults say when there are no headings or two that are the same."""
    candidates = [line for line in sheet.lines[:_LOOK] if not line.is_empty]
    if not candidates:
        return Table([], [], sheet.notices, [_("The sheet “%s” is empty.") % sheet.name])
    head = max(candidates, key=lambda line: (_score(line), -line.number))
    if not _score(head):
        head = next((line for line in candidates if sum(bool(text(cell)) for cell in line.cells) > 1), candidates[0])
    position = sheet.lines.index(head)
    table = Table(
        [text(cell).replace("\n", " ") for cell in head.cells], sheet.lines[position + 1 :], list(sheet.notices)
    )
    table.serials = sheet.serials
    for line in sheet.lines[:position]:
        if not line.is_empty:
            said = " ".join(filter(None, map(text, line.cells)))[:80]
            table.notices.append(
                _("Row %(n)d stands above the headings and was not read: “%(text)s”.")
                % {"n": line.number, "text": said}
            )
    table.lines = [line for line in table.lines if not line.is_empty and not _repeats(line, head)]
    _judge(table, head, ragged=sheet.ragged)
    return table


def _score(line: Line) -> int:
    """How many of the cells are headings that some kind of table has."""
    known = _all_headings()
    keys = [heading_key(text(cell)) for cell in line.cells if text(cell)]
    status = is_status(keys)
    return sum(key in known or (status and key.startswith(_STATUS_ACTS)) for key in keys)


def _all_headings() -> set[str]:
    types = (type_ for type_ in TABLE_TYPES if type_ != STATUS)
    return {heading for type_ in types for one in fields_of(type_).values() for heading in one.known_as} | {
        "participant"
    }


def is_status(headings: list[str]) -> bool:
    """Are these the headings of a status table of a treaty: a party first, then its acts?"""
    keys = [heading_key(heading) for heading in headings if heading]
    return len(keys) > 1 and keys[0] in _STATUS_PARTIES and sum(key.startswith(_STATUS_ACTS) for key in keys[1:]) > 0


def _repeats(line: Line, head: Line) -> bool:
    """Printed tables repeat their headings on every page."""
    return line.cells == head.cells


def _judge(table: Table, head: Line, ragged: bool) -> None:
    table.faults += [
        _("Row %(n)d, the headings: %(fault)s") % {"n": head.number, "fault": fault} for fault in head.faults
    ]
    seen: dict[str, int] = {}
    for index, heading in enumerate(table.headings):
        if not heading:
            if any(text(table.cell(line, index)) for line in table.lines):
                table.notices.append(_("Column %s has no heading and was not read.") % column_letter(index))
            continue
        key = heading.casefold()
        if key in seen:
            table.faults.append(
                _("Two columns are called “%(name)s” (%(a)s and %(b)s). Rename or delete one of them.")
                % {"name": heading, "a": column_letter(seen[key]), "b": column_letter(index)}
            )
        seen[key] = index
    for line in table.lines:
        extra = [index for index in range(len(table.headings), len(line.cells)) if text(line.cells[index])]
        if extra and ragged:
            line.faults.append(
                _("The row has more cells than there are headings. Does a cell with a comma lack its quotation marks?")
            )
        elif extra:
            outside = _("Column %s has no heading and was not read.") % column_letter(extra[0])
            if outside not in table.notices:
                table.notices.append(outside)
