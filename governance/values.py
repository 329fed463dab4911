"""Every value of a record as a reader meets it: where it stands in the document, what it is called, what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from governance import edtf
from governance.curation import references, wording
from governance.knowledge import dump, own
from governance.knowledge.form import DERIVED, LISTS, SCALARS, TAGS
from governance.models import Record
from governance.models.vocabulary import (
    KIND_LABELS,
    PREDICATES,
    Act,
    Binding,
    CaveatKind,
    DateEvent,
    NameKind,
    Reliability,
    Rights,
    Scheme,
    Strength,
)

LONGEST = 160  # characters of a text that are enough to know it again
NOT_VALUES = (*DERIVED, "type", "slug", "bases", "strengths", "citations", "residue", "joined", "footnotes")


@dataclass(frozen=True)
class Value:
    """One value: its JSON Pointer in the record's own document, its label, its words."""

    pointer: str
    label: str
    words: str

    @property
    def text(self) -> str:
        """The value in one line, long ones cut."""
        return Truncator(f"{self.label}: {' '.join(self.words.split())}").chars(LONGEST)


def values_of(document: dict, titles: dict[str, str] | None = None) -> list[Value]:
    """List the values of a full document, in its order; `titles` are those of the records that it names."""
    names = references.titles(references.named_in(document)) if titles is None else titles
    return [*_scalars(document, names), *_rows(document, names)]


def shown_values(record: Record) -> list[Value]:
    """The values of a record that readers see, pointed at as its own document does (rows may be hidden between)."""
    whole, public = own(dump(record, public=False)), dump(record)
    seen = {key: [_identity(key, item) for item in public.get(key) or []] for key in LISTS}
    found = []
    for value in values_of(whole):
        key, *rest = value.pointer.split("/")[1:]
        if not rest and public.get(key) in (None, "", []):
            continue
        if rest and key != "caveats" and _identity(key, whole[key][int(rest[0])]) not in seen[key]:
            continue
        if "principles" in rest and not _is_carried(public, whole[key][int(rest[0])], int(rest[2])):
            continue
        found.append(value)
    return found


def _is_carried(public: dict, provision: dict, number: int) -> bool:
    """Do readers see that a provision carries its principle of this number? Not while that is a draft."""
    shown = [p for p in public["provisions"] if p["slug"] == provision["slug"]]
    return provision["principles"][number]["slug"] in {carried["slug"] for p in shown for carried in p["principles"]}


def _identity(key: str, item: Any) -> tuple:
    """What makes two rows of one list the same, whatever else the document says of them."""
    if not isinstance(item, dict):
        return (item,)
    return tuple(item.get(name) for name in ("type", "slug", "predicate", "act", "text", "value", "label", "event"))


def _scalars(document: dict, names: dict[str, str]) -> Iterator[Value]:
    keys = [*SCALARS, *(key for key in document if key not in (*SCALARS, *LISTS, *NOT_VALUES))]
    for key in keys:
        value = document.get(key)
        if value not in (None, "", []):
            yield Value(f"/{key}", wording.label(key), _scalar(document, key, value, names))


def _scalar(document: dict, key: str, value: Any, names: dict[str, str]) -> str:
    if key == "kind":
        return str(KIND_LABELS.get((document["type"], value), value))
    if key in ("level", "parent"):
        type_ = "level" if key == "level" else document["type"]
        return names.get(f"{type_}/{value}", str(value))
    closed = {"binding": Binding, "reliability": Reliability, "rights": Rights}.get(key)
    if closed and value in closed.values:
        return str(closed(value).label)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _rows(document: dict, names: dict[str, str]) -> Iterator[Value]:
    for key in LISTS:
        for n, item in enumerate(document.get(key) or []):
            pointer = f"/{key}/{n}"
            if key in TAGS:
                yield Value(pointer, wording.row_label(key), names.get(f"{key[:-1]}/{item}", item))
                continue
            label, words = _ROWS[key](item, names)
            yield Value(pointer, label, words)
            for m, carried in enumerate(item.get("principles", ()) if key == "provisions" else ()):
                title = names.get(f"principle/{carried['slug']}", carried["slug"])
                words = f"{title} ({_said(Strength, carried['strength'])})"
                yield Value(f"{pointer}/principles/{m}", _("%s carries") % item["label"], words)


def _said(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _name(item: dict, names: dict) -> tuple[str, str]:
    return _said(NameKind, item["kind"]), f"{item['text']} ({item['language']})"


def _identifier(item: dict, names: dict) -> tuple[str, str]:
    return _said(Scheme, item["scheme"]), item["value"]


def _date(item: dict, names: dict) -> tuple[str, str]:
    return _said(DateEvent, item["event"]), _joined(_days(item["value"]), item.get("note"))


def _relation(item: dict, names: dict) -> tuple[str, str]:
    predicate = PREDICATES.get(item["predicate"])
    label = str(predicate.label) if predicate else item["predicate"]
    return label, _joined(_other(item, names), _days(item.get("date")), item.get("note"))


def _participation(item: dict, names: dict) -> tuple[str, str]:
    span = " – ".join(filter(None, (_days(item.get("effect") or item.get("from")), _days(item.get("until")))))
    return _said(Act, item["act"]), _joined(_other(item, names), item.get("role"), span, item.get("note"))


def _provision(item: dict, names: dict) -> tuple[str, str]:
    return item["label"], _joined(item.get("heading"), item.get("gist")) or item["slug"]


def _caveat(item: dict, names: dict) -> tuple[str, str]:
    return _said(CaveatKind, item["kind"]), item["text"]


_ROWS = {
    "names": _name, "identifiers": _identifier, "dates": _date, "relations": _relation,
    "participation": _participation, "provisions": _provision, "caveats": _caveat,
}  # fmt: skip


def _other(item: dict, names: dict[str, str]) -> str:
    return names.get(f"{item['type']}/{item['slug']}", f"{item['type']}/{item['slug']}")


def _days(text: str | None) -> str:
    return edtf.wording(text) if text else ""


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
