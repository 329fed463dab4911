"""The status table of a treaty as depositaries publish it: a party, its signature, its ratification, accession …

Columns are headed like “Signature, Succession to signature(d)” and “Ratification, Accession(a), Succession(d)”: the
heading explains the letter that may follow a date (https://treaties.un.org/Pages/Overview.aspx?path=overview/glossary).
A date without a letter is what the heading names without one. Nothing is guessed: a cell that is not a date with a
letter from its heading is refused, and so is a name that is no known party.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from governance.importing import dates
from governance.importing.cells import Cell, is_blank_word, text
from governance.importing.countries import NotFound
from governance.importing.directory import Directory
from governance.importing.fields import fields_of, heading_key
from governance.importing.headers import Table
from governance.importing.names import Known, fold, without_footnotes
from governance.importing.rows import Entry
from governance.importing.sheets import Line
from governance.models.vocabulary import Act

# What the heading names → the act, and how it is noted where the vocabulary has no act of its own for it. The notes
# become data, so they are in English whoever imports.
_ACTS = {
    "signature": (Act.SIGNATORY, ""),
    "succession to signature": (Act.SIGNATORY, "Succession to signature"),
    "definitive signature": (Act.PARTY, "Definitive signature"),
    "ratification": (Act.RATIFIED, ""),
    "accession": (Act.ACCEDED, ""),
    "succession": (Act.PARTY, "Succession"),
    "acceptance": (Act.PARTY, "Acceptance"),
    "approval": (Act.PARTY, "Approval"),
    "formal confirmation": (Act.PARTY, "Formal confirmation"),
    "consent to be bound": (Act.PARTY, "Consent to be bound"),
}
_EFFECT = fields_of("participation")["effect"].known_as
_HEADING_PART = re.compile(r"([^,(/]+?)\s*(?:\(\s*([A-Za-z]{1,2})\s*\))?\s*(?:,|/|\band\b|$)")
_MARK = re.compile(r"(?P<date>.*?\d{4})\s*(?:\(?(?P<mark>[A-Za-z]{1,2})\)?)?")
_END_OF_TABLE = (
    "declarations and reservations",
    "end note",
    "endnotes",
    "notes",
    "territorial application",
    "objections",
)


@dataclass
class Column:
    """A column of acts: what a date means with each letter; the empty letter is a date without one."""

    heading: str
    acts: dict[str, tuple[Act, str]]
    unmarked: int = 0


class StatusTable:
    """Reads the rows of a status table as entries that add to one record, the treaty."""

    def __init__(self, table: Table, directory: Directory, treaty: Known) -> None:
        self.table, self.directory, self.treaty = table, directory, treaty
        self.columns: dict[int, Column] = {}
        self.effect: int | None = None
        self.faults: list[str] = []
        self.notices: list[str] = []
        self._read_headings()

    def _read_headings(self) -> None:
        for index, heading in enumerate(self.table.headings[1:], 1):
            if heading_key(heading) in _EFFECT:
                self.effect = index
                continue
            column = _column(heading)
            if column is not None:
                self.columns[index] = column
            elif heading:
                self.notices.append(_("The column “%s” is no act of a party and was not read.") % heading)
        if not self.columns:
            self.faults.append(_("No column is headed Signature, Ratification, Accession or the like."))

    def wording(self) -> list[str]:
        """One line for each column: what its dates are taken for."""
        return [
            f"{column.heading} → "
            + ", ".join(f"{Act(act).label}{f' ({mark})' if mark else ''}" for mark, (act, _note) in column.acts.items())
            for column in self.columns.values()
        ]

    def entries(self) -> list[Entry]:
        """One entry for each row, up to the notes that follow the table."""
        found = []
        for line in self.table.lines:
            first = text(self.table.cell(line, 0))
            if fold(first).strip().startswith(_END_OF_TABLE) and not any(text(c) for c in line.cells[1:]):
                self.notices.append(
                    _("From row %(n)d on (“%(text)s”) nothing was read.") % {"n": line.number, "text": first[:60]}
                )
                break
            found.append(self._entry(line, first))
        return found

    def _entry(self, line: Line, name: str) -> Entry:
        entry = Entry(
            line.number, self.treaty.type, self.treaty.slug, name[:120], faults=list(line.faults), partial=True
        )
        party = None
        if not name:
            entry.faults.append(_("The row names no party."))
        else:
            try:
                party = self.directory.party(name)
                entry.title = party.title
            except NotFound as error:
                entry.faults.append(str(error))
        acts = [act for index, column in self.columns.items() if (act := self._act(entry, line, index, column))]
        if party is not None:
            self._add(entry, line, party, acts)
        return entry

    def _add(self, entry: Entry, line: Line, party: Known, acts: list[dict]) -> None:
        effect = self._effect(entry, line) if self.effect is not None else ""
        binding = [act for act in acts if act["act"] != Act.SIGNATORY]
        if effect and len(binding) == 1:
            binding[0]["effect"] = effect
        elif effect:
            entry.faults.append(_("There is a date of effect, but no single act that it belongs to."))
        if not acts and not entry.faults:
            entry.notes.append(_("No act is dated: nothing to import."))
        for act in acts:
            entry.add("participation", {"party": party.reference, **act})

    def _act(self, entry: Entry, line: Line, index: int, column: Column) -> dict | None:
        cell = self.table.cell(line, index)
        written = text(cell)
        if not written or is_blank_word(written):
            return None
        value, mark = self._date(entry, column, cell, written)
        if not value:
            return None
        if mark not in column.acts:
            known = ", ".join(letter for letter in column.acts if letter) or "–"
            if mark:
                message = _("“%(text)s”: the heading does not explain the letter “%(mark)s” (it has: %(known)s).")
            else:
                message = _("“%(text)s” has no letter, and the heading names several acts without one.")
            self._fault(entry, column, message % {"text": written, "mark": mark, "known": known})
            return None
        act, note = column.acts[mark]
        return {"act": act.value, "from": value, "note": str(note)}

    def _date(self, entry: Entry, column: Column, cell: Cell, written: str) -> tuple[str, str]:
        if isinstance(cell, date):
            return written, ""
        match = _MARK.fullmatch(_without_marks(written))
        value, mark = (match["date"].strip(), match["mark"] or "") if match else (written, "")
        try:
            return dates.read(value, self.table.serials).value, mark
        except dates.DateRefused as error:
            self._fault(entry, column, str(error))
            return "", ""

    def _effect(self, entry: Entry, line: Line) -> str:
        try:
            return dates.read(self.table.cell(line, self.effect or 0), self.table.serials).value
        except dates.DateRefused as error:
            entry.faults.append(_("Column “%(column)s”: %(message)s") % {
                "column": self.table.headings[self.effect or 0], "message": error,
            })  # fmt: skip
            return ""

    def _fault(self, entry: Entry, column: Column, message: str) -> None:
        entry.faults.append(_("Column “%(column)s”: %(message)s") % {"column": column.heading, "message": message})


def _without_marks(written: str) -> str:
    """Without footnote marks at the end: “4 Dec 1952 a 2”, “4 Dec 1952 a¹”; a year is no mark."""
    shorter = without_footnotes(written)
    return shorter if re.search(r"\d{4}", shorter) else written


def _column(heading: str) -> Column | None:
    """What a heading of acts says of the letters; None when it names no act."""
    acts: dict[str, tuple[Act, str]] = {}
    plain = []
    for match in _HEADING_PART.finditer(without_footnotes(heading)):
        words = " ".join(fold(match[1]).split())
        words = words.removeprefix("date of ").removeprefix("or ").removesuffix(" date")
        if words not in _ACTS:
            continue
        if match[2]:
            acts[match[2]] = _ACTS[words]
        else:
            plain.append(_ACTS[words])
    if len(plain) == 1:
        acts[""] = plain[0]
    return Column(heading, acts, len(plain)) if acts or plain else None
