"""The search page as a value: what is applied, what can be chosen, hits grouped under their records. It only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from governance.browse.facets import Choice, Facet, query_with
from governance.browse.listing import Applied
from search.labels import FACET_LABELS, FACETS, worded
from search.request import FILTERS, ORDERINGS, SearchRequest
from search.results import Count, Hit, Results, Suggestion

CARD_TYPES = ("principle", "actor", "country", "level")
YEARS = ("year_min", "year_max")


@dataclass(frozen=True)
class Group:
    """A record and those of its parts that were found; `hit` is None where the record itself was not found here."""

    hit: Hit | None
    title: str
    url: str
    type: str
    parts: list[Hit]

    @property
    def type_label(self) -> str:
        return worded("type", self.type, {})

    @property
    def kind_label(self) -> str:
        """Empty where it says no more than the type."""
        label = worded("kind", self.hit.kind, {}) if self.hit and self.hit.kind else ""
        return "" if label == self.type_label else label


class SearchPage:
    """Made from the request, its query string and the results."""

    def __init__(
        self, request: SearchRequest, data: QueryDict, results: Results, suggestions: Sequence[Suggestion] = ()
    ) -> None:
        self.request, self.data, self.results, self.suggestions = request, data, results, suggestions

    @cached_property
    def groups(self) -> list[Group]:
        """Hits in order; a provision stands under its instrument, at the place of the better of the two."""
        groups: dict[int, Group] = {}
        for hit in self.results.hits:
            head = hit.parent or {"type": hit.type, "title": hit.title, "url": hit.url}
            group = groups.setdefault(hit.record, Group(None, head["title"], head["url"], head["type"], []))
            if hit.parent:
                group.parts.append(hit)
            else:
                groups[hit.record] = Group(hit, hit.title, hit.url, hit.type, group.parts)
        return list(groups.values())

    @cached_property
    def cards(self) -> list[Hit]:
        """What the query names exactly, on the first page: to go straight to it."""
        if self.request.page > 1 or not self.request.q:
            return []
        return [hit for hit in self.results.hits if hit.exact and hit.type in CARD_TYPES][:3]

    @cached_property
    def beginning(self) -> list[Suggestion]:
        """Names that begin with what was typed, without those that are shown as cards."""
        shown = {hit.url for hit in self.cards}
        return [item for item in self.suggestions if item.url not in shown]

    @cached_property
    def facets(self) -> list[Facet]:
        return [self._facet(name, self.results.facets.get(name, [])) for name in FACETS]

    def _facet(self, name: str, counts: list[Count]) -> Facet:
        chosen = self._chosen(name)
        missing = [Count(value, 0) for value in chosen if value not in {count.value for count in counts}]
        return Facet(
            name, str(FACET_LABELS[name]), [self._choice(name, count, chosen) for count in (*counts, *missing)]
        )

    def _chosen(self, name: str) -> list[str]:
        if name != "year":
            return list(self.request.filters.get(name, ()))
        low, high = self.request.year_min, self.request.year_max
        return [str(low)] if low is not None and low == high else []

    def _choice(self, name: str, count: Count, chosen: list[str]) -> Choice:
        selected = count.value in chosen
        if name == "year":
            values = {} if selected else {year: [count.value] for year in YEARS}
            query = query_with(self.data, values, without=YEARS if selected else ())
        else:
            kept = [value for value in chosen if value != count.value]
            query = query_with(self.data, {name: kept if selected else [*chosen, count.value]})
        label = worded(name, count.value, self.results.labels)
        return Choice(count.value, label, count.count, selected, query)

    def _without(self, *names: str) -> QueryDict:
        query = self.data.copy()
        for name in names:
            query.pop(name, None)
        return query

    @cached_property
    def applied(self) -> list[Applied]:
        """What narrows the results, each with the query that takes it off."""
        found = []
        for name in FILTERS:
            for value in self.request.filters.get(name, ()):
                rest = self._without("page")
                rest.setlist(name, [other for other in self.request.filters[name] if other != value])
                label = worded(name, value, self.results.labels)
                found.append(Applied(str(FACET_LABELS[name]), label, rest.urlencode(), name, value))
        for name in (*YEARS, "in_force_on"):
            value = getattr(self.request, name)
            if value is not None:
                query = self._without("page", name).urlencode()
                found.append(Applied(str(FACET_LABELS[name]), str(value), query, name, str(value)))
        return found

    @property
    def words_only(self) -> str:
        """The query string without the filters, to try again with."""
        query = QueryDict(mutable=True)
        query["q"] = self.request.q
        return query.urlencode()

    @property
    def corrected(self) -> str:
        """The query string with the suggestion in place of the words."""
        query = self._without("page")
        query["q"] = self.results.suggestion or ""
        return query.urlencode()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form that asks anew takes along: the filters, not the words, the page or the order."""
        left_out = ("q", "page", "ordering", "format")
        return [(name, value) for name, values in self.data.lists() for value in values if name not in left_out]

    @property
    def form_kept(self) -> list[tuple[str, str]]:
        """What the form for years and the day takes along."""
        own = (*YEARS, "in_force_on")
        return [("q", self.request.q), *((name, value) for name, value in self.kept if name not in own)]

    @property
    def pages(self) -> int:
        return max(1, -(-self.results.count // self.request.page_size))

    @property
    def orderings(self) -> list[tuple[str, str, bool]]:
        return [(value, str(label), value == self.request.ordering) for value, label in ORDERINGS.items()]

    def turned(self, by: int) -> str | None:
        """The query string of the page before or after this one; None where there is none."""
        number = self.request.page + by
        if not 1 <= number <= self.pages:
            return None
        query = self.data.copy()
        query["page"] = str(number)
        return query.urlencode()

    @property
    def earlier(self) -> str | None:
        return self.turned(-1)

    @property
    def later(self) -> str | None:
        return self.turned(1)
