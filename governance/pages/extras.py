"""What the pages of some types show beside what every record shows."""

from itertools import groupby

from django.db.models import Count, Q

from governance.models import Citation, Level, Principle, Record, Source, Topic
from governance.models.vocabulary import PLURALS, State, Type

SHOWN = 12  # of each type; the list page has the rest


def standing(level: Level, user) -> dict:
    """What stands on a level and on its narrower ones: for each type the first records and how many there are."""
    return {"groups": _by_type(Record.objects.visible_to(user).at_level(level.slug), "level", level.slug)}


def carried(principle: Principle, user) -> dict:
    """Where a principle stands: provision by provision, and the records that carry it as a whole."""
    visible = Record.objects.visible_to(user)
    provisions = (
        principle.in_provisions.filter(provision__instrument__in=visible.values("pk"))
        .select_related("provision__instrument")
        .order_by("provision__instrument__title", "provision__position")
    )
    return {"provisions": list(provisions), "groups": _by_type(visible.carrying(principle.slug), "principle", principle.slug)}


def tagged(topic: Topic, user) -> dict:
    """The records on a topic."""
    return {"groups": _by_type(Record.objects.visible_to(user).about(topic.slug), "topic", topic.slug)}


def resting(source: Source, user) -> dict:
    """What rests on a source: `[(paragraph, [(record, [citation, …]), …])]`, places without a number last."""
    citations = (
        Citation.objects.filter(source=source, record__in=Record.objects.visible_to(user).values("pk"))
        .select_related("record", "source")
        .order_by("paragraph", "locator", "record__title", "position")
    )
    paragraphs = []
    place = lambda c: (c.paragraph is None, c.paragraph or 0, c.locator)  # noqa: E731
    for _key, group in groupby(sorted(citations, key=place), key=lambda c: (c.paragraph, c.locator)):
        rows = sorted(group, key=lambda c: (c.record.title, c.record_id))
        records = [(record, list(items)) for record, items in groupby(rows, key=lambda c: c.record)]
        paragraphs.append((rows[0], records))
    return {"paragraphs": paragraphs, "resting_records": len({c.record_id for c in citations})}


def _by_type(records, filter_name: str, value: str) -> list[dict]:
    """Group records by type: the first few of each, the number, and the query of the list that shows all."""
    counts = dict(records.order_by().values_list("type").annotate(n=Count("pk")))
    groups = []
    for type_ in Type:
        if counts.get(type_):
            shown = records.of_type(type_).for_cards().in_order("title")[:SHOWN]
            groups.append({
                "type": type_, "plural": PLURALS[type_], "count": counts[type_], "records": list(shown),
                "query": f"{filter_name}={value}",
            })  # fmt: skip
    return groups


def level_overview(user) -> list[dict]:
    """Every level with the number of instruments, actors and events on it, narrower levels included."""
    visible = Q(standing_on__state=State.PUBLISHED) if not (user and user.has_perm("governance.view_record")) else Q()
    counted = {
        type_: Count("standing_on", filter=visible & Q(standing_on__type=type_), distinct=True)
        for type_ in (Type.INSTRUMENT, Type.ACTOR, Type.EVENT)
    }
    levels = list(Level.objects.visible_to(user).select_related("parent").order_by("position").annotate(**{f"n_{t}": c for t, c in counted.items()}))
    rows = {level.pk: {"level": level, **{t: getattr(level, f"n_{t}") for t in counted}} for level in levels}
    for level in levels:
        if level.parent_id in rows:
            for type_ in counted:
                rows[level.parent_id][type_] += rows[level.pk][type_]
    return list(rows.values())
