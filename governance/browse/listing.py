"""One list as a value: what is applied, what is shown, what it can be narrowed by. Pages and data both read it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict

from governance.browse.facets import LABELS, Facet, facets, worded
from governance.browse.filters import ORDERINGS, PAGE_SIZE, RecordFilterSet, how_many_pages, whole_number
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
DEFAULT_ORDER = {Type.EVENT: "date", Type.SOURCE: "code"}
WITH_DATES = (Type.INSTRUMENT, Type.ACTOR, Type.EVENT)


@dataclass(frozen=True)
class Applied:
    """One thing the list is narrowed by: what it is, how its value reads, the query without it, its name and slug."""

    label: str
    value: str
    query: str
    name: str
    slug: str


class Listing:
    """A filtered, sorted, paged list of one type, read from a query string.

    `page_size` is the number of entries on a page where the query does not say.
    """

    def __init__(self, queryset: QuerySet, type_: str, data: QueryDict, page_size: int = PAGE_SIZE) -> None:
        self.type, self.data, self.page_size = Type(type_), data, page_size
        self.filterset = RecordFilterSet(data, queryset=queryset)

    @cached_property
    def faults(self) -> dict[str, str]:
        return self.filterset.faults()

    @cached_property
    def facets(self) -> list[Facet]:
        return facets(self.filterset, FACETS[self.type])

    @cached_property
    def ordering(self) -> str:
        wanted = self.data.get("ordering")
        return wanted if wanted in ORDERINGS else DEFAULT_ORDER.get(self.type, "title")

    @cached_property
    def records(self) -> QuerySet:
        return self.filterset.sorted(self.ordering).for_cards()

    @cached_property
    def page(self) -> Page:
        """The page asked for; Http404 names the last one when it lies beyond the end."""
        paginator = Paginator(self.records, self.filterset.page_size(self.page_size))
        number = whole_number(self.data.get("page") or "1") or 1
        if number > paginator.num_pages:
            raise Http404(how_many_pages(paginator.num_pages))
        return paginator.page(number)

    @cached_property
    def applied(self) -> list[Applied]:
        """What narrows the list, worded for a reader, each with the query that takes it off."""
        said = [
            (name, value, urlencode({name: value}))
            for name, values in self.data.lists()
            if name != "page"
            for value in values
        ]
        found = []
        for name, label in LABELS.items():
            for value in filter(None, self.data.getlist(name)):
                rest = "&".join(text for *other, text in said if other != [name, value])
                found.append(Applied(str(label), self._worded(name, value), rest, name, value))
        return found

    def _worded(self, name: str, value: str) -> str:
        """How a value reads: as its facet words it, where the list has one."""
        for facet in self.facets:
            if facet.name == name:
                return next((c.label for c in facet.choices if c.value.casefold() == value.casefold()), value)
        return worded(name, value)

    @property
    def orderings(self) -> list[tuple[str, str, bool]]:
        """The orders that mean something for the type: `[(value, label, is the current one)]`."""
        offered = [
            value for value in ORDERINGS
            if (value.strip("-") != "date" or self.type in WITH_DATES) and (value != "code" or self.type == Type.SOURCE)
        ]  # fmt: skip
        return [(value, str(ORDERINGS[value]), value == self.ordering) for value in offered]
