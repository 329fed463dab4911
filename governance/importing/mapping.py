"""Which column is which field: guessed from the headings, remembered for every set of headings, changed by people."""

import hashlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from governance.importing.cells import text
from governance.importing.fields import NAMES, PARTICIPATION, RECORD_TYPES, STATUS, fields_of, heading_key, label
from governance.importing.headers import Table, is_status
from governance.models import ImportMapping
from governance.models.vocabulary import Type

REQUIRED = {PARTICIPATION: ("record", "party", "act"), NAMES: ("record", "text")}
_TELLING = {  # headings that only one kind of table has
    NAMES: {"language", "text"},
    PARTICIPATION: {"act", "until", "effect"},
}


@dataclass
class Mapping:
    """The field of each column, by its place in the table; columns that are left out are missing from `columns`."""

    table_type: str
    headings: list[str]
    columns: dict[int, str] = field(default_factory=dict)
    remembered: bool = False

    @property
    def left_out(self) -> list[str]:
        """The headings of columns that are not read."""
        return [heading for index, heading in enumerate(self.headings) if heading and index not in self.columns]

    def heading_of(self, key: str) -> str:
        """The heading of the column that is this field, empty where there is none."""
        return next((self.headings[index] for index, found in self.columns.items() if found == key), "")

    def faults(self, given: tuple[str, ...] = ()) -> list[str]:
        """What is missing before anything can be imported; `given` are fields that are known without a column."""
        found = set(self.columns.values()) | set(given)
        listing = ", ".join(f"“{heading}”" for heading in self.headings if heading) or "–"
        if self.table_type in RECORD_TYPES:
            missing = [] if {"title", "slug"} & found else ["title"]
        else:
            missing = [key for key in REQUIRED.get(self.table_type, ()) if key not in found]
        return [
            _(
                "There is no column for: %(field)s. The columns are: %(columns)s. "
                "Rename the right one, or say which it is."
            )
            % {"field": label(key), "columns": listing}
            for key in missing
        ]

    def wording(self) -> list[str]:
        """One line for each column: what it was taken for."""
        lines: list[str] = []
        if self.table_type == STATUS:  # it says itself what its columns are
            return lines
        for index, heading in enumerate(self.headings):
            if heading:
                said = label(self.columns[index]) if index in self.columns else _("not read")
                lines.append(f"{heading} → {said}")
        return lines

    def remember(self, user=None) -> None:
        """Keep this mapping for the next table with the same headings."""
        kept = {self.headings[index]: key for index, key in self.columns.items()}
        ImportMapping.objects.update_or_create(
            table_type=self.table_type,
            headings=headings_digest(self.headings),
            defaults={"columns": kept, "author": user},
        )


def guess_type(table: Table) -> str:
    """The kind of table that the headings speak for; an instrument where nothing tells otherwise."""
    if is_status(table.headings):
        return STATUS
    if told := _told_by_addresses(table):
        return told
    best, most = Type.INSTRUMENT.value, 0
    for table_type in (Type.INSTRUMENT.value, PARTICIPATION, NAMES, Type.EVENT.value, Type.ACTOR.value):
        mapping = guess(table.headings, table_type)
        keys = set(mapping.columns.values())
        telling = _TELLING.get(table_type)
        if mapping.faults() or (telling and not telling & keys):
            continue
        score = len(keys) + (2 if telling else 0)
        if score > most:
            best, most = table_type, score
    return best


def _told_by_addresses(table: Table) -> str:
    """The type that the addresses in a column “slug” begin with, as export writes them: `actor/iom`."""
    index = next((n for n, heading in enumerate(table.headings) if heading_key(heading) == "slug"), None)
    if index is None or not table.lines:
        return ""
    type_, slash, _slug = text(table.cell(table.lines[0], index)).partition("/")
    return type_ if slash and type_ in RECORD_TYPES else ""


def guess(headings: list[str], table_type: str) -> Mapping:
    """Match headings to fields by their wording; each field is taken once, by the first column that bears its name."""
    mapping = Mapping(table_type, headings)
    if table_type == STATUS:
        return mapping
    by_heading: dict[str, list[str]] = {}
    for one in fields_of(table_type).values():
        for heading in one.known_as:
            by_heading.setdefault(heading, []).append(one.key)
    taken: set[str] = set()
    for index, heading in enumerate(headings):
        free = [key for key in by_heading.get(heading_key(heading), []) if key not in taken] if heading else []
        if free:
            mapping.columns[index] = free[0]
            taken.add(free[0])
    return mapping


def find(headings: list[str], table_type: str) -> Mapping:
    """The mapping people last used for this set of headings, else a guess."""
    known = ImportMapping.objects.filter(table_type=table_type, headings=headings_digest(headings)).first()
    if known is None:
        return guess(headings, table_type)
    return choose(Mapping(table_type, headings, remembered=True), known.columns)


class BadChoice(ValueError):
    """A column or a field that does not exist was named."""


def choose(mapping: Mapping, chosen: dict[str, str]) -> Mapping:
    """Take over people's choices, heading → field key (empty: not read). Raises BadChoice."""
    for heading, key in chosen.items():
        index = next((n for n, h in enumerate(mapping.headings) if h.casefold() == heading.casefold()), None)
        if index is None:
            if mapping.remembered:
                continue
            raise BadChoice(_("There is no column “%s”.") % heading)
        mapping.columns.pop(index, None)
        if not key:
            continue
        if not is_field(mapping.table_type, key):
            raise BadChoice(_("There is no field “%(field)s”; there are: %(all)s.") % {
                "field": key, "all": ", ".join(fields_of(mapping.table_type)),
            })  # fmt: skip
        mapping.columns = {n: k for n, k in mapping.columns.items() if k != key}
        mapping.columns[index] = key
    return mapping


def is_field(table_type: str, key: str) -> bool:
    """Is this a field of such tables? A name's field may end in a language: `name.official.fr`."""
    if table_type == STATUS:
        return False
    fields = fields_of(table_type)
    return key in fields or (key.startswith("name.") and key.rpartition(".")[0] in fields)


def headings_digest(headings: list[str]) -> str:
    """The same for the same set of headings, in whatever order."""
    keys = sorted(heading.casefold() for heading in headings if heading)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()
