"""Who takes part in what on a chosen day: countries by instruments and processes, as one table and as data."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import data, m49
from governance.browse.filters import DayField
from governance.locales import local_name
from governance.models import Country, Participation, Record
from governance.models.vocabulary import Act, Type
from governance.pages.http import reading
from governance.short_names import short_name
from governance.status import status

# A vote or a visit is an act of one day; it makes nobody a party or a member.
ONE_DAY_ACTS = (Act.VOTED_AGAINST, Act.ABSTAINED, Act.ATTENDEE)
PARAMETERS = ("on", "in_force_on", "region", "in", "not_in", "format")
FEWEST = 2


@dataclass(frozen=True)
class Cell:
    """A country in a column: how it takes part, and whether the sources say since when."""

    acts: list[str]
    dated: bool


@dataclass(frozen=True)
class Line:
    country: Country
    cells: list[Cell | None]

    @property
    def total(self) -> int:
        return sum(1 for cell in self.cells if cell)


@dataclass(frozen=True)
class Column:
    record: Record
    short: str
    language: str
    total: int


class Matrix:
    """Countries that take part in something on a day, in lines by region; columns are records with two or more.

    Where one asks who is in this and not in that, every such country has its line, and every record of theirs a column.
    """

    def __init__(self, user, day: date, region: str = "", inside: str = "", outside: str = "") -> None:
        """`inside` and `outside` are references (`actor/rabat-process`): countries in the one and not in the other."""
        self.day = day
        visible = Record.objects.visible_to(user)
        countries = Country.objects.visible_to(user).order_by("title")
        if region:
            countries = countries.filter(region__in=m49.within(region))
        rows = _rows(visible, countries, day)
        standing, self.not_then = _standing({row.record for row in rows}, day)
        found: dict[int, dict[int, list[Participation]]] = {}
        for row in rows:
            if row.record_id in standing:
                found.setdefault(row.record_id, {}).setdefault(row.party_id, []).append(row)
        listed, asked = list(countries), bool(inside or outside)
        if asked:
            listed = _among(listed, standing, found, inside, outside)
            chosen = {country.pk for country in listed}
            found = {pk: {c: acts for c, acts in parties.items() if c in chosen} for pk, parties in found.items()}
        self.found = len(listed)
        shown = [standing[pk] for pk, parties in found.items() if len(parties) >= (1 if asked else FEWEST)]
        shown.sort(key=lambda record: (record.type, -len(found[record.pk]), record.title))
        self.columns = [
            Column(record, short_name(record), local_name(record)[1], len(found[record.pk])) for record in shown
        ]
        lines = [Line(c, [_cell(found[record.pk].get(c.pk)) for record in shown]) for c in listed]
        self.regions = _by_region([line for line in lines if line.total or asked])

    @property
    def entries(self) -> int:
        return sum(column.total for column in self.columns)

    @property
    def undated(self) -> int:
        lines = (line for _label, lines in self.regions for line in lines)
        return sum(1 for line in lines for cell in line.cells if cell and not cell.dated)


def _among(
    countries: list[Country], standing: dict[int, Record], found: dict, inside: str, outside: str
) -> list[Country]:
    """The countries that take part in `inside` and not in `outside`; an empty reference asks for nothing."""
    by_reference = {record.reference: set(found[pk]) for pk, record in standing.items()}
    wanted = by_reference.get(inside, set()) if inside else None
    unwanted = by_reference.get(outside, set()) if outside else set()
    return [c for c in countries if (wanted is None or c.pk in wanted) and c.pk not in unwanted]


def offered(user) -> list[Record]:
    """Instruments and processes in which, as far as the sources say, a country has ever taken part."""
    visible = Record.objects.visible_to(user)
    rows = Participation.objects.filter(party__type=Type.COUNTRY, party__in=visible.values("pk"))
    lasting = rows.exclude(act__in=ONE_DAY_ACTS)
    named = visible.of_types(Type.INSTRUMENT, Type.ACTOR).filter(pk__in=lasting.values("record"))
    return list(named.order_by("type", "title"))


def _rows(visible, countries, day: date) -> list[Participation]:
    """The acts and intervals of countries that a day may fall in: an end that is not known is open."""
    begun = Q(since_first=None) | Q(since_first__lte=day)
    lasting = Q(until_last=None) | Q(until_last__gte=day)
    rows = Participation.objects.filter(
        begun, lasting, party__in=countries.order_by().values("pk"), record__in=visible.order_by().values("pk"),
        record__type__in=(Type.INSTRUMENT, Type.ACTOR),
    )  # fmt: skip
    rows = rows.exclude(act__in=ONE_DAY_ACTS).select_related("record")
    return list(rows.prefetch_related("record__dates", "record__names"))


def _standing(records: set[Record], day: date) -> tuple[dict[int, Record], list[Record]]:
    """Those that stand on the day, by primary key, and those that had not begun or had ended."""
    standing, not_then = {}, []
    for record in records:
        found = status(record, list(record.dates.all()), day)
        if found and found.state in ("ended", "not-yet"):
            not_then.append(record)
        else:
            standing[record.pk] = record
    return standing, sorted(not_then, key=lambda record: record.title)


def _cell(rows: list[Participation] | None) -> Cell | None:
    if not rows:
        return None
    acts = list(dict.fromkeys(str(row.get_act_display()) for row in rows))
    return Cell(acts, any(row.since_first for row in rows))


def _by_region(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.country.region_label, []).append(line)
    return sorted(groups.items(), key=lambda pair: _region_place(pair[1][0].country.region))


def _region_place(code: str) -> tuple[str, str]:
    """Sub-regions stand together under their region: Northern Africa beside Western Africa."""
    return (m49.label(m49.SUBREGIONS[code][1]) if code in m49.SUBREGIONS else "", m49.label(code))


class ParticipationForm(forms.Form):
    """What the page is asked for; `records` are those that may be named."""

    on = DayField(required=False)
    region = forms.CharField(required=False)
    inside = forms.CharField(required=False)
    outside = forms.CharField(required=False)

    def __init__(self, query, records: list[Record]) -> None:
        data = {"on": query.get("on") or query.get("in_force_on", ""), "region": query.get("region", "")}
        super().__init__(data | {"inside": query.get("in", ""), "outside": query.get("not_in", "")})
        self.references = {record.reference for record in records}

    def clean_inside(self) -> str:
        return self._known("inside")

    def clean_outside(self) -> str:
        outside = self._known("outside")
        if outside and outside == self.cleaned_data.get("inside"):
            raise forms.ValidationError(_("Nobody is both in and not in the same; choose another."))
        return outside

    def _known(self, name: str) -> str:
        reference = self.cleaned_data[name]
        if reference and reference not in self.references:
            type_, _slash, slug = reference.partition("/")
            if type_ in (Type.INSTRUMENT, Type.ACTOR) and Record.objects.published().filter(type=type_, slug=slug):
                raise forms.ValidationError(_("The sources here name no country in “%s”.") % reference[:60])
            raise forms.ValidationError(
                _("There is no “%s” to choose here; write actor/… or instrument/….") % reference[:60]
            )
        return reference

    def faults(self) -> dict[str, str]:
        """What is wrong, by the name in the address."""
        named = {"inside": "in", "outside": "not_in"}
        return {named.get(name, name): " ".join(map(str, errors)) for name, errors in self.errors.items()}

    def clean_region(self) -> str:
        code = self.cleaned_data["region"]
        if code and not m49.within(code):
            raise forms.ValidationError(_("There is no “%s” to choose here.") % code[:60])
        return code


@reading("json")
def participation_page(request: HttpRequest) -> HttpResponse:
    """`/participation/?on=2015-03-01&region=002&in=actor/rabat-process&not_in=…`; without a day, today.

    The day may also have the name it has on the lists, `in_force_on`.
    """
    records = offered(request.user)
    form = ParticipationForm(request.GET, records)
    faults = {name[:60]: _("There is no filter with this name.") for name in request.GET if name not in PARAMETERS}
    faults |= form.faults()
    if faults and data.wants_data(request):
        return data.error("invalid", _("The query cannot be used as it is."), 400, faults)
    day = form.cleaned_data.get("on") or timezone.now().date()
    region, inside, outside = (form.cleaned_data.get(name) or "" for name in ("region", "inside", "outside"))
    matrix = Matrix(request.user, day, region, inside, outside)
    if data.wants_data(request):
        return data.answer(_as_data(matrix))
    choices = [(code, str(label)) for code, label in m49.REGIONS.items() if m49.within(code) != ["010"]]
    by_reference = {record.reference: record for record in records}
    context = {
        "matrix": matrix, "faults": faults, "day": day, "region": region, "regions": choices, "records": records,
        "inside": by_reference.get(inside), "outside": by_reference.get(outside),
    }  # fmt: skip
    return render(request, "governance/participation.html", context)


def _as_data(matrix: Matrix) -> dict:
    lines = [line for _label, lines in matrix.regions for line in lines]
    return {
        "on": matrix.day.isoformat(),
        "records": [
            {"type": c.record.type, "slug": c.record.slug, "title": c.record.title, "count": c.total}
            for c in matrix.columns
        ],
        "countries": [
            {"iso2": line.country.iso2, "title": line.country.title, "region": line.country.region, "takes_part": [
                {"type": column.record.type, "slug": column.record.slug, "acts": cell.acts, "dated": cell.dated}
                for column, cell in zip(matrix.columns, line.cells, strict=True) if cell
            ]}
            for line in lines
        ],
    }  # fmt: skip
