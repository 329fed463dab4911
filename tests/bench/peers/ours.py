"""Our engine, asked through `search.engines.Engine` as the site asks it: the query language, all facets, snippets."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from tests.bench.corpus import LEVELS, Passage
from tests.bench.peers import TOP, Page, bytes_in, files_in
from tests.bench.queries import Query


class Ours:
    def __init__(self, folder: Path) -> None:
        import django

        for name in ("DATABASE_URL", "SEARCH_URL"):
            os.environ.pop(name, None)
        os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "governance.settings"}
        django.setup()
        self.folder = folder
        self.engine = None

    def build(self, passages: Iterable[Passage]) -> None:
        from governance.models import Position
        from search.engines import get_engine

        get_engine().rebuild(chain(levels(), documents(passages)), Position(0, 1))

    def size(self) -> int:
        return bytes_in(self.folder / "index")

    def files(self) -> list[Path]:
        return files_in(self.folder / "index")

    def open(self) -> None:
        from search.engines import engine_at, get_engine

        engine_at.cache_clear()
        self.engine = get_engine()
        self.engine.status()

    def page(self, query: Query) -> Page:
        from search.parser import parse
        from search.request import SearchRequest

        filters = {"level": (query.level,)} if query.level else {}
        request = SearchRequest(q=match(query), filters=filters, page_size=TOP, facets=("kind", "level"))
        results = self.engine.search(request, parse(request.q))
        kinds, levels = (
            {count.value: count.count for count in results.facets[name] if count.count} for name in ("kind", "level")
        )
        hits = results.hits
        return Page([hit.record for hit in hits], results.count, kinds, levels, [hit.snippet for hit in hits])

    def add(self, passage: Passage) -> None:
        since = self.engine.status().position
        self.engine.apply({passage.number}, documents([passage]), since, since._replace(id=since.id + 1))

    def finds(self, word: str) -> bool:
        from search.parser import parse
        from search.request import SearchRequest

        return self.engine.search(SearchRequest(q=word, page_size=1), parse(word)).count == 1

    def servers(self) -> list[int]:
        return []


def levels() -> Iterator:
    """The records of the levels, which are counted by; without words, so that no query finds them."""
    from search.dates import Calendar
    from search.documents import SearchDocument
    from search.filing import FACETS

    for number, level in enumerate(LEVELS, 1):
        yield SearchDocument(
            key=f"level-{level}",
            record=-number,
            type="level",
            slug=level,
            title=level,
            url=f"/levels/{level}/",
            zones={},
            exact={},
            facets={name: ("level",) if name == "type" else () for name in FACETS},
            calendar=Calendar(),
            shown={"kind": None, "level": None, "year": None, "summary": "", "body": ""},
        )


def documents(passages: Iterable[Passage]) -> Iterator:
    """A passage as the site would give it to the engine."""
    from search.dates import Calendar
    from search.documents import SearchDocument
    from search.filing import FACETS
    from search.zones import texts

    for p in passages:
        own = {"type": ("passage",), "kind": (p.kind,), "level": (p.level,)}
        yield SearchDocument(
            key=f"r{p.number}/p1",
            record=p.number,
            type="passage",
            slug="p1",
            title=p.title,
            url=f"/sources/{p.number}/#p1",
            zones={"title": texts([p.title]), "body": texts([p.body])},
            exact={},
            facets={name: own.get(name, ()) for name in FACETS},
            calendar=Calendar(years=((p.year, p.year),)),
            shown={"kind": p.kind, "level": p.level, "year": p.year, "summary": "", "body": p.body},
            parent={"type": "source", "slug": str(p.number), "title": p.title, "url": f"/sources/{p.number}/"},
        )


def match(query: Query) -> str:
    text = " ".join(query.words)
    return {"phrase": f'"{text}"', "any": " OR ".join(query.words), "prefix": f"{text}*"}.get(query.how, text)
