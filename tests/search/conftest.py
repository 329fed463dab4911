"""A small collection to search in, and an index of one's own for each test."""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client, override_settings

from governance.environment import SearchAddress, read_search
from governance.knowledge import apply
from governance.models import Record
from search import sync
from search.documents import SearchDocument, documents_of
from search.engines import Engine, get_engine
from search.finding import find
from search.request import SearchRequest
from search.results import Results
from tests.cluster.opensearch import answers
from tests.snapshot import Rows, put, stored

LEVELS = [
    {"type": "level", "slug": "global", "title": "Global level", "position": "1"},
    {"type": "level", "slug": "regional", "title": "Regional level", "position": "2"},
    {"type": "level", "slug": "subregional", "title": "Sub-regional level", "parent": "regional", "position": "3"},
]
SOURCES = [{"type": "source", "slug": "S4", "title": "Background note", "kind": "background-note"}]
COUNTRIES = [
    {"type": "country", "slug": "MA", "title": "Morocco", "iso2": "MA", "iso3": "MAR", "region": "015",
     "names": [{"text": "Maroc", "kind": "short", "language": "fr"}]},
    {"type": "country", "slug": "NE", "title": "Niger", "iso2": "NE", "iso3": "NER", "region": "011"},
]  # fmt: skip
PRINCIPLES = [
    {"type": "principle", "slug": "non-refoulement", "title": "Non-refoulement", "kind": "principle",
     "summary": "No one is returned to a place of danger.",
     "names": [
         {"text": "refoulement", "kind": "alias", "language": "en"},
         {"text": "sending people back", "kind": "plain", "language": "en"},
         {"text": "principe de non-refoulement", "kind": "alias", "language": "fr"},
         {"text": "no devolución", "kind": "alias", "language": "es"},
         {"text": "عدم الإعادة القسرية", "kind": "alias", "language": "ar"},
     ]},
    {"type": "principle", "slug": "burden-sharing", "title": "Burden-sharing", "kind": "principle",
     "summary": "States share the load of protecting refugees."},
]  # fmt: skip
TOPICS = [
    {
        "type": "topic",
        "slug": "human-trafficking",
        "title": "Human trafficking",
        "kind": "challenge",
        "names": [{"text": "status of people who are sold", "kind": "plain", "language": "en"}],
    }
]
ACTORS = [
    {"type": "actor", "slug": "unhcr", "title": "Office of the United Nations High Commissioner for Refugees",
     "kind": "un-agency", "level": "global", "names": [{"text": "UNHCR", "kind": "abbreviation", "language": "en"}]},
    {"type": "actor", "slug": "abu-dhabi-dialogue", "title": "Abu Dhabi Dialogue", "level": "regional",
     "kind": "regional-consultative-process", "names": [{"text": "ADD", "kind": "abbreviation", "language": "en"}]},
]  # fmt: skip
INSTRUMENTS = [
    {"type": "instrument", "slug": "refugee-convention-1951", "title": "Convention relating to the Status of Refugees",
     "kind": "convention", "level": "global", "binding": "binding",
     "summary": {"value": "Says who is a refugee and what refugees may expect.", "cite": ["S4.12 'who is a refugee'"]},
     "names": [{"text": "1951 Convention", "kind": "short", "language": "en"},
               {"text": "Geneva Convention on refugees", "kind": "alias", "language": "en"}],
     "identifiers": [{"scheme": "unts", "value": "189 UNTS 137"}],
     "dates": [{"event": "adopted", "value": "1951-07-28"}, {"event": "in-force", "value": "1954-04-22"}],
     "provisions": [
         {"label": "Article 33", "heading": "Prohibition of expulsion or return",
          "gist": "No expulsion or return of a refugee to the frontiers of danger.",
          "principles": [{"slug": "non-refoulement", "strength": "explicit"}]},
         {"label": "Article 31", "heading": "Refugees unlawfully in the country",
          "gist": "No penalties for illegal entry."},
     ],
     "participation": [{"party": "actor/unhcr", "act": "secretariat"}]},
    {"type": "instrument", "slug": "global-compact-for-migration", "kind": "compact", "level": "global",
     "title": "Global Compact for Safe, Orderly and Regular Migration", "binding": "non-binding",
     "summary": "Twenty-three objectives for safe migration, agreed in Marrakesh.",
     "names": [{"text": "GCM", "kind": "abbreviation", "language": "en"},
               {"text": "Pacto Mundial para la Migración", "kind": "official", "language": "es"}],
     "identifiers": [{"scheme": "un-symbol", "value": "A/RES/73/195"}],
     "dates": [{"event": "adopted", "value": "2018-12-10"}]},
    {"type": "instrument", "slug": "dublin-iii", "title": "Dublin III Regulation", "kind": "regulation",
     "level": "regional", "binding": "binding", "identifiers": [{"scheme": "celex", "value": "32013R0604"}],
     "dates": [{"event": "in-force", "value": "2013-07-19"}, {"event": "repealed", "value": "2026-06-12"}]},
    {"type": "instrument", "slug": "trafficking-protocol", "title": "Trafficking Protocol", "kind": "protocol",
     "binding": "binding", "topics": ["human-trafficking"],
     "names": [{"text": "Palermo protocol", "kind": "alias", "language": "en"}]},
    {"type": "instrument", "slug": "smuggling-protocol", "title": "Smuggling Protocol", "kind": "protocol",
     "binding": "binding", "names": [{"text": "Palermo protocol", "kind": "alias", "language": "en"}]},
    {"type": "instrument", "slug": "agreement-niger-morocco", "title": "Agreement between Niger and Morocco",
     "kind": "bilateral-agreement", "level": "subregional", "topics": ["human-trafficking"],
     "dates": [{"event": "signed", "value": "2023"}],
     "participation": [{"party": "country/MA", "act": "party"}, {"party": "country/NE", "act": "party"}]},
]  # fmt: skip
APPLIED: Rows = {}  # the collection, once a test of this process has had it committed
COLLECTION = [*LEVELS, *SOURCES, *COUNTRIES, *PRINCIPLES, *TOPICS, *ACTORS, *INSTRUMENTS]


@pytest.fixture(autouse=True)
def engine_address(request, settings, tmp_path: Path) -> SearchAddress:
    """The embedded engine with an empty index; a module that is for every engine has a fixture of its own."""
    settings.SEARCH = SearchAddress("whoosh", path=tmp_path / "index")
    return settings.SEARCH


def every_engine(name: str, folder: Path) -> SearchAddress:
    """The address of an engine by its name; skips where there is no cluster to test on."""
    if name == "whoosh":
        return SearchAddress("whoosh", path=folder / "index")
    if "TEST_SEARCH_URL" not in os.environ:
        pytest.skip("OpenSearch is missing: python -m tests.cluster.opensearch pytest …")
    address = read_search({"SEARCH_URL": os.environ["TEST_SEARCH_URL"]}, Path(), Path())
    wait_for(int(address.host.rpartition(":")[2]))
    return replace(address, prefix=f"{address.prefix}-{os.getpid()}")


@cache
def wait_for(port: int) -> None:
    """Until the node that was started before the tests is ready."""
    until = time.monotonic() + 120
    while not answers(port):
        assert time.monotonic() < until, "OpenSearch did not start."
        time.sleep(0.2)


@pytest.fixture
def engine(engine_address) -> Engine:
    return get_engine()


@pytest.fixture
def publish() -> Callable[..., Record]:
    """Makes a record as a document says, and returns it."""

    def make(type_: str, slug: str, title: str = "", state: str = "published", **fields) -> Record:
        document = {"type": type_, "slug": slug, "title": title or slug.replace("-", " ").title(), **fields}
        return apply(document, state=state).record

    return make


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """The small collection in the database, for all tests of a module, and the folder of its index."""
    folder = tmp_path_factory.mktemp("shared") / "index"
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(SEARCH=SearchAddress("whoosh", path=folder)),
    ):
        for document in COLLECTION:
            apply(document)
        sync.rebuild()
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def collection(shared: Path, db, engine_address) -> None:
    """The small collection, in the database and in an index that says so: what a test writes is rolled back."""
    if engine_address.path:
        shutil.copytree(shared, engine_address.path)
    else:
        sync.catch_up()


@pytest.fixture
def lasting(transactional_db) -> None:
    """The same, with every write committed, as the change log wants it on PostgreSQL."""
    if APPLIED:
        put(APPLIED)
    else:
        for document in COLLECTION:
            apply(document)
        APPLIED.update(stored())
    sync.rebuild()


if connection.vendor == "postgresql":

    @pytest.fixture
    def growing(lasting: None) -> None:
        """The small collection for tests that search what they add: here an index takes in only what is committed."""

else:

    @pytest.fixture
    def growing(collection: None) -> None:
        """The small collection for tests that search what they add."""


def ask(query: str = "", **filters) -> Results:
    """Search as a page does, with filters as in an address."""
    data = QueryDict(mutable=True)
    data["q"] = query
    for name, value in filters.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    request = SearchRequest.read(data)
    assert request.problems == {}
    return find(request)


def changing(slug: str, title: str) -> Callable[[Iterable[Record]], Iterator[SearchDocument]]:
    """What makes search documents as ever, but that a record gets another title once the first lot of them is made."""
    turn = count()

    def make(records: Iterable[Record]) -> Iterator[SearchDocument]:
        yield from documents_of(records)
        if next(turn) == 0:
            Record.objects.filter(slug=slug).update(title=title)

    return make


def slugs(results: Results) -> list[str]:
    return [hit.slug for hit in results.hits]


@pytest.fixture
def client() -> Iterator[Client]:
    yield Client(HTTP_HOST="localhost")
