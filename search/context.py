"""What search documents say of other records: titles, abbreviations, wider levels, regions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from governance import m49
from governance.models import Country, Identifier, Level, Name, Participation, Record
from governance.models.vocabulary import Type
from search.names import Text, names_as_texts

Reference = tuple[str, str]  # type and slug


@dataclass
class Context:
    """Looks up what a batch of documents refers to; only what the public may see is there."""

    titles: dict[Reference, str] = field(default_factory=dict)
    names: dict[Reference, list[Text]] = field(default_factory=dict)
    identifiers: dict[Reference, list[tuple[str, str]]] = field(default_factory=dict)
    acts: dict[Reference, list[str]] = field(default_factory=dict)
    wider: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[dict]) -> "Context":
        """Read what `documents` refer to, in a handful of queries."""
        wanted: dict[str, set[str]] = {}
        for document in documents:
            for type_, slug in _references(document):
                wanted.setdefault(type_, set()).add(slug)
        context = cls()
        if wanted:
            among = reduce(or_, (Q(type=type_, slug__in=slugs) for type_, slugs in wanted.items()))
            context._read(Record.objects.visible_to(None).filter(among))
        return context

    def _read(self, records: QuerySet) -> None:
        rows = records.values_list("pk", "type", "slug", "title")
        by_id = {pk: (type_, slug) for pk, type_, slug, _title in rows}
        self.titles = {(type_, slug): title for _pk, type_, slug, title in rows}
        ids = list(by_id)
        for start in range(0, len(ids), 500):
            self._read_names(by_id, ids[start : start + 500])
            self._read_identifiers(by_id, ids[start : start + 500])
            self._read_acts(by_id, ids[start : start + 500])
        self.wider = dict(Level.objects.visible_to(None).exclude(parent=None).values_list("slug", "parent__slug"))
        countries = Country.objects.visible_to(None).filter(pk__in=records.filter(type=Type.COUNTRY).values("pk"))
        self.regions = dict(countries.values_list("slug", "region"))

    def _read_names(self, by_id: dict[int, Reference], ids: list[int]) -> None:
        rows = Name.objects.filter(record__in=ids).values_list("record_id", "text", "language", "kind")
        for record, text, language, kind in rows:
            texts = names_as_texts([{"text": text, "language": language, "kind": kind}])
            self.names.setdefault(by_id[record], []).extend(texts)

    def _read_identifiers(self, by_id: dict[int, Reference], ids: list[int]) -> None:
        rows = Identifier.objects.filter(record__in=ids).order_by("pk").values_list("record_id", "scheme", "value")
        for record, scheme, value in rows:
            self.identifiers.setdefault(by_id[record], []).append((scheme, value))

    def _read_acts(self, by_id: dict[int, Reference], ids: list[int]) -> None:
        rows = Participation.objects.filter(party__in=ids, record__in=Record.objects.visible_to(None).values("pk"))
        for party, title, act, role in rows.values_list("party_id", "record__title", "act", "role"):
            self.acts.setdefault(by_id[party], []).append(f"{title} {act} {role}")

    def title(self, type_: str, slug: str) -> str:
        """The title of a visible record; empty when there is none."""
        return self.titles.get((type_, slug), "")

    def names_of(self, type_: str, slug: str) -> list[Text]:
        """All names of a visible record, in every language."""
        return self.names.get((type_, slug), [])

    def abbreviations(self, type_: str, slug: str) -> list[str]:
        return [name.text for name in self.names_of(type_, slug) if not name.stemmed]

    def identifiers_of(self, type_: str, slug: str) -> list[tuple[str, str]]:
        """Scheme and value of the identifiers of a visible record."""
        return self.identifiers.get((type_, slug), [])

    def acts_of(self, type_: str, slug: str) -> list[str]:
        """What a record takes part in, and as what."""
        return self.acts.get((type_, slug), [])

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


def _references(document: dict) -> Iterable[Reference]:
    yield document["type"], document["slug"]
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
