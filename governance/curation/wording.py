"""Differences in words: each value as lines a curator reads, changed words marked."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.curation.compare import Difference
from governance.curation.editor import SECTIONS
from governance.curation.scalars import LABELS, MAKERS
from governance.knowledge.form import TAGS
from governance.models.vocabulary import PREDICATES, Act, Basis, CaveatKind, DateEvent, NameKind, Scheme, Strength

MOST_WORDS = 4000  # beyond, two texts are shown whole: comparing them word by word would take too long
_WORD = re.compile(r"\s+|\w+\s*|[^\w\s]\s*")  # with the space after it
ROW_LABELS = {"principles": gettext_lazy("Principle"), "topics": gettext_lazy("Topic")}
VOCABULARIES: dict[str, Any] = {
    "event": DateEvent, "act": Act, "scheme": Scheme, "strength": Strength, "basis": Basis,
}  # fmt: skip
QUIET = ("slug", "cite", "basis", "principles")
FIELD_LABELS = {
    "title": gettext_lazy("Title"), "kind": gettext_lazy("Kind"), "level": gettext_lazy("Level of cooperation"),
    "binding": gettext_lazy("Legal force"), "summary": gettext_lazy("Summary"), "body": gettext_lazy("Text"),
    "slug": gettext_lazy("Address"),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A stretch of text that was kept, added (`ins`) or removed (`del`)."""

    tag: str
    text: str


@dataclass(frozen=True)
class Line:
    """One difference as it is shown: what it is about, and the text before and after with changed words marked."""

    label: str
    place: str
    kind: str  # added, removed, changed, moved
    before: list[Part]
    after: list[Part]


def lines(differences: list[Difference], titles: dict[str, str] | None = None) -> list[Line]:
    """Word a list of differences; records that they name are called by `titles` where those are given."""
    return [_line(item, titles or {}) for item in differences]


def _line(item: Difference, titles: dict[str, str]) -> Line:
    type_ = item.field[:-1] if item.field in TAGS else ""
    before, after = (say(_titled(value, type_, titles), titles) for value in (item.before, item.after))
    if item.moved:
        return Line(label(item.field), item.place, "moved", [], [Part("", after)])
    if item.before is None:
        return Line(label(item.field), item.place, "added", [], [Part("ins", after)])
    if item.after is None:
        return Line(label(item.field), item.place, "removed", [Part("del", before)], [])
    return Line(label(item.field), item.place, "changed", *_marked(before, after))


def _titled(value: Any, type_: str, titles: dict[str, str]) -> Any:
    """A row that is only another record's slug (a principle, a topic), with that record's title in its place."""
    if not type_ or not isinstance(value, dict):
        return value
    return {**value, "slug": titles.get(f"{type_}/{value['slug']}", value["slug"])}


def label(field: str) -> str:
    """What a curator calls a field of a document."""
    if field in SECTIONS:
        return str(SECTIONS[field][0])
    if field in FIELD_LABELS or field in LABELS:
        return str(FIELD_LABELS.get(field) or LABELS[field])
    return str(MAKERS[field]("topic").label) if field in MAKERS else field


def row_label(key: str) -> str:
    """What one row of a list is called that says no more of itself."""
    return str(ROW_LABELS.get(key) or label(key))


def say(value: Any, titles: dict[str, str] | None = None) -> str:
    """A value of a written document as text: the value, its basis, its sources, a line each."""
    if isinstance(value, dict):
        return "\n".join(filter(None, (_value(value, titles or {}), *_evidence(value))))
    if isinstance(value, list):
        return ", ".join("+".join(map(str, item)) if isinstance(item, list) else str(item) for item in value)
    return "" if value is None else str(value)


def _value(row: dict, titles: dict[str, str]) -> str:
    if "value" in row and "event" not in row and "scheme" not in row:
        return say(row["value"])
    words = {"kind": NameKind if "language" in row else CaveatKind}
    texts = [_worded(name, f"{text}", titles, words) for name, text in row.items() if name not in QUIET and text]
    if not texts or "label" not in row:
        texts = [*filter(None, [row.get("slug")]), *texts]
    return " · ".join(texts)


def _worded(name: str, text: str, titles: dict[str, str], more: dict[str, Any]) -> str:
    """One part of a row: a word of a closed vocabulary by its label, another record by its title where it is known."""
    if name in ("to", "party"):
        return titles.get(text, text)
    if name == "predicate" and text in PREDICATES:
        return str(PREDICATES[text].label)
    words = more.get(name) or VOCABULARIES.get(name)
    return str(words(text).label) if words and text in words.values else text


def _evidence(row: dict) -> list[str]:
    found = [_("Basis: %s") % _worded("basis", row["basis"], {}, {})] if row.get("basis") else []
    found += [_("Source: %s") % text for text in row.get("cite") or []]
    for carried in row.get("principles") or []:
        found.append(_("Carries: %s") % say(carried).replace("\n", " · "))
    return found


def _marked(before: str, after: str) -> tuple[list[Part], list[Part]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [Part("del", before)], [Part("ins", after)]
    left, right = [], []
    bare, other = [word.rstrip() for word in old], [word.rstrip() for word in new]
    for op, a, b, c, d in SequenceMatcher(None, bare, other, autojunk=False).get_opcodes():
        if a < b:
            left.append(Part("" if op == "equal" else "del", "".join(old[a:b])))
        if c < d:
            right.append(Part("" if op == "equal" else "ins", "".join(new[c:d])))
    return left, right
