"""What the pages of some types show beside what every record shows."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from governance.models import Citation, Level, Principle, Record, Source, Topic
from governance.models.vocabulary import PLURALS, Type
from governance.pages.titles import TITLES

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
    groups = _by_type(visible.carrying(principle.slug), "principle", principle.slug)
    return {"provisions": list(provisions), "groups": groups}


def tagged(topic: Topic, user) -> dict:
    """The records on a topic."""
    return {"groups": _by_type(Record.objects.visible_to(user).about(topic.slug), "topic", topic.slug)}


@dataclass(frozen=True)
class Resting:
    """A record that rests on a place in a source: the longest of the phrases it quotes, the others, its stance."""

    record: Record
    quote: str
    more: list[str]
    contradicts: bool


def resting(source: Source, user) -> dict:
    """What rests on a source: `[(first citation, [Resting, …])]` by place, places without a number last."""
    citations = (
        Citation.objects.filter(source=source, record__in=Record.objects.visible_to(user).values("pk"))
        .exclude(record=source)
        .select_related("record", "source")
    )
    place = lambda c: (c.paragraph is None, c.paragraph or 0, c.locator)  # noqa: E731
    in_order = sorted(citations, key=lambda c: (*place(c), c.record.title, c.record_id, c.position))
    paragraphs = []
    for _place, group in groupby(in_order, place):
        rows = list(group)
        records = [_resting(list(items)) for _pk, items in groupby(rows, key=lambda c: c.record_id)]
        paragraphs.append((rows[0], records))
    return {"paragraphs": paragraphs, "resting_records": len({c.record_id for c in in_order})}


def _resting(citations: list[Citation]) -> Resting:
    quotes: list[str] = []
    for quote in sorted({c.quote for c in citations if c.quote}, key=lambda text: (-len(text), text)):
        if not any(quote.casefold() in longer.casefold() for longer in quotes):
            quotes.append(quote)
    contradicts = any(c.contradicts for c in citations)
    return Resting(citations[0].record, quotes[0] if quotes else "", quotes[1:], contradicts)


def _by_type(records, filter_name: str, value: str) -> list[dict]:
    """Group records by type: the first few of each, the number, and the query of the list that shows all."""
    counts = dict(records.order_by().values_list("type").annotate(n=Count("pk")))
    return [
        {
            "type": type_, "title": TITLES[type_], "plural": PLURALS[type_], "count": counts[type_],
            "records": list(records.of_type(type_).in_order("title")[:SHOWN]), "query": f"{filter_name}={value}",
        }
        for type_ in Type if counts.get(type_)
    ]  # fmt: skip
