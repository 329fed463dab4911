"""The text of a source on its page: every paragraph with what a reader may see of it and what rests on it."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby

from django import template

from governance.ingest.rights import Reader, Shown
from governance.models import Citation, Passage, Record, Source
from governance.models.passage import Kind, Marks
from governance.models.vocabulary import Rights

MOST = 2000  # paragraphs on one page; of a longer text, those beyond that something rests on

register = template.Library()


@dataclass(frozen=True)
class Resting:
    """A record that rests on a paragraph, with its quotes; `contradicted` where the source says otherwise."""

    record: Record
    quotes: list[str]
    contradicted: bool


@dataclass(frozen=True)
class Line:
    """One paragraph on the page."""

    passage: Passage
    kind: str
    joined_with: list[int]
    shown: Shown
    resting: list[Resting]

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def is_residue(self) -> bool:
        return self.kind == Kind.RESIDUE


@dataclass(frozen=True)
class Text:
    """A source's text; `as_a_whole` rests on it without naming a paragraph that it has, `beyond` lines are left out."""

    lines: list[Line] = field(default_factory=list)
    as_a_whole: list[Resting] = field(default_factory=list)
    records: int = 0
    beyond: int = 0

    def __bool__(self) -> bool:
        return bool(self.lines)


@register.simple_tag
def text_of(source: Source, user) -> Text:
    """The text of a source as `user` may see it; false where none was brought in or it is private."""
    if source.rights == Rights.PRIVATE:
        return Text()
    passages = source.passages.order_by("position")
    numbers = set(passages.values_list("number", flat=True))
    if not numbers:
        return Text()
    cited = defaultdict(list)
    for citation in _citations(source, user):
        cited[citation.paragraph if citation.paragraph in numbers else None].append(citation)
    page = _Page(source, user, {number: _resting(citations) for number, citations in cited.items()})
    lines = [page.line(passage) for place, passage in enumerate(passages) if place < MOST or passage.number in cited]
    records = {citation.record_id for citations in cited.values() for citation in citations}
    return Text(lines, page.resting.get(None, []), len(records), len(numbers) - len(lines))


class _Page:
    def __init__(self, source: Source, user, resting: dict[int | None, list[Resting]]) -> None:
        self.reader, self.marks, self.resting = Reader(source, user), Marks.of(source), resting

    def line(self, passage: Passage) -> Line:
        number = passage.number
        return Line(
            passage,
            self.marks.kind(number, passage.form),
            [other for other in self.marks.joined.get(number, ()) if other != number],
            self.reader.shown(passage),
            self.resting.get(number, []),
        )


def _citations(source: Source, user) -> list[Citation]:
    visible = Record.objects.visible_to(user).values("pk")
    citations = Citation.objects.filter(source=source, record__in=visible).select_related("record")
    return list(citations.order_by("record__title", "record_id", "position"))


def _resting(citations: list[Citation]) -> list[Resting]:
    """One row for each record and stance, its phrases once each."""
    found = []
    for (_pk, contradicted), group in groupby(citations, lambda c: (c.record_id, c.contradicts)):
        rows = list(group)
        found.append(Resting(rows[0].record, list(dict.fromkeys(c.quote for c in rows if c.quote)), contradicted))
    return found
