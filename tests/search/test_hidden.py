"""A draft, a record in review and a withdrawn one are in no answer, by whatever route they are asked for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings

from governance.environment import SearchAddress
from governance.knowledge import apply
from governance.models import Record
from governance.models.vocabulary import State
from search import sync

HIDDEN = [state for state in State if state != State.PUBLISHED]


@pytest.fixture(scope="class", params=HIDDEN)
def hiding(request, shared: Path, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """Three hidden records that others point at, with one word that nothing else has, for all tests of a class; the
    folder of the index that knows them."""
    folder = tmp_path_factory.mktemp("hiding") / "index"
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(SEARCH=SearchAddress("whoosh", path=folder)),
    ):
        hide(request.param)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def hidden(hiding: Path, db, engine_address: SearchAddress) -> None:
    shutil.copytree(hiding, engine_address.path)


def hide(state: str) -> None:
    documents = [
        {"type": "topic", "slug": "quokka-topic", "title": "Quokka topic", "kind": "theme"},
        {"type": "principle", "slug": "quokka-principle", "title": "Quokka principle", "kind": "principle"},
        {"type": "actor", "slug": "quokka-actor", "title": "Quokka actor", "kind": "network",
         "names": [{"text": "QUOKKA", "kind": "abbreviation", "language": "en"}]},
        {"type": "instrument", "slug": "quokka-accord", "title": "Quokka accord", "kind": "treaty",
         "identifiers": [{"scheme": "unts", "value": "999 UNTS 999"}],
         "provisions": [{"label": "Article 1", "gist": "All quokkas are equal."}]},
    ]  # fmt: skip
    for document in documents:
        apply(document)
    apply({
        "type": "instrument", "slug": "plain-accord", "title": "Plain accord", "kind": "treaty",
        "topics": ["quokka-topic"], "principles": ["quokka-principle"],
        "participation": [{"party": "actor/quokka-actor", "act": "party"}],
        "relations": [{"predicate": "related-to", "to": "instrument/quokka-accord"}],
        "provisions": [{"label": "Article 2", "gist": "See there.", "principles": ["quokka-principle"]}],
    })  # fmt: skip
    Record.objects.filter(slug__startswith="quokka").update(state=state)
    sync.rebuild()


@pytest.mark.usefixtures("hidden")
class TestNothingHiddenIsToldOf:
    @pytest.mark.once
    @pytest.mark.parametrize(
        "query",
        ["quokka", "QUOKKA", "quok*", "quoka~", "quoka", '"quokka accord"', "999 UNTS 999", "id:999", "title:quokka",
         "topic:quokka", "principle:quokka-principle", "actor:quokka", "quokka OR plain", "NOT dublin", "plain", ""],
    )  # fmt: skip
    def test_by_a_query(self, client: Client, query: str) -> None:
        body = client.get("/api/v1/search/", {"q": query, "page_size": "100"}).json()
        told = {name: body[name] for name in ("results", "facets", "suggestion")}
        assert "quokka" not in str(told).lower()
        page = client.get("/search/", {"q": query, "page_size": "100"}).content.decode().lower()
        assert "/quokka" not in page
        assert "quokkas" not in page

    @pytest.mark.parametrize("name", ["topic", "principle", "actor"])
    def test_by_a_filter(self, client: Client, name: str) -> None:
        answer = client.get("/api/v1/search/", {name: f"quokka-{name}"})
        assert answer.status_code == 400
        unknown = client.get("/api/v1/search/", {name: "no-such-thing"})
        assert answer.json()["error"]["message"] == unknown.json()["error"]["message"]

    @pytest.mark.parametrize("start", ["quo", "QUOKKA", "999 UNTS"])
    def test_by_a_suggestion(self, client: Client, start: str) -> None:
        assert client.get("/search/suggest/", {"q": start}).json()["suggestions"] == []

    def test_by_a_facet(self, client: Client) -> None:
        facets = client.get("/api/v1/search/").json()["facets"]
        assert "quokka" not in str(facets).lower()
