"""Small made-up collections in an index of their own, without a database."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from governance.environment import SearchAddress
from governance.models import Position
from search.dates import Calendar
from search.documents import SearchDocument
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.engine import open as open_engine
from search.filing import FACETS
from search.names import Text

WORDS = ("refugee", "refugees", "protection", "border", "non-refoulement", "A/RES/73/195", "state", "states", "U.N.")
ZONES = ("title", "names", "summary", "body", "related")


def document(number: int, texts: dict[str, list[str]], **facets: tuple[str, ...]) -> SearchDocument:
    """One with these words by zone."""
    title = texts.get("title", [""])[0]
    return SearchDocument(
        key=f"r{number}", record=number, type="topic", slug=f"t{number}", title=title, url=f"/topics/t{number}/",
        zones={zone: tuple(Text(text) for text in found) for zone, found in texts.items()},
        exact={f"name=t{number}": 4}, facets=dict.fromkeys(FACETS, ()) | {"type": ("topic",)} | facets,
        calendar=Calendar(years=((1950 + number % 9, 1950 + number % 9),)),
        shown={"kind": None, "level": None, "year": None, "summary": title},
    )  # fmt: skip


def some_documents(count: int, seed: int = 1, start: int = 1) -> list[SearchDocument]:
    """Documents of a few words in several zones, always the same."""
    chance = random.Random(seed)
    text = lambda: " ".join(chance.choices(WORDS, k=chance.randint(1, 6)))  # noqa: E731
    made = []
    for number in range(start, start + count):
        zones = chance.sample(ZONES, chance.randint(1, len(ZONES)))
        texts = {zone: [text() for _text in range(chance.randint(1, 2))] for zone in zones}
        made.append(document(number, texts, kind=(chance.choice(("theme", "challenge")),)))
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def built(place: Path) -> Callable[[list[SearchDocument]], WhooshEngine]:
    """Builds an index of documents, and returns its engine."""

    def build(documents: list[SearchDocument]) -> WhooshEngine:
        engine = open_engine(SearchAddress("whoosh", path=place))
        engine.rebuild(documents, Position(0, 1))
        return engine

    return build


def add(engine: WhooshEngine, *documents: SearchDocument) -> None:
    """Put documents in the place of those of the same records."""
    since = engine.status().position
    engine.apply({d.record for d in documents}, documents, since, Position(0, since.id + 1))
