"""What an import does to a record, in the words of people who do not know how documents are written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from governance import edtf
from governance.importing.fields import label
from governance.models.vocabulary import KINDS, PREDICATES, Act, Binding, CaveatKind, DateEvent, NameKind, Scheme

_titles: ContextVar[dict[str, str]] = ContextVar("titles", default={})  # noqa: B039, nobody writes into it

_LISTS = {
    "names": _lazy("Names"), "identifiers": _lazy("Identifiers"), "dates": _lazy("Dates"),
    "relations": _lazy("Relations"), "participation": _lazy("Participation"), "provisions": _lazy("Provisions"),
    "principles": _lazy("Principles"),
    "topics": _lazy("Topics"), "caveats": _lazy("Caveats"),
}  # fmt: skip


@contextmanager
def speaking_of(titles: dict[str, str]) -> Iterator[None]:
    """Within it, references are worded by these titles: reference → title."""
    token = _titles.set(titles)
    try:
        yield
    finally:
        _titles.reset(token)


def differences(before: dict, after: dict) -> list[str]:
    """One line for each value that is set, changed, added or removed between two documents in the compact form."""
    lines = []
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        if old == new or key in ("type", "slug"):
            continue
        if key in _LISTS:
            lines += _list_lines(key, old or [], new or [])
        else:
            lines.append(_scalar_line(key, old, new))
    return lines


def _scalar_line(key: str, old: Any, new: Any) -> str:
    was, becomes = _worded(key, _value(old)), _worded(key, _value(new))
    if was == becomes:
        return _("%(field)s: other sources or another basis") % {"field": label(key)}
    if not was:
        return _("%(field)s: “%(new)s”") % {"field": label(key), "new": _short(becomes)}
    if not becomes:
        return _("%(field)s: “%(old)s” is removed") % {"field": label(key), "old": _short(was)}
    return _("%(field)s: “%(old)s” becomes “%(new)s”") % {
        "field": label(key),
        "old": _short(was),
        "new": _short(becomes),
    }


_KINDS = {kind: label for kinds in KINDS.values() for kind, label in kinds.items()}


def _worded(key: str, value: str) -> str:
    """A value of a closed vocabulary as readers see it."""
    if key == "kind":
        return str(_KINDS.get(value, value))
    if key == "binding":
        return _of(Binding, value) if value else ""
    return named(f"level/{value}") if key == "level" and f"level/{value}" in _titles.get() else value


def _value(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    return "" if value is None else str(value)


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(100)


def _list_lines(key: str, old: list, new: list) -> list[str]:
    gone = [item for item in old if item not in new]
    come = [item for item in new if item not in old]
    lines = []
    for item in list(come):
        said = say(key, item)
        partner = next((other for other in gone if _same(key, other, item)), None)
        if partner is None:
            lines.append(_("%(list)s: added %(item)s") % {"list": _LISTS[key], "item": said})
            continue
        gone.remove(partner)
        was = say(key, partner)
        if was == said:
            lines.append(
                _("%(list)s: other sources or another basis for %(item)s") % {"list": _LISTS[key], "item": said}
            )
        else:
            lines.append(_("%(list)s: %(old)s becomes %(new)s") % {"list": _LISTS[key], "old": was, "new": said})
    return lines + [_("%(list)s: removed %(item)s") % {"list": _LISTS[key], "item": say(key, item)} for item in gone]


_PARTNERS = {
    "names": ("text",), "identifiers": ("scheme",), "dates": ("event",), "relations": ("predicate", "to"),
    "participation": ("party", "act"), "provisions": ("label",), "principles": ("slug",), "topics": ("slug",),
    "caveats": ("text",),
}  # fmt: skip


def _same(key: str, one: dict, other: dict) -> bool:
    return all(one.get(name) == other.get(name) for name in _PARTNERS[key])


def say(key: str, item: dict) -> str:
    """One item of a list in words: “Signed 4 December 1952”, “Morocco – Member – since 2006”."""
    return _WORDINGS.get(key, _plainly)(item)


def _topic(item: dict) -> str:
    return named(f"topic/{item.get('slug', '')}")


def _principle(item: dict) -> str:
    return named(f"principle/{item.get('slug', '')}")


def _plainly(item: dict) -> str:
    return f"“{_short(str(item.get('text') or item.get('label') or item.get('slug') or item.get('field') or ''))}”"


def _name(item: dict) -> str:
    kind = _of(NameKind, item.get("kind"))
    return f"“{_short(item.get('text', ''))}” ({kind}, {item.get('language') or 'en'})"


def _of(choices, value: str | None) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "–")


def _identifier(item: dict) -> str:
    return f"{_of(Scheme, item.get('scheme'))} {item.get('value', '')}"


def _date(item: dict) -> str:
    return f"{_of(DateEvent, item.get('event'))} {edtf.wording(item.get('value', ''))}"


def _participation(item: dict) -> str:
    parts = [named(item.get("party", "")), _of(Act, item.get("act")), item.get("role", "")]
    start, end = item.get("from", ""), item.get("until", "")
    if end:
        parts.append(edtf.wording(f"{start or '..'}/{end}"))
    elif start:
        parts.append(edtf.wording(start))
    if item.get("effect"):
        parts.append(_("in effect %s") % edtf.wording(item["effect"]))
    return " – ".join(filter(None, [*parts, item.get("note", "")]))


def _relation(item: dict) -> str:
    predicate = PREDICATES.get(item.get("predicate", ""))
    return f"{predicate.label if predicate else item.get('predicate')} {named(item.get('to', ''))}"


def _caveat(item: dict) -> str:
    return f"{_of(CaveatKind, item.get('kind'))}: “{_short(item.get('text', ''))}”"


_WORDINGS: dict[str, Callable[[dict], str]] = {
    "names": _name, "identifiers": _identifier, "dates": _date, "participation": _participation, "relations": _relation,
    "caveats": _caveat, "topics": _topic, "principles": _principle,
}  # fmt: skip


def named(reference: str) -> str:
    """A reference for people: the title of its record, or the reference itself where there is none yet."""
    return _titles.get().get(reference, reference)
