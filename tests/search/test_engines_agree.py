"""Both engines mean the same: the same documents with the same scores, but for what roundings make of them."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from governance.environment import SearchAddress
from governance.models import Position
from search.engines.opensearch import reader
from search.engines.opensearch.engine import OpenSearchEngine
from search.engines.opensearch.engine import open as open_opensearch
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.engine import open as open_whoosh
from search.names import Text
from search.parser import parse
from search.request import SearchRequest
from search.results import Results
from tests.search.conftest import every_engine
from tests.search.engine.conftest import document, some_documents

QUERIES = [
    "refugee",
    "states refugees",
    "protection border state",
    "non-refoulement",
    "U.N. protection",
    "A/RES/73/195 refugee",
    '"refugee protection"',
    '"protection of refugees"',
    "refug*",
    "protektion~",
    "title:border",
    'title:"state protection"',
    "refugee OR (state AND border)",
    "border -states kind:theme",
    "refugee (border OR state)",
    "protexion",  # misspelled
    "protecshun",  # as it is heard
    "border xyzzy",  # of which one word is nowhere
    "t5",  # the name of one
    "t5 border",  # with the name of one
    "the rights of refugees",
    "what is the difference between t5 and t9",  # names alone
    "what do you do for the protection of refugees",
    "who looks after children at the border of a state",
    "quels droits pour les réfugiés à la frontière",
    "which compact is about the returning of families",
]
LINKED = [{}, {"topic/t1": 50}, {"topic/t2": 100, "topic/t9": 20}]
NAMES = ["Pact on the children of refugees", "Compact for families", "Droits des réfugiés", "Returning"]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WhooshEngine, OpenSearchEngine]]:
    """Both, with the same documents."""
    address = every_engine("opensearch", Path())
    documents = [
        replace(made, linked=LINKED[number % 3], shown=made.shown | {"names": []})
        for number, made in enumerate(some_documents(70, seed=7))
    ]
    for number, name in enumerate(NAMES, 71):
        language = "fr" if name.startswith("Droits") else "en"
        made = document(number, {"title": [f"Record {number}"], "summary": [f"Of {name}, and borders."]})
        names = {"names": [[name, language, "alias"]], "identifiers": []}
        zones = made.zones | {"names": (Text(name, language),)}
        documents.append(replace(made, zones=zones, shown=made.shown | names, linked={"topic/t3": 70}))
    whoosh = open_whoosh(SearchAddress("whoosh", path=tmp_path_factory.mktemp("agree") / "index"))
    opensearch = open_opensearch(replace(address, prefix=f"{address.prefix}-agree"))
    for engine in (whoosh, opensearch):
        engine.rebuild(documents, Position(0, 1))
    yield whoosh, opensearch


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_documents_have_the_same_scores(engines, query: str) -> None:
    def ask(engine) -> Results:
        return engine.search(SearchRequest(q=query, page_size=100), parse(query))

    one, other = map(ask, engines)
    assert {hit.key: hit.score for hit in other.hits} == pytest.approx(
        {hit.key: hit.score for hit in one.hits}, rel=0.002, abs=0.002
    )
    assert (other.count, other.notices, other.suggestion) == (one.count, one.notices, one.suggestion)
    scores = [hit.score for hit in other.hits]
    assert all(score >= later - 0.0011 for score, later in itertools.pairwise(scores))


def test_many_documents_are_counted_as_few_are(engines, monkeypatch) -> None:
    queries = [{"term": {"any": word}} for word in ("refugee", "border", "nowhere")]
    queries += [{"terms": {"telling": ["state", "~en:state"]}}, {"match_phrase": {"zones.title": "refugee protection"}}]
    _whoosh, opensearch = engines
    counts = []
    for few in (0, 10_000):
        monkeypatch.setattr(reader, "FEW", few)
        counts.append(reader.Reader(opensearch.cluster, opensearch.indices.state()).count(queries))
    assert counts[0] == counts[1]
    assert counts[0][0] > 0 == counts[0][2]
