"""Tables of contents: the levels with what stands on them, countries by region, events by year."""

from collections.abc import Iterable
from itertools import groupby

from django.db.models import Count, Q

from governance import m49
from governance.models import Citation, Country, Level, Participation, Record
from governance.models.vocabulary import State, Type

COUNTED = (Type.INSTRUMENT, Type.ACTOR, Type.EVENT)


def levels(user) -> list[dict]:
    """Every level with the number of instruments, actors and events on it, narrower levels included."""
    everything = bool(user and user.is_active and user.has_perm("governance.view_record"))
    visible = Q() if everything else Q(standing_on__state=State.PUBLISHED)
    on_it = {type_: visible & Q(standing_on__type=type_) for type_ in COUNTED}
    counted = {f"n_{type_}": Count("standing_on", filter=chosen, distinct=True) for type_, chosen in on_it.items()}
    found = list(Level.objects.visible_to(user).select_related("parent").order_by("position").annotate(**counted))
    rows = {level.pk: {"level": level, **{type_: getattr(level, f"n_{type_}") for type_ in COUNTED}} for level in found}
    for level in found:
        if level.parent_id in rows:
            rows[level.pk]["narrower"] = True
            for type_ in COUNTED:
                rows[level.parent_id][type_] += rows[level.pk][type_]
    return list(rows.values())


def regions(countries: Iterable[Country], user) -> list[tuple[str, list[dict]]]:
    """Countries by region and sub-region, each with the number of records in which it takes part.

    Returns `[(region, [{"code", "label", "countries": [(country, number), …]}, …]), …]`, regions and sub-regions by
    name, countries in the order they come in; what M49 gives no region comes last.
    """
    listed = list(countries)
    counts = taking_part(listed, user)
    within: dict[str, dict[str, list]] = {}
    for country in listed:
        parent = m49.SUBREGIONS[country.region][1] if country.region in m49.SUBREGIONS else country.region
        row = (country, counts.get(country.pk, 0))
        within.setdefault(parent, {}).setdefault(country.region, []).append(row)
    named = sorted(within.items(), key=lambda pair: (not pair[0], m49.label(pair[0])))
    return [(m49.label(code), _subregions(subs)) for code, subs in named]


def _subregions(subs: dict[str, list]) -> list[dict]:
    found = [{"code": code, "label": m49.label(code), "countries": rows} for code, rows in subs.items()]
    return sorted(found, key=lambda sub: sub["label"])


def taking_part(parties: list, user) -> dict[int, int]:
    """How many visible records each party takes part in, by primary key."""
    rows = Participation.objects.filter(party__in=parties, record__in=Record.objects.visible_to(user).values("pk"))
    return dict(rows.order_by().values_list("party").annotate(n=Count("record", distinct=True)))


def years(records: Iterable) -> list[tuple[int | None, list]]:
    """Records under the year in which each begins, in the order they come in; None where no date is known."""
    return [(year, list(group)) for year, group in groupby(records, lambda r: r.starts.year if r.starts else None)]


def resting_counts(sources: Iterable, user) -> dict[int, int]:
    """How many visible records rest on each source, by primary key."""
    visible = Record.objects.visible_to(user).values("pk")
    rows = Citation.objects.filter(source__in=list(sources), record__in=visible)
    return dict(rows.order_by().values_list("source").annotate(n=Count("record", distinct=True)))
