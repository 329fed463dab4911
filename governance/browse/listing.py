"""One list as a value: what is applied, what is shown, what it can be narrowed by. Pages and data both read it."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from governance.browse.facets import LABELS, Facet, facets
from governance.browse.filters import ORDERINGS, RecordFilterSet
from governance.models.vocabulary import Type

FACETS = {
    Type.INSTRUMENT: ("level", "kind", "binding", "principle", "topic", "country", "region", "actor", "source"),
    Type.ACTOR: ("level", "kind", "binding", "topic", "country", "region", "source"),
    Type.PRINCIPLE: ("kind", "level", "topic", "source"),
    Type.TOPIC: ("kind", "level", "principle", "source"),
    Type.EVENT: ("level", "kind", "topic", "country", "region", "actor", "source"),
    Type.PRACTICE: ("level", "principle", "topic", "country", "source"),
    Type.COUNTRY: ("region", "source"),
    Type.LEVEL: (),
    Type.SOURCE: ("kind",),
}


@dataclass(frozen=True)
class Applied:
    """One thing the list is narrowed by, and the query without it."""

    label: str
    value: str
    query: str


class Listing:
    """A filtered, sorted, paged list of one type, read from a query string."""

    def __init__(self, queryset: QuerySet, type_: str, data: QueryDict) -> None:
        self.type, self.data = type_, data
        self.filterset = RecordFilterSet(data, queryset=queryset)

    @cached_property
    def faults(self) -> dict[str, str]:
        return self.filterset.faults()

    @cached_property
    def facets(self) -> list[Facet]:
        return facets(self.filterset, FACETS[Type(self.type)])

    @cached_property
    def records(self) -> QuerySet:
        return self.filterset.sorted().for_cards()

    @cached_property
    def page(self) -> Page:
        """The page asked for; Http404 names the last one when it lies beyond the end."""
        paginator = Paginator(self.records, self.filterset.page_size)
        wanted = self.data.get("page", "1")
        number = int(wanted[:9]) if wanted.isascii() and wanted.isdecimal() else 1
        if number > paginator.num_pages:
            raise Http404(_("This list has %d pages.") % paginator.num_pages)
        return paginator.page(max(number, 1))

    @cached_property
    def applied(self) -> list[Applied]:
        """What narrows the list, worded for a reader, each with the query that takes it off."""
        names = {facet.name: {c.value.casefold(): c.label for c in facet.choices} for facet in self.facets}
        found = []
        for name, label in LABELS.items():
            for value in filter(None, self.data.getlist(name)):
                rest = self.data.copy()
                rest.pop("page", None)
                rest.setlist(name, [other for other in self.data.getlist(name) if other != value])
                found.append(Applied(str(label), names.get(name, {}).get(value.casefold(), value), rest.urlencode()))
        return found

    @property
    def orderings(self) -> list[tuple[str, str, bool]]:
        current = self.data.get("ordering") or "title"
        return [(value, str(label), value == current) for value, label in ORDERINGS.items()]
