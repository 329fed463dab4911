"""The fields that a column can be matched to, for each kind of table, and the headings by which people call them.

A field is named by a key: `title`, `date.signed`, `identifier.unts`, `name.official.fr`, `party.1`. Headings are
compared without case, accents and punctuation (`governance.importing.names.fold`).
"""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from governance.importing import headings
from governance.importing.names import fold, without_footnotes
from governance.models.vocabulary import DateEvent, NameKind, Scheme, Type

PARTICIPATION, NAMES, STATUS = "participation", "names", "status-table"
RECORD_TYPES = tuple(type_.value for type_ in Type if type_ not in (Type.COUNTRY, Type.LEVEL, Type.SOURCE))
TABLE_TYPES = (*RECORD_TYPES, PARTICIPATION, NAMES, STATUS)
SIDES = 4

_LABELS = {
    "slug": _lazy("Address (slug)"), "title": _lazy("Title"), "kind": _lazy("Kind"), "level": _lazy("Level"),
    "binding": _lazy("Legal force"), "summary": _lazy("Summary"), "body": _lazy("Text"), "cite": _lazy("Sources"),
    "topics": _lazy("Topics"), "principles": _lazy("Principles"), "names": _lazy("Other names"),
    "state": _lazy("State (not imported)"), "website": _lazy("Website"), "place": _lazy("Place"),
    "parent": _lazy("Broader"), "date": _lazy("Date"), "identifier": _lazy("Identifier"), "name": _lazy("Name"),
    "party": _lazy("Party"), "role": _lazy("Role"), "parties": _lazy("Parties (all of them)"),
    "record": _lazy("Record"), "act": _lazy("Act"), "from": _lazy("From"), "until": _lazy("Until"),
    "effect": _lazy("In effect from"), "note": _lazy("Note"), "text": _lazy("Name"), "language": _lazy("Language"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field of a table type: its key, and the headings it is known by (as `heading_key` gives them)."""

    key: str
    known_as: tuple[str, ...]


@cache
def fields_of(table_type: str) -> dict[str, Field]:
    """All fields that columns of a table of this type can be matched to, by key."""
    written = _written(table_type)
    return {
        key: Field(key, tuple(heading_key(h) for h in [*words.split("|"), key.replace(".", " ")]))
        for key, words in written.items()
    }


def _written(table_type: str) -> dict[str, str]:
    if table_type == PARTICIPATION:
        return headings.PARTICIPATION
    if table_type == NAMES:
        return headings.NAME_ROWS
    found = {**headings.COMMON, **headings.OF_TYPE.get(Type(table_type), {})}
    for event in DateEvent.values:
        found.setdefault(f"date.{event}", headings.DATES.get(event, event) if table_type == Type.INSTRUMENT else event)
    found |= {f"identifier.{scheme}": headings.IDENTIFIERS.get(scheme, scheme) for scheme in Scheme.values}
    found |= {f"name.{kind}": headings.NAMES.get(kind, f"{kind} name") for kind in NameKind.values}
    for n in range(1, SIDES + 1):
        places = {"n": n, "a": chr(96 + n)}
        found[f"party.{n}"] = "|".join(
            filter(None, (headings.SIDES.format(**places), headings.SIDE_WORDS.get(f"party.{n}")))
        )
        found[f"role.{n}"] = headings.ROLES.format(**places)
    found["parties"] = headings.PARTIES
    found |= {f"{key}.cite": f"{key} cite|{key} source" for key in ("title", "kind", "level", "binding", "summary")}
    return found


def heading_key(heading: str) -> str:
    """A heading as it is compared: folded, without footnote marks and remarks in brackets."""
    shorter = without_footnotes(heading).split("(")[0] or heading
    numbered = heading.strip()[-1:].isdigit()  # “Country 1” keeps its number
    return " ".join(fold(heading if numbered else shorter).split())


def label(key: str) -> str:
    """A field's name for people: “date.signed” is “Date: signed”."""
    part, _dot, rest = key.partition(".")
    if rest == "cite":
        return _("Sources of: %s") % _LABELS.get(part, part)
    if not rest:
        return str(_LABELS.get(key, key))
    values = {"date": DateEvent, "identifier": Scheme, "name": NameKind}.get(part)
    first, _dot, language = rest.partition(".")
    said = str(values(first).label) if values and first in values.values else first
    return f"{_LABELS.get(part, part)}: {said}" + (f" ({language})" if language else "")
