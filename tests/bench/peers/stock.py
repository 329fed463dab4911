"""Whoosh as its documentation has it, used as well as that goes: one searcher kept, one segment, library parts only.

A search with `limit` and `groupedby` sorts every match, and skipping blocks makes facet counts wrong: hence the
collectors, without skipping. https://whoosh.readthedocs.io/en/latest/searching.html
"""

from collections.abc import Iterable
from pathlib import Path

from whoosh import collectors, highlight, index, sorting
from whoosh import query as nodes
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.qparser import AndGroup, MultifieldParser

from tests.bench.corpus import Passage
from tests.bench.peers import SNIPPET, TOP, Page, bytes_in, files_in
from tests.bench.queries import Query

MEMORY = 512  # MB while building


def schema() -> Schema:
    analyzer = StemmingAnalyzer(cachesize=-1)
    return Schema(
        number=NUMERIC(int, bits=64, stored=True, unique=True),
        title=TEXT(analyzer=analyzer, stored=True, field_boost=3.0),
        body=TEXT(analyzer=analyzer, stored=True),
        kind=ID(sortable=True),
        level=ID(sortable=True),
    )


class Stock:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.searcher = None

    def build(self, passages: Iterable[Passage]) -> None:
        writer = index.create_in(self.folder, schema()).writer(limitmb=MEMORY)
        for passage in passages:
            writer.add_document(**fields(passage))
        writer.commit(optimize=True)

    def size(self) -> int:
        return bytes_in(self.folder)

    def files(self) -> list[Path]:
        return files_in(self.folder)

    def open(self) -> None:
        if self.searcher is not None:
            self.searcher.close()
        self.index = index.open_dir(self.folder)
        self.searcher = self.index.searcher()
        self.parser = MultifieldParser(["title", "body"], self.index.schema, group=AndGroup)
        self.fragmenter = highlight.ContextFragmenter(maxchars=SNIPPET, surround=40)
        self.formatter = highlight.HtmlFormatter("mark")

    def page(self, query: Query) -> Page:
        node = self.parser.parse(match(query))
        facets = {name: sorting.FieldFacet(name, maptype=sorting.Count) for name in ("kind", "level")}
        collector = collectors.FacetCollector(collectors.TopCollector(TOP, usequality=False, replace=0), facets)
        if query.level:
            collector = collectors.FilterCollector(collector, allow=nodes.Term("level", query.level))
        self.searcher.search_with_collector(node, collector)
        results = collector.results()
        results.fragmenter, results.formatter = self.fragmenter, self.formatter
        kinds, levels = dict(results.groups("kind")), dict(results.groups("level"))
        snippets = [hit.highlights("body", top=1) or hit.highlights("title", top=1) for hit in results]
        return Page([hit["number"] for hit in results], sum(kinds.values()), kinds, levels, snippets)

    def add(self, passage: Passage) -> None:
        writer = self.index.writer()
        writer.update_document(**fields(passage))
        writer.commit()

    def finds(self, word: str) -> bool:
        self.searcher = self.searcher.refresh()
        return len(self.searcher.search(self.parser.parse(word), limit=1)) > 0

    def servers(self) -> list[int]:
        return []


def fields(p: Passage) -> dict:
    return {"number": p.number, "title": p.title, "body": p.body, "kind": p.kind, "level": p.level}


def match(query: Query) -> str:
    text = " ".join(query.words)
    return {"phrase": f'"{text}"', "any": " OR ".join(query.words), "prefix": f"{text}*"}.get(query.how, text)
