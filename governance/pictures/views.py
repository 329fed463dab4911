"""The pages of the pictures: each with the table it is drawn from, and an address that can be shared."""

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.locales import local_name
from governance.models import Country, Level, Record
from governance.models.vocabulary import Type
from governance.pictures import data, grids, lineage, timeline, world
from governance.short_names import short_name


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/pictures/`: what there is to look at."""
    return render(request, "pictures/index.html")


@require_safe
def timeline_page(request: HttpRequest) -> HttpResponse:
    """`/pictures/timeline/?from=&to=&level=&actor=`."""
    faults: dict[str, str] = {}
    first, last = _year(request, "from", faults), _year(request, "to", faults)
    if first and last and first > last:
        faults["from"] = _("The first year is after the last one.")
        first = last = None
    visible = Record.objects.visible_to(request.user)
    records = visible.dated_within(first, last)
    level, actor = request.GET.get("level", ""), request.GET.get("actor", "")
    if level:
        records = records.at_level(level)
    if actor:
        records = records.involving(Type.ACTOR, actor)
    marks, levels = data.timeline(records)
    marks = [m for m in marks if (not first or m.last.year >= first) and (not last or m.first.year <= last)]
    kept = QueryDict(mutable=True)
    kept.update({name: value for name, value in (("level", level), ("actor", actor)) if value})
    zoom = lambda a, b: f"?{'&'.join(filter(None, (f'from={a}&to={b}', kept.urlencode())))}"  # noqa: E731
    context = {
        "marks": marks, "faults": faults, "first": first, "last": last, "level": level, "actor": actor,
        "levels": Level.objects.visible_to(request.user).order_by("position"),
        "actors": visible.of_type(Type.ACTOR).filter(takes_part__isnull=False).distinct().order_by("title"),
        "picture": timeline.draw(marks, levels, first, last, zoom).html() if marks else "",
        "periods": _periods(zoom, first, last), "all_years": f"?{kept.urlencode()}",
    }  # fmt: skip
    return render(request, "pictures/timeline.html", context)


PERIODS = ((1945, 1989), (1990, 2009), (2010, 2029))


def _periods(zoom: Callable[[int, int], str], first: int | None, last: int | None) -> list[tuple[str, str, bool]]:
    """Periods to choose from and, within one, the years before and after it: (words, address, is it shown)."""
    found = [(f"{a}–{b}", zoom(a, b), (a, b) == (first, last)) for a, b in PERIODS]
    if first and last:
        length = last - first + 1
        found += [
            (_("earlier: %(a)d–%(b)d") % {"a": first - length, "b": first - 1}, zoom(first - length, first - 1), False),
            (_("later: %(a)d–%(b)d") % {"a": last + 1, "b": last + length}, zoom(last + 1, last + length), False),
        ]
    return found


@require_safe
def lineage_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/pictures/lineage/<slug>/`: what an instrument follows and what follows it."""
    visible = Record.objects.visible_to(request.user)
    record = visible.of_type(Type.INSTRUMENT).filter(slug=slug).first()
    if record is None:
        raise Http404(_("There is no instrument at this address."))
    nodes, links = data.lineage(record, visible)
    titles = {node.pk: node for node in nodes}
    rows = [(titles[link.later], link.label, titles[link.earlier]) for link in links]
    context = {"record": record, "rows": rows, "picture": lineage.draw(nodes, links).html() if links else ""}
    return render(request, "pictures/lineage.html", context)


@require_safe
def overlap_page(request: HttpRequest) -> HttpResponse:
    """`/pictures/overlap/?on=`: which countries any two consultative processes share."""
    faults: dict[str, str] = {}
    day = _day(request, faults)
    processes, shared = data.overlap(day, Record.objects.visible_to(request.user))
    highest = max((len(codes) for codes in shared.values()), default=1)
    cells = {}
    for (r, c), codes in shared.items():
        if codes:
            both = {"a": local_name(processes[r])[0], "b": local_name(processes[c])[0], "n": len(codes)}
            label = _("%(a)s and %(b)s: %(n)d countries") % both
            address = f"#pair-{min(r, c)}-{max(r, c)}"
            cells[r, c] = grids.Cell(str(len(codes)), len(codes) / (highest + 1), address, label)
    names = [short_name(process) for process in processes]
    description = _("Number of countries that take part in both; on the diagonal, in the process itself.")
    picture = grids.draw("overlap", _("Overlap of consultative processes"), description, names, names, cells)
    countries = {country.slug: country for country in Country.objects.only("type", "slug", "title")}
    pairs = [
        (f"pair-{a}-{b}", processes[a], processes[b], sorted((countries[code] for code in codes), key=str))
        for (a, b), codes in shared.items()
        if a <= b and codes
    ]
    context = {"picture": picture.html() if processes else "", "pairs": pairs, "day": day, "faults": faults}
    return render(request, "pictures/overlap.html", context)


@require_safe
def acting_page(request: HttpRequest) -> HttpResponse:
    """`/pictures/acting/`: who acts at which level."""
    rows, columns, cells = data.acting(Record.objects.visible_to(request.user))
    description = _("Number of actors of each kind at each level of cooperation.")
    picture = grids.draw("acting", _("Who acts at which level"), description, rows, columns, cells)
    table = [(row, [cells.get((r, c)) for c in range(len(columns))]) for r, row in enumerate(rows)]
    return render(request, "pictures/acting.html", {"picture": picture.html(), "columns": columns, "table": table})


@require_safe
def principles_page(request: HttpRequest) -> HttpResponse:
    """`/pictures/principles/?principle=`: which instrument carries which principle; of one, provision by provision."""
    faults: dict[str, str] = {}
    rows, columns, found = data.principles(Record.objects.visible_to(request.user))
    wanted = request.GET.get("principle", "")
    chosen = next((principle for principle in rows if principle.slug == wanted), None)
    if wanted and chosen is None:
        faults["principle"] = _("No provision carries “%s”.") % wanted[:60]
    context = {"principles": rows, "chosen": chosen, "faults": faults, "legend": grids.legend()}
    drawn = _one_principle(columns, found, chosen) if chosen else _all_principles(rows, columns, found)
    return render(request, "pictures/principles.html", context | drawn)


def _all_principles(rows: list, columns: list, found: dict) -> dict:
    cells = data.principle_cells(rows, columns, found)
    names = [local_name(record)[0] for record in rows], [short_name(record) for record in columns]
    description = _("Explicit, implied or by interpretation; each sign leads to the provision.")
    picture = grids.draw("principles", _("Principles across instruments"), description, *names, cells)
    table = [(p, [(i, found[p.pk, i.pk]) for i in columns if (p.pk, i.pk) in found]) for p in rows]
    return {"picture": picture.html() if rows else "", "table": table}


def _one_principle(columns: list, found: dict, chosen: Record) -> dict:
    carried = [row for instrument in columns for row in found.get((chosen.pk, instrument.pk), [])]
    names, cells = data.strengths(carried)
    heads = [word for _letter, word in grids.legend()]
    description = _("Each provision in a row; how the principle stands in it, explicit, implied or by interpretation.")
    picture = grids.draw("principle", local_name(chosen)[0], description, names, heads, cells)
    return {"picture": picture.html(), "carried": carried, "strengths": data.STRENGTHS}


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """`/pictures/map/?in=actor/rabat-process&on=`: who takes part in one record, or in all consultative processes."""
    faults: dict[str, str] = {}
    day = _day(request, faults)
    visible = Record.objects.visible_to(request.user)
    type_, _slash, slug = request.GET.get("in", "").partition("/")
    # PostgreSQL refuses to be asked for a zero byte
    chosen = visible.filter(type=type_, slug=slug).first() if slug and "\0" not in f"{type_}{slug}" else None
    if request.GET.get("in") and chosen is None:
        faults["in"] = _("There is no record %s.") % request.GET["in"][:80]
    which = {"pk": chosen.pk} if chosen else {"kind__in": data.PROCESSES}
    by_record = data.members(day, visible, **which)
    found = data.places(by_record)
    title = local_name(chosen)[0] if chosen else _("Consultative processes")
    has_countries = {"participation__party__type": Type.COUNTRY, "participation__act__in": data.TAKING_PART}
    choices = visible.filter(**has_countries).distinct()
    context = {
        "picture": world.draw(found, title).html(), "numbers": data.by_number(found), "legend": world.legend(found),
        "chosen": chosen, "title": title, "day": day, "faults": faults,
        "choices": choices.exclude(type=Type.EVENT).order_by("type", "title"),
    }  # fmt: skip
    return render(request, "pictures/map.html", context)


def _year(request: HttpRequest, name: str, faults: dict[str, str]) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and 1 <= int(text[:5]) <= 9999:
        return int(text)
    faults[name] = _("A year is a number such as 1951.")
    return None


def _day(request: HttpRequest, faults: dict[str, str]) -> date:
    text = request.GET.get("on", "")
    if text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            faults["on"] = _("A day is written 2015-03-01.")
    return timezone.now().date()
