"""Facets: what a list can be narrowed by, each with counts that leave the facet's own choice out."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from governance import m49
from governance.browse.filters import RecordFilterSet
from governance.models import Citation, Country, Level, Participation, PrincipleTag, Record, TopicTag
from governance.models.vocabulary import KIND_LABELS, Binding, State, Type


@dataclass(frozen=True)
class Choice:
    """One value of a facet; `query` is the list's query with this value added, or taken off when it is selected."""

    value: str
    label: str
    count: int
    selected: bool
    query: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]

    @property
    def is_used(self) -> bool:
        return any(choice.selected for choice in self.choices)


def facets(filterset: RecordFilterSet, names: Iterable[str]) -> list[Facet]:
    """Return the facets `names` of a list, in that order; one or two queries each, whatever the number of records."""
    made = []
    for name in names:
        counted = _COUNTERS[name](filterset.narrowed(leave_out=name))
        chosen = filterset.data.getlist(name)
        known = {value.casefold() for value, _label, _count in counted}
        counted += [(value, worded(name, value), 0) for value in chosen if value and value.casefold() not in known]
        choices = [_choice(name, value, label, count, filterset.data) for value, label, count in counted]
        made.append(Facet(name, str(LABELS[name]), choices))
    return made


def worded(name: str, value: str) -> str:
    """How the value of a filter reads: as the title of the record, or the word, that it stands for."""
    if name in WORDS:
        return str(WORDS[name].get(value, value))
    if name not in NAMED or "\0" in value:
        return value
    record = Record.objects.published().of_type(NAMED[name]).filter(slug__iexact=value)
    return record.values_list("title", flat=True).first() or value


def _choice(name: str, value: str, label: str, count: int, data: QueryDict) -> Choice:
    chosen = data.getlist(name)
    selected = value.casefold() in {item.casefold() for item in chosen}
    kept = [item for item in chosen if item.casefold() != value.casefold()]
    query = query_with(data, {name: kept if selected else [*chosen, value]})
    return Choice(value, str(label), count, selected, query)


def query_with(data: QueryDict, values: dict[str, list[str]], without: Iterable[str] = ()) -> str:
    """The query string of `data` with other values for some names, without others, and on the first page.

    A page has hundreds of these: to copy and change a `QueryDict` for each would take half of the time it is made in.
    """
    left_out = {"page", *without}
    pairs = [(key, values.get(key, own)) for key, own in data.lists() if key not in left_out]
    pairs += [(key, new) for key, new in values.items() if key not in data]
    return urlencode(pairs, doseq=True)


Counted = list[tuple[str, Any, int]]


def _by_count(rows: Iterable[tuple[str, Any, int]]) -> Counted:
    return sorted(rows, key=lambda row: (-row[2], str(row[1])))


def _levels(records) -> Counted:
    counts = Counter(dict(records.order_by().values_list("level").annotate(n=Count("pk"))))
    levels = list(Level.objects.published().order_by("position"))
    for level in levels:
        if level.parent_id:
            counts[level.parent_id] += counts[level.pk]
    return [(level.slug, level.title, counts[level.pk]) for level in levels if counts[level.pk]]


def _column(column: str, label: Callable[[str, str], Any]) -> Callable:
    def count(records) -> Counted:
        rows = records.order_by().exclude(**{column: ""}).values_list("type", column).annotate(n=Count("pk"))
        totals: Counter = Counter()
        labels = {}
        for type_, value, n in rows:
            totals[value] += n
            labels[value] = label(type_, value)
        return _by_count((value, labels[value], n) for value, n in totals.items())

    return count


def _bindings(records) -> Counted:
    counted = _column("binding", lambda type_, value: Binding(value).label)(records)
    silent = records.order_by().filter(binding="", type=Type.INSTRUMENT).count()
    if silent:
        totals = {value: (label, n) for value, label, n in counted}
        label, n = totals.get(Binding.UNSTATED, (Binding.UNSTATED.label, 0))
        totals[Binding.UNSTATED] = (label, n + silent)
        counted = _by_count((value, label, n) for value, (label, n) in totals.items())
    return counted


def _through(model, path: str, **narrower) -> Callable:
    def count(records) -> Counted:
        public = {f"{path}__state": State.PUBLISHED}
        rows = model.objects.filter(record__in=records.order_by().values("pk"), **public, **narrower)
        pairs = rows.order_by().values_list(f"{path}__slug", f"{path}__title")
        return _by_count(pairs.annotate(n=Count("record", distinct=True)))

    return count


def _sources(records) -> Counted:
    """Sources under the codes by which the marks name them."""
    counted = _through(Citation, "source")(records)
    return [(code, f"{code} – {title}", n) for code, title, n in counted]


def _regions(records) -> Counted:
    region = Country.objects.filter(pk=OuterRef("party_id"), state=State.PUBLISHED).values("region")[:1]
    rows = Participation.objects.filter(record__in=records.order_by().values("pk"), party__type=Type.COUNTRY)
    pairs = rows.order_by().annotate(region=Subquery(region)).values_list("region")
    totals = Counter(dict(pairs.annotate(n=Count("record", distinct=True))))
    own = Country.objects.filter(pk__in=records.order_by().values("pk"))
    totals += Counter(dict(own.order_by().values_list("region").annotate(n=Count("pk"))))
    return _by_count((code, m49.label(code), n) for code, n in totals.items() if code)


_SUBREGIONS = {code: label for code, (label, _region) in m49.SUBREGIONS.items()}
LABELS = {
    "type": _("Type"), "kind": _("Kind"), "level": _("Level of cooperation"), "binding": _("Legal force"),
    "principle": _("Principle"), "topic": _("Topic"), "actor": _("Actor"), "country": _("Country"),
    "region": _("Region"), "source": _("Source"), "q": _("Words"), "year_min": _("From year"),
    "year_max": _("To year"), "in_force_on": _("In force or in being on"),
}  # fmt: skip
NAMED = {
    "level": Type.LEVEL, "principle": Type.PRINCIPLE, "topic": Type.TOPIC, "actor": Type.ACTOR,
    "country": Type.COUNTRY, "source": Type.SOURCE,
}  # fmt: skip
WORDS = {
    "type": dict(Type.choices), "binding": dict(Binding.choices), "region": m49.REGIONS | _SUBREGIONS,
    "kind": {kind: label for (_type, kind), label in KIND_LABELS.items()},
}  # fmt: skip
_COUNTERS: dict[str, Callable] = {
    "type": _column("type", lambda type_, value: Type(value).label),
    "kind": _column("kind", lambda type_, value: str(KIND_LABELS.get((Type(type_), value), value))),
    "level": _levels,
    "binding": _bindings,
    "principle": _through(PrincipleTag, "principle"),
    "topic": _through(TopicTag, "topic"),
    "actor": _through(Participation, "party", party__type=Type.ACTOR),
    "country": _through(Participation, "party", party__type=Type.COUNTRY),
    "region": _regions,
    "source": _sources,
}
