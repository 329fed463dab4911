"""Two records of the same type side by side, point by point, differences marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import data
from governance.addresses import Gone, Moved, find
from governance.knowledge.sections import child_model
from governance.locales import local_name
from governance.models import Record
from governance.models.vocabulary import PLURALS, Type
from governance.pages.http import reading
from governance.pages.record import RecordPage, prefetched

OFFERED = (Type.INSTRUMENT, Type.ACTOR)
TYPES = {plural: type_ for type_, plural in PLURALS.items()}


@dataclass(frozen=True)
class Item:
    """One value of a side; `only_here` when the other side does not have it.

    `language` is that of a name which is not in the reader's own; empty otherwise.
    """

    text: str
    url: str
    language: str
    only_here: bool


@dataclass(frozen=True)
class Point:
    """One thing compared: what it is, the values of either side."""

    label: str
    a: list[Item]
    b: list[Item]

    @property
    def differs(self) -> bool:
        return any(item.only_here for item in (*self.a, *self.b))


Values = list[tuple[str, str, str]]  # what is shown, the address it leads to and its language, if any


def points(a: RecordPage, b: RecordPage) -> list[Point]:
    """Compare two pages; what neither has is left out."""
    sides = [_values(a), _values(b)]
    found = []
    for place, label in sorted(dict.fromkeys(key for side in sides for key in side), key=lambda key: key[0]):
        left, right = (list(dict.fromkeys(side.get((place, label), []))) for side in sides)
        if left or right:
            found.append(Point(label, _items(left, right), _items(right, left)))
    return found


def _items(here: Values, there: Values) -> list[Item]:
    other = {text for text, _url, _language in there}
    return [Item(text, url, language, text not in other) for text, url, language in here]


def _values(page: RecordPage) -> dict[tuple[int, str], Values]:
    """Every point that a record can be compared in, under its place in reading order and its label."""
    record = page.record
    level = [record.level] if record.level and record.level.is_public else []
    values: dict[tuple[int, str], Values] = {
        (0, _("What it is")): _text(record.kind_label),
        (0, _("Level of cooperation")): _records(level),
        (0, _("Legal force")): _text(record.get_binding_display()),
        (0, _("Today")): _text(page.status.word if page.status else ""),
        (1, _("Place")): _text(getattr(record, "place", "")),
        (2, _("Principles")): _principles(page),
        (2, _("Topics")): _records(row.item.topic for row in page.topics),
        (6, _("Rests on")): [(source.slug, source.get_absolute_url(), "") for source, _marks in page.book.sources()],
    }
    found = [(1, row.item.get_event_display(), [(row.item.wording, "", "")]) for row in page.dates]
    found += [(3, group.act, _records(row.item.party for row in group.rows)) for group in page.participation]
    found += [
        (4, _("Takes part in: %s") % group.title.lower(), _records(row.item.record for row in group.rows))
        for group in page.takes_part
    ]
    found += [(5, label, _records(edge.other for edge in edges)) for label, edges in page.edges]
    for place, label, items in found:
        values.setdefault((place, str(label)), []).extend(items)
    return values


def _principles(page: RecordPage) -> Values:
    """Those of the record as a whole and those of its provisions, each once."""
    tagged = [row.item.principle for row in page.principles]
    return _records([*tagged, *(c.item.principle for row in page.provisions for c in row.carried)])


def _text(text) -> Values:
    return [(str(text), "", "")] if text else []


def _records(records: Iterable[Record]) -> Values:
    found = []
    for record in records:
        name, language = local_name(record)
        found.append((name, record.get_absolute_url(), "" if language == get_language() else language))
    return found


@reading("json")
def compare_page(request: HttpRequest) -> HttpResponse:
    """`/compare/?a=instrument/<slug>&b=instrument/<slug>`; with one or none of them, a form to choose."""
    faults: dict[str, str] = {
        name[:60]: _("There is no filter with this name.") for name in request.GET if name not in ("a", "b", "format")
    }
    a, b = (_chosen(request, name, faults) for name in ("a", "b"))
    if a and b and a.type != b.type:
        faults["b"] = _("Choose two of the same type: an instrument and an instrument, or an actor and an actor.")
        b = None
    pages = [RecordPage(record, request.user) for record in (a, b) if record]
    compared = points(*pages) if len(pages) == 2 else []
    if data.wants_data(request):
        return _as_data(a, b, compared, faults)
    context = {"a": a, "b": b, "pages": pages, "points": compared, "faults": faults}
    return render(request, "governance/compare.html", context | {"choices": _choices(request.user, a)})


def _chosen(request: HttpRequest, name: str, faults: dict[str, str]) -> Record | None:
    """The record a parameter names, as `instrument/<slug>` or by its address; a fault when there is none."""
    given = request.GET.get(name, "").strip("/ ")
    if not given:
        return None
    word, _slash, slug = given.partition("/")
    type_ = TYPES.get(word, word)
    if type_ in Type.values:
        try:
            return find(type_, slug, request.user, prefetched(child_model(type_)))
        except Moved as moved:
            return prefetched(child_model(type_)).get(pk=moved.record.pk)
        except (Gone, Http404):
            pass
    faults[name] = _("There is no “%s” to compare; write instrument/… or actor/….") % given[:80]
    return None


def _choices(user, a: Record | None) -> list[tuple[str, list[Record]]]:
    """What can be chosen, by type; once one side is chosen, only its type."""
    types = (Type(a.type),) if a else OFFERED
    records = Record.objects.visible_to(user)
    return [(str(type_.label), list(records.of_type(type_).order_by("title"))) for type_ in types]


def _as_data(a: Record | None, b: Record | None, compared: list[Point], faults: dict[str, str]) -> HttpResponse:
    for name, record in (("a", a), ("b", b)):
        if record is None:
            faults.setdefault(name, _("Name a record: instrument/… or actor/…."))
    if faults or a is None or b is None:
        return data.error("invalid", _("Two records of the same type are needed."), 400, faults)
    rows = [
        {"label": p.label, "differs": p.differs, "a": [i.text for i in p.a], "b": [i.text for i in p.b]}
        for p in compared
    ]
    return data.answer({"a": a.reference, "b": b.reference, "points": rows})
