"""From a record's document to what is searched: one search document for the record, one for each of its parts.

A part is a hit of its own with an address of its own, like a provision under its instrument. What it does not say
itself (level, countries, dates …) it has from its record. `register` adds parts of other types.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import orjson
from django.utils import translation

from governance.knowledge import dump_many
from governance.models import Record
from search.context import Context
from search.dates import Calendar
from search.filing import carried_of, exact_of, facets_of, mention_of
from search.links import linked_of
from search.names import Text
from search.zones import prose, zones_of

BATCH = 200


@dataclass(frozen=True)
class SearchDocument:
    """What an engine is given.

    `zones`: texts by how much a match in them counts (`search.zones`). `exact`: the forms it is called by, with a rank.
    `facets`: values to count and filter by (`search.filing`). `carried`: principles it defines (4) or carries, and
    how strongly (3 to 1). `linked`: the records that it is linked to, and how near they are (`search.links`). `shown`:
    what a result displays. `mention`: what of it stands in other records' documents.
    """

    key: str
    record: int
    type: str
    slug: str
    title: str
    url: str
    zones: dict[str, tuple[Text, ...]]
    exact: dict[str, int]
    facets: dict[str, tuple[str, ...]]
    calendar: Calendar
    shown: dict
    parent: dict | None = None
    carried: dict[str, int] = field(default_factory=dict)
    linked: dict[str, int] = field(default_factory=dict)
    mention: str = ""

    @property
    def digest(self) -> str:
        """A fingerprint of all of it, by which a stale copy is known."""
        return hashlib.sha256(orjson.dumps(vars(self), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def documents_of(records: Iterable[Record]) -> Iterator[SearchDocument]:
    """Yield the search documents of `records`, which must all be visible to the public, in batches of few queries."""
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield from _batch(batch)
            batch = []
    yield from _batch(batch)


def _batch(records: list[Record]) -> list[SearchDocument]:
    with translation.override("en"):  # whoever indexes, in whatever language, writes the same
        return list(_documents(records))


def _documents(records: list[Record]) -> Iterator[SearchDocument]:
    ids = {(record.type, record.slug): record.pk for record in records}
    dumped = list(dump_many(records, public=True))
    context = Context.of(dumped)
    for document in dumped:
        whole = _whole(document, ids[document["type"], document["slug"]], context)
        yield whole
        for parts in _parts.get(document["type"], ()):
            yield from parts(document, whole, context)


def _whole(document: dict, pk: int, context: Context) -> SearchDocument:
    facets, calendar = facets_of(document, context), Calendar.of(document)
    return SearchDocument(
        key=f"r{pk}",
        record=pk,
        type=document["type"],
        slug=document["slug"],
        title=document["title"],
        url=document["url"],
        zones=zones_of(document, facets, calendar, context),
        exact=exact_of(document, context),
        carried=carried_of(document),
        linked=linked_of(document),
        facets=facets,
        calendar=calendar,
        shown={
            "kind": document["kind"],
            "level": document["level"],
            "year": calendar.year,
            "summary": document["summary"],
            "body": prose(document["body"]),
            "names": [[item["text"], item["language"], item["kind"]] for item in document["names"]],
            "identifiers": [item["value"] for item in document["identifiers"]],
        },
        mention=mention_of(document),
    )


Parts = Callable[[dict, SearchDocument, Context], Iterator[SearchDocument]]
_parts: dict[str, list[Parts]] = {}


def register(type_: str, parts: Parts) -> None:
    """Have the records of a type searched in parts too: `parts(document, whole, context)` yields a search document for
    each, `whole` being that of the record. Called once, when the app starts."""
    _parts.setdefault(type_, []).append(parts)
