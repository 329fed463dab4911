"""tantivy, a search library in Rust, through its Python binding: https://tantivy-py.readthedocs.io/"""

from collections.abc import Iterable
from pathlib import Path

import tantivy
from tantivy import Occur
from tantivy import Query as Node

from tests.bench.corpus import Passage
from tests.bench.peers import SNIPPET, TOP, Page, bytes_in, files_in
from tests.bench.queries import Query

MEMORY = 512_000_000
FIELDS = ["title", "body"]
BOOSTS = {"title": 3.0}
FACETS = {name: {"terms": {"field": name}} for name in ("kind", "level")}


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=True, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


class Tantivy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, passages: Iterable[Passage]) -> None:
        writer = tantivy.Index(schema(), path=str(self.folder)).writer(MEMORY, 1)
        for passage in passages:
            writer.add_document(document(passage))
        writer.commit()
        writer.wait_merging_threads()

    def size(self) -> int:
        return bytes_in(self.folder)

    def files(self) -> list[Path]:
        return files_in(self.folder)

    def open(self) -> None:
        self.index = tantivy.Index.open(str(self.folder))
        self.index.reload()
        self.searcher = self.index.searcher()

    def page(self, query: Query) -> Page:
        node = self._read(query)
        found = self.searcher.search(node, TOP)
        facets = self.searcher.aggregate(node, FACETS)
        kinds, levels = ({bucket["key"]: bucket["doc_count"] for bucket in facets[name]["buckets"]} for name in FACETS)
        snippets = tantivy.SnippetGenerator.create(self.searcher, node, self.index.schema, "body")
        snippets.set_max_num_chars(SNIPPET)
        documents = [self.searcher.doc(address) for _score, address in found.hits]
        marked = [snippets.snippet_from_doc(each).to_html() for each in documents]
        return Page([each["number"][0] for each in documents], found.count, kinds, levels, marked)

    def _read(self, query: Query) -> Node:
        if query.how == "prefix":
            start = f"{query.words[0]}.*"
            parts = [(Occur.Should, Node.regex_query(self.index.schema, name, start)) for name in FIELDS]
            node = Node.boolean_query(parts)
        else:
            text = " ".join(query.words)
            text = {"phrase": f'"{text}"', "any": " OR ".join(query.words)}.get(query.how, text)
            together = query.how == "all"
            node = self.index.parse_query(text, FIELDS, field_boosts=BOOSTS, conjunction_by_default=together)
        if not query.level:
            return node
        level = Node.const_score_query(Node.term_query(self.index.schema, "level", query.level, "basic"), 0.0)
        return Node.boolean_query([(Occur.Must, node), (Occur.Must, level)])

    def add(self, passage: Passage) -> None:
        writer = self.index.writer(64_000_000, 1)
        writer.delete_documents("number", passage.number)
        writer.add_document(document(passage))
        writer.commit()

    def finds(self, word: str) -> bool:
        self.index.reload()
        return self.index.searcher().search(self.index.parse_query(word, ["title"]), 1).count > 0

    def servers(self) -> list[int]:
        return []


def document(p: Passage) -> tantivy.Document:
    return tantivy.Document(number=p.number, title=p.title, body=p.body, kind=p.kind, level=p.level)
