"""What search documents say of other records: titles, abbreviations, wider levels, regions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q

from governance import m49
from governance.models import Country, Level, Name, Record
from governance.models.vocabulary import NameKind, Type


@dataclass
class Context:
    """Looks up what a batch of documents refers to; only what the public may see is there."""

    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    short: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    wider: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[dict]) -> "Context":
        """Read what `documents` refer to, in four queries."""
        wanted: dict[str, set[str]] = {}
        for document in documents:
            for type_, slug in _references(document):
                wanted.setdefault(type_, set()).add(slug)
        context = cls()
        if not wanted:
            return context
        visible = Record.objects.visible_to(None)
        found = visible.filter(reduce(or_, (Q(type=type_, slug__in=slugs) for type_, slugs in wanted.items())))
        by_id = {pk: (type_, slug) for pk, type_, slug in found.values_list("pk", "type", "slug")}
        context.titles = {(type_, slug): title for type_, slug, title in found.values_list("type", "slug", "title")}
        names = Name.objects.filter(record__in=found.values("pk"), kind__in=(NameKind.ABBREVIATION, NameKind.SHORT))
        for pk, text in names.values_list("record_id", "text"):
            if pk in by_id:
                context.short.setdefault(by_id[pk], []).append(text)
        context.wider = dict(Level.objects.visible_to(None).exclude(parent=None).values_list("slug", "parent__slug"))
        countries = Country.objects.visible_to(None).filter(slug__in=wanted.get(Type.COUNTRY, ()))
        context.regions = dict(countries.values_list("slug", "region"))
        return context

    def title(self, type_: str, slug: str) -> str:
        """The title of a visible record; empty when there is none."""
        return self.titles.get((type_, slug), "")

    def abbreviations(self, type_: str, slug: str) -> list[str]:
        return self.short.get((type_, slug), [])

    def levels(self, slug: str | None) -> list[str]:
        """A level and the wider one it counts among."""
        return [value for value in (slug, self.wider.get(slug or "")) if value]

    def region(self, country: str) -> str:
        return self.regions.get(country, "")

    def areas(self, region: str) -> list[str]:
        """An M49 sub-region and the region around it."""
        if region not in m49.SUBREGIONS:
            return [region] if region else []
        return [region, m49.SUBREGIONS[region][1]]


def _references(document: dict) -> Iterable[tuple[str, str]]:
    if document["level"]:
        yield Type.LEVEL, document["level"]
    for item in (*document["relations"], *document["participation"]):
        yield item["type"], item["slug"]
    for slug in document["principles"]:
        yield Type.PRINCIPLE, slug
    for provision in document["provisions"]:
        for item in provision["principles"]:
            yield Type.PRINCIPLE, item["slug"]
    for slug in document["topics"]:
        yield Type.TOPIC, slug
    for item in document["countries"]:
        yield Type.COUNTRY, item["iso2"]
