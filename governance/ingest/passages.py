"""Passages as they are read: joined ones together, page residue apart. The search index takes them from here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from governance.locales import permanent
from governance.models import Passage, Source
from governance.models.passage import Kind, Marks
from governance.models.vocabulary import Rights


@dataclass(frozen=True)
class Reading:
    """One paragraph, or several that a page break cut apart, as one text; known by the first one's number."""

    source: Source
    numbers: tuple[int, ...]
    kind: str
    text: str

    @property
    def number(self) -> int:
        return self.numbers[0]

    def get_absolute_url(self) -> str:
        return f"{self.source.get_absolute_url()}#p{self.number}"


def readings(source: Source) -> Iterator[Reading]:
    """All there is of a source's text, in its order, page residue included."""
    marks = Marks.of(source)
    passages = {passage.number: passage for passage in source.passages.order_by("position")}
    for number, passage in passages.items():
        group = [passages[n] for n in marks.joined.get(number, (number,)) if n in passages]
        if group[0] is passage:
            yield _reading(source, marks, group)


def reading_at(source: Source, number: int) -> Reading | None:
    """The reading that paragraph `number` belongs to, if there is such a paragraph."""
    marks = Marks.of(source)
    wanted = marks.joined.get(number, (number,))
    found = {passage.number: passage for passage in source.passages.filter(number__in={number, *wanted})}
    return _reading(source, marks, [found[n] for n in wanted if n in found]) if number in found else None


def passages_of(source_ids: Iterable[int]) -> Iterator[dict[str, Any]]:
    """What a search index takes of the sources: one dict for each reading that is no page residue.

    `text` is for the index alone; what a hit shows of it comes from `rights.shown`. Nothing of private sources is
    given: that a word is found in one would tell what is in it.
    """
    for source in Source.objects.filter(pk__in=source_ids).exclude(rights=Rights.PRIVATE).order_by("slug"):
        parent = {"type": source.type, "slug": source.slug, "title": source.title}
        for reading in readings(source):
            if reading.kind != Kind.RESIDUE:
                yield {
                    "source": source.pk, "number": reading.number, "numbers": reading.numbers, "kind": reading.kind,
                    "text": reading.text, "url": permanent(reading), "parent": parent,
                    "rights": source.rights, "state": source.state,
                }  # fmt: skip


def _reading(source: Source, marks: Marks, group: list[Passage]) -> Reading:
    kind = marks.kind(group[0].number, group[0].form)
    return Reading(source, tuple(p.number for p in group), kind, " ".join(p.text for p in group))
