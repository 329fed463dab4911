"""What is asked for, as one immutable value, read from a query string by one function.

Pages, API, feeds and exports all take a `SearchRequest`. A repeated name is OR, different names are AND. An unknown
name or value is a problem that is named: a 400 in the API, a notice on a page, never silently everything.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import m49
from governance.browse.filters import ALL_KINDS, LARGEST_PAGE, YEARS, among, slugs_of
from governance.models.vocabulary import Binding, Type
from search.filing import FACETS
from search.passages import PASSAGE
from search.provisions import PROVISION

TYPES = (*Type.values, PROVISION, PASSAGE)
PAGE_SIZE = 20
HIGHEST_PAGE = 10_000
ORDERINGS = {
    "relevance": gettext_lazy("Best match"),
    "title": gettext_lazy("Title"),
    "date": gettext_lazy("Oldest first"),
    "-date": gettext_lazy("Newest first"),
}
# Filters with several values, and what each value may be: wanted values → the known ones among them, well spelled.
FILTERS: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "type": among(TYPES),
    "kind": among(ALL_KINDS),
    "level": slugs_of(Type.LEVEL),
    "binding": among(Binding.values),
    "principle": slugs_of(Type.PRINCIPLE),
    "topic": slugs_of(Type.TOPIC),
    "actor": slugs_of(Type.ACTOR),
    "country": slugs_of(Type.COUNTRY),
    "region": among({*m49.REGIONS, *m49.SUBREGIONS}),
    "source": slugs_of(Type.SOURCE),
}
YEAR = "year"
COUNTED = (*FACETS, YEAR)  # the facets there are
NUMBERS = {"year_min": YEARS, "year_max": YEARS, "page": (1, HIGHEST_PAGE), "page_size": (1, LARGEST_PAGE)}
NAMES = {"q", *FILTERS, *NUMBERS, "in_force_on", "ordering", "format"}


@dataclass(frozen=True)
class SearchRequest:
    """`filters`: name → chosen values, only names that are used. `problems`: name → what is wrong with it; what has a
    problem is left out of the rest. `facets`: those to count; whoever shows fewer than all asks for fewer."""

    q: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    year_min: int | None = None
    year_max: int | None = None
    in_force_on: date | None = None
    ordering: str = "relevance"
    page: int = 1
    page_size: int = PAGE_SIZE
    problems: dict[str, str] = field(default_factory=dict)
    facets: tuple[str, ...] = COUNTED

    @classmethod
    def read(cls, data: QueryDict) -> "SearchRequest":
        """Read a query string; never raises."""
        reader = _Reader(data)
        return cls(
            q=data.get("q", "").strip(),
            filters=reader.filters(),
            in_force_on=reader.day("in_force_on"),
            ordering=reader.ordering(),
            **reader.numbers(),
            problems=reader.problems,
        )

    @property
    def start(self) -> int:
        return (self.page - 1) * self.page_size

    @property
    def notices(self) -> list[str]:
        """What the reader should know of a request in which nothing is wrong by itself."""
        if self.year_min is not None and self.year_max is not None and self.year_min > self.year_max:
            return [_("The first year is after the last one.")]
        return []

    @property
    def is_empty(self) -> bool:
        """Nothing typed and nothing chosen."""
        return not (self.q or self.filters or self.year_min or self.year_max or self.in_force_on)


class _Reader:
    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.problems = {name[:60]: _("There is no filter with this name.") for name in data if name not in NAMES}

    def filters(self) -> dict[str, tuple[str, ...]]:
        chosen = {}
        for name, known in FILTERS.items():
            values = [value for value in dict.fromkeys(self.data.getlist(name)) if value]
            if not values:
                continue
            right = known([value for value in values if "\x00" not in value])
            wrong = [value[:60] for value in values if value not in right]
            if wrong:
                self.problems[name] = _("There is no “%s” to choose here.") % "”, “".join(wrong)
            if right:
                chosen[name] = tuple(dict.fromkeys(right[value] for value in values if value in right))
        return chosen

    def numbers(self) -> dict[str, Any]:
        found: dict[str, int] = {}
        for name, (least, most) in NUMBERS.items():
            text = self.data.get(name, "").strip()
            if not text:
                continue
            if text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most:
                found[name] = int(text[:9])
            else:
                self.problems[name] = _("This is a whole number from %(least)d to %(most)d.") % {
                    "least": least,
                    "most": most,
                }
        return found

    def day(self, name: str) -> date | None:
        text = self.data.get(name, "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.problems[name] = _("“%s” is not a day; write it like 2018-12-10.") % text[:60]
            return None

    def ordering(self) -> str:
        value = self.data.get("ordering") or "relevance"
        if value in ORDERINGS:
            return value
        self.problems["ordering"] = _("“%(value)s” is not one of: %(known)s.") % {
            "value": value[:60],
            "known": ", ".join(ORDERINGS),
        }
        return "relevance"
