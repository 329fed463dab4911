"""One row of a table to one entry: what it says of which record, and what in it cannot be understood.

An entry says only what its row says: an empty cell says nothing, `(empty)` says that the value goes. A column of one
date, identifier or kind of name gives all values of that kind; columns of single parties add to what is there. The
row's own sources (`row_cites`) support every value of it that is new.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from governance.importing import dates, terms
from governance.importing.cells import prose, text
from governance.importing.countries import NotFound
from governance.importing.directory import Directory, split
from governance.importing.fields import NAMES, PARTICIPATION
from governance.importing.headers import Table
from governance.importing.mapping import Mapping
from governance.importing.sheets import Line
from governance.models.vocabulary import Act, Type

EMPTY = "(empty)"
LOOSE = "loose"  # marks an item that an existing one of another kind or act answers as well
_LONGEST = {
    "title": 400,
    "place": 200,
    "website": 400,
    "name": 400,
    "identifier": 300,
    "note": 300,
    "role": 120,
    "text": 400,
}


@dataclass
class Entry:
    """What one row says. `items` and `clears` hold for lists: what is added, and of which kind all others go."""

    number: int
    type: str
    slug: str = ""
    title: str = ""
    scalars: dict[str, str] = field(default_factory=dict)
    cites: dict[str, list[str]] = field(default_factory=dict)
    row_cites: list[str] = field(default_factory=list)
    items: dict[str, list[dict]] = field(default_factory=dict)
    clears: list[tuple[str, dict]] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    document: dict | None = None
    partial: bool = False  # adds to a record that must exist

    def add(self, key: str, item: dict) -> None:
        self.items.setdefault(key, []).append(item)


class Reader:
    """Reads the rows of one table with one mapping; `given` are values for fields that have no column."""

    def __init__(
        self, table: Table, mapping: Mapping, directory: Directory, given: dict[str, str] | None = None
    ) -> None:
        self.table, self.mapping, self.directory, self.given = table, mapping, directory, given or {}
        self.kinds = terms.kinds(mapping.table_type) if mapping.table_type in Type.values else terms.name_kinds()
        self.bindings, self.acts = terms.bindings(), terms.acts()

    def read(self, line: Line) -> Entry:
        """Return the entry of a row; what cannot be understood stands in its faults, each naming its column."""
        values = self._values(line)
        if self.mapping.table_type in (PARTICIPATION, NAMES):
            return self._item_entry(line, values)
        return self._record_entry(line, values)

    def _values(self, line: Line) -> dict[str, object]:
        values: dict[str, object] = dict(self.given)
        for index, key in self.mapping.columns.items():
            cell = self.table.cell(line, index)
            if text(cell):
                values[key] = cell
        return values

    def _attempt(self, entry: Entry, key: str, read: Callable, *args):
        """Call `read`; an error becomes a fault that names the column, and None is returned."""
        try:
            return read(*args)
        except (dates.DateRefused, NotFound, terms.UnknownTerm) as error:
            self._fault(entry, key, str(error))
            return None

    def _fault(self, entry: Entry, key: str, message: str) -> None:
        heading = self.mapping.heading_of(key)
        entry.faults.append(
            _("Column “%(column)s”: %(message)s") % {"column": heading, "message": message} if heading else message
        )

    def _date(self, entry: Entry, key: str, cell) -> str:
        found = self._attempt(entry, key, dates.read, cell, self.table.serials)
        if found is not None and found.notice:
            entry.notes.append(found.notice)
        return found.value if found else ""

    def _short(self, entry: Entry, key: str, value: str) -> str:
        longest = _LONGEST.get(key.split(".")[0], 0)
        if longest and len(value) > longest:
            self._fault(
                entry,
                key,
                _("The text has %(n)d characters; at most %(max)d fit here.") % {"n": len(value), "max": longest},
            )
        return value

    def _citations(self, entry: Entry, key: str, written: str) -> list[str]:
        cites, others, faults = self.directory.citations(written)
        for fault in faults:
            self._fault(entry, key, fault)
        for other in others:
            entry.notes.append(
                _("“%s” is none of the known sources: kept as a caveat, so that it can be added.") % other[:200]
            )
            said = f"The imported table names as its source: {other}"  # data, so in English
            entry.add("caveats", {"kind": "provenance", "field": "", "text": said})
        return cites

    # A row that is a record

    def _record_entry(self, line: Line, values: dict) -> Entry:
        entry = Entry(line.number, self.mapping.table_type, faults=list(line.faults))
        type_, slash, slug = text(values.get("slug")).rpartition("/")
        entry.slug = slug
        if slash and type_ != entry.type:
            self._fault(
                entry,
                "slug",
                _("“%s” is the address of a record of another type than this table's.") % text(values["slug"]),
            )
        entry.title = text(values.get("title")) or entry.slug
        if not entry.title:
            entry.faults.append(_("The row has no title."))
        for key, cell in values.items():
            self._record_value(entry, key, cell)
        if not entry.slug and "kind" not in values and self.kinds.labels:
            entry.faults.append(_("The row does not say what kind it is: %s.") % ", ".join(self.kinds.labels.values()))
        self._sides(entry, values)
        if "cite" in values:
            entry.row_cites = self._citations(entry, "cite", text(values["cite"]))
        return entry

    def _record_value(self, entry: Entry, key: str, cell) -> None:
        part, _dot, rest = key.partition(".")
        written = text(cell)
        if rest == "cite":
            entry.cites[part] = self._citations(entry, key, written)
        elif part in ("summary", "body"):
            entry.scalars[part] = "" if written == EMPTY else prose(cell)
        elif part in ("title", "website", "place"):
            entry.scalars[part] = "" if written == EMPTY else self._short(entry, key, written)
        elif part in ("kind", "binding"):
            found = (
                ""
                if written == EMPTY
                else self._attempt(entry, key, (self.kinds if part == "kind" else self.bindings).find, written)
            )
            entry.scalars[part] = found or ""
        elif part in ("level", "parent"):
            self._reference(entry, part, written)
        elif part in ("topics", "principles"):
            self._tags(entry, part, written)
        elif part == "date":
            self._list(entry, key, "dates", {"event": rest}, cell, lambda each: {"value": self._date(entry, key, each)})
        elif part == "identifier":
            self._list(
                entry,
                key,
                "identifiers",
                {"scheme": rest},
                cell,
                lambda each: {"value": self._short(entry, key, text(each))},
            )
        elif part == "name":
            kind, _dot, language = rest.partition(".")
            common = {"kind": kind, "language": language or "en"}
            self._list(entry, key, "names", common, cell, lambda each: {"text": self._short(entry, key, text(each))})
        elif part == "names":
            for name in split(written):
                item = {"text": self._short(entry, "name", name), "language": "en", "kind": "alias"}
                entry.add("names", {**item, LOOSE: True})

    def _list(self, entry: Entry, key: str, list_: str, common: dict, cell, read: Callable) -> None:
        """All values of one kind: `common` says which, the cell gives them."""
        entry.clears.append((list_, common))
        if text(cell) == EMPTY:
            return
        for each in split(cell) if isinstance(cell, str) else [cell]:
            item = read(each)
            if item and all(item.values()):
                entry.add(list_, {**item, **common})

    def _reference(self, entry: Entry, part: str, written: str) -> None:
        if written == EMPTY:
            entry.scalars[part] = ""
            return
        if part == "level":
            index, what = self.directory.levels, _("level of cooperation")
        else:
            index, what = getattr(self.directory, f"{entry.type}s"), _("record")
        found = self._attempt(entry, part, self.directory.record, written, index, what)
        if found:
            entry.scalars[part] = found.slug

    def _tags(self, entry: Entry, part: str, written: str) -> None:
        entry.clears.append((part, {}))
        what = _("topic") if part == "topics" else _("principle")
        for name in split(written) if written != EMPTY else []:
            found = self._attempt(entry, part, self.directory.record, name, getattr(self.directory, part), what)
            if found and found.slug not in [item["slug"] for item in entry.items.get(part, [])]:
                entry.add(part, {"slug": found.slug})

    def _sides(self, entry: Entry, values: dict) -> None:
        for key, cell in values.items():
            part, _dot, n = key.partition(".")
            if part == "party":
                found = self._attempt(entry, key, self.directory.party, text(cell))
                if found:
                    role = self._short(entry, f"role.{n}", text(values.get(f"role.{n}")))
                    self._side(entry, found.reference, role or self._role_of_heading(key))
            elif part == "parties":
                for found in self._attempt(entry, key, self.directory.parties, text(cell)) or []:
                    self._side(entry, found.reference, "")

    def _role_of_heading(self, key: str) -> str:
        """A column called “Country of origin” says the role too."""
        heading = self.mapping.heading_of(key).casefold()
        for role in ("country of origin", "country of destination", "country of employment"):
            if heading.startswith(role):
                return role
        return ""

    def _side(self, entry: Entry, reference: str, role: str) -> None:
        if reference in entry.parties:
            entry.faults.append(_("The same party stands on both sides: %s.") % reference.partition("/")[2])
            return
        entry.parties.append(reference)
        act = (
            Act.PARTY if entry.type == Type.INSTRUMENT else Act.MEMBER if entry.type == Type.ACTOR else Act.PARTICIPANT
        )
        entry.add("participation", {"party": reference, "act": act.value, "role": role, LOOSE: True})

    # A row that is one item of a record's list

    def _item_entry(self, line: Line, values: dict) -> Entry:
        entry = Entry(line.number, "", faults=list(line.faults), partial=True)
        said = text(values.get("record"))
        if not said:
            entry.faults.append(_("The row does not say to which record it belongs."))
        else:
            found = self._attempt(entry, "record", self.directory.record, said, self.directory.records, _("record"))
            if found:
                entry.type, entry.slug, entry.title = found.type, found.slug, found.title
        item = (
            self._participation(entry, values)
            if self.mapping.table_type == PARTICIPATION
            else self._name(entry, values)
        )
        if "cite" in values:
            item["cite"] = self._citations(entry, "cite", text(values["cite"]))
        list_ = "participation" if self.mapping.table_type == PARTICIPATION else "names"
        entry.add(list_, {key: value for key, value in item.items() if value})
        return entry

    def _participation(self, entry: Entry, values: dict) -> dict:
        item: dict = {}
        party = text(values.get("party"))
        if not party:
            entry.faults.append(_("The row names no country or actor."))
        elif found := self._attempt(entry, "party", self.directory.party, party):
            item["party"] = found.reference
            entry.title = f"{found.title} – {entry.title}"
        act = text(values.get("act"))
        if act:
            item["act"] = self._attempt(entry, "act", self.acts.find, act)
        else:
            entry.faults.append(_("The row does not say what the party is or did (member, observer, ratified …)."))
        for key in ("role", "note"):
            item[key] = self._short(entry, key, text(values.get(key)))
        for key in ("from", "until", "effect"):
            item[key] = self._date(entry, key, values[key]) if key in values else ""
        return item

    def _name(self, entry: Entry, values: dict) -> dict:
        name = self._short(entry, "text", text(values.get("text")))
        if not name:
            entry.faults.append(_("The row has no name."))
        kind = text(values.get("kind"))
        found = self._attempt(entry, "kind", self.kinds.find, kind) if kind else "alias"
        language = text(values.get("language")).casefold() or "en"
        if not (2 <= len(language) <= 16 and language.replace("-", "").isalpha()):
            self._fault(entry, "language", _("“%s” is not a language code like en, fr or ar.") % language[:20])
        entry.title = f"{name[:120]} – {entry.title}"
        return {"text": name, "language": language, "kind": found}
