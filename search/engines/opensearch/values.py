"""`field:value` in a query, and the filters of a request, as filters."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from governance.models.vocabulary import PLURALS
from search import identifiers
from search.dates import EARLIEST, LATEST
from search.engines.opensearch.reader import Query, Reader
from search.filing import FIRST_RANK, LAST_RANK, called
from search.query import Fuzzy, Phrase, Prefix, Term
from search.request import YEAR, SearchRequest
from search.text import fold, key, words

RECORDS = ("level", "principle", "topic", "actor", "country", "source")  # facets whose values are records
_SINGULAR = {plural: str(type_) for type_, plural in PLURALS.items()} | {
    "provisions": "provision",
    "passages": "passage",
}
NOTHING: Query = {"match_none": {}}


def having(facet: str, values: Iterable[str]) -> Query:
    """Documents with any of the values."""
    return {"terms": {f"facets.{facet}": list(values)}}


def years(low: int | None, high: int | None) -> Query:
    """Documents with a date that may lie in the years."""
    ends = {"gte": EARLIEST if low is None else low, "lte": LATEST if high is None else high}
    return {"range": {"years": {**ends, "relation": "intersects"}}}


def in_force_on(day: date) -> Query:
    return {"term": {"force": day.toordinal()}}


def filters(request: SearchRequest) -> dict[str, Query]:
    """The filters of a request by name."""
    found = {name: having(name, chosen) for name, chosen in request.filters.items()}
    if request.year_min is not None or request.year_max is not None:
        found[YEAR] = years(request.year_min, request.year_max)
    if request.in_force_on:
        found["in_force_on"] = in_force_on(request.in_force_on)
    return found


def filed(forms: Iterable[str]) -> Query:
    """Documents that are filed under any of the forms, in whatever rank."""
    ranks = range(LAST_RANK, FIRST_RANK + 1)
    return {"terms": {"exact": sorted(f"{rank} {form}" for form in forms if form for rank in ranks)}}


class FieldValues:
    """Finds what a value in a query means among those of the index."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def find(self, name: str, leaf: Term | Phrase | Prefix | Fuzzy) -> tuple[Query, str]:
        """Documents for `name:value`, and a notice when the value was taken for another one or there is none."""
        if name == "id":
            return filed({*identifiers.recognise(leaf.text), called(leaf.text)}), ""
        for facet in (name, "kind") if name == "type" else (name,):
            values = self._resolve(facet, leaf)
            if values:
                notice = ""
                if facet != name:
                    notice = _("There is no type “%(value)s”; these are of the kind: %(kinds)s.") % {
                        "value": leaf.text[:40],
                        "kinds": ", ".join(values),
                    }
                return having(facet, values), notice
        return NOTHING, _("There is no %(field)s “%(value)s”.") % {"field": name, "value": leaf.text[:40]}

    def _resolve(self, facet: str, leaf: Term | Phrase | Prefix | Fuzzy) -> list[str]:
        """The values that `leaf` means: by its slug, by a name of the record, or by words of the slug."""
        known = self.reader.values(facet)
        wanted = _SINGULAR.get(fold(leaf.text), fold(leaf.text)) if facet == "type" else fold(leaf.text)
        if isinstance(leaf, Prefix):
            return [value for value in known if fold(value).startswith(wanted)]
        same = [value for value in known if fold(value) == wanted or key(value) == key(wanted)]
        if same:
            return same
        if facet in RECORDS:
            named = self._named(facet, leaf.text)
            if named:
                return named
        asked = set(words(leaf.text))
        return [value for value in known if asked and asked <= set(words(value))]

    def _named(self, type_: str, text: str) -> list[str]:
        query = {"bool": {"filter": [filed({called(text)}), having("type", [type_])]}}
        hits = self.reader.search({"size": 100, "query": query, "_source": ["slug"]})["hits"]["hits"]
        return [hit["_source"]["slug"] for hit in hits]
