"""What an engine answers: plain values that a page, the API and feeds show."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from governance.models import Position


@dataclass(frozen=True)
class Count:
    """A value of a facet and how many hits there are with it; the facet's own choice is left out of the counting."""

    value: str
    count: int


class Hit(NamedTuple):
    """One result. `parent` (type, slug, title, url) is there for provisions and passages; `snippet` is safe HTML with
    <mark> around what matched; `exact` says that the query is its name or identifier."""

    key: str
    record: int
    type: str
    slug: str
    title: str
    url: str
    snippet: str
    score: float
    parent: dict | None = None
    kind: str | None = None
    level: str | None = None
    year: int | None = None
    exact: bool = False


@dataclass(frozen=True)
class Results:
    """`labels` names values of facets that are records: (type, slug) → title. `position` is that of the index; `behind`
    says that it could not be brought up to date in time."""

    count: int
    hits: list[Hit]
    facets: dict[str, list[Count]]
    position: Position
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    suggestion: str | None = None
    behind: bool = False

    def without_hidden(self, hits: list[Hit]) -> "Results":
        """The same with fewer hits on this page."""
        return replace(self, hits=hits, count=self.count - (len(self.hits) - len(hits)))

    def saying(self, *notices: str) -> "Results":
        return replace(self, notices=(*notices, *self.notices))


@dataclass(frozen=True)
class Suggestion:
    """Something to go to while typing: the name that matched, and the record it leads to."""

    text: str
    title: str
    type: str
    url: str
