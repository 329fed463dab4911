"""Those compared, behind one protocol. Each runs in a process of its own, in a folder of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from tests.bench.corpus import Passage
from tests.bench.queries import Query

TOP = 10
SNIPPET = 200  # characters, about


@dataclass(frozen=True)
class Page:
    """One page of results: the first ten, how many there are, how many of each kind and level, ten snippets."""

    numbers: list[int]
    total: int
    kinds: dict[str, int]
    levels: dict[str, int]
    snippets: list[str]


class Peer(Protocol):
    """Made with a folder (and, for PostgreSQL, the server's address in the environment)."""

    def build(self, passages: Iterable[Passage]) -> None:
        """Index the passages, as one would before the site opens: in one process, and merged at the end."""

    def size(self) -> int:
        """Bytes of the index, and of the texts where it keeps them."""

    def files(self) -> Iterable[Path]:
        """What it reads its answers from."""

    def open(self) -> None:
        """Open what was built; again: with nothing kept of what was read before."""

    def page(self, query: Query) -> Page:
        """Answer a query, from its words on."""

    def add(self, passage: Passage) -> None:
        """Bring one passage in, durably as far as the peer does that."""

    def finds(self, word: str) -> bool:
        """Does a reader find this word now?"""

    def servers(self) -> list[int]:
        """Processes beside this one that do its work."""


@dataclass(frozen=True)
class Entry:
    """`largest`: the size up to which it is measured; `needs`: the package it cannot be without; `apart`:
    another process works for it."""

    title: str
    place: str
    largest: int
    needs: str = ""
    apart: bool = False

    @property
    def is_here(self) -> bool:
        return not self.needs or find_spec(self.needs) is not None

    def make(self, folder: Path) -> Peer:
        module, _colon, name = self.place.partition(":")
        return getattr(import_module(f"tests.bench.peers.{module}"), name)(folder)


PEERS = {
    "ours": Entry("ours: Whoosh behind our engine", "ours:Ours", 1_000_000),
    "stock": Entry("stock Whoosh 2.7.4, tuned", "stock:Stock", 100_000),
    "haystack": Entry("django-haystack with Whoosh", "haystack:Haystack", 10_000, "haystack"),
    "fts5": Entry("SQLite FTS5", "fts5:FTS5", 1_000_000),
    "postgres": Entry("PostgreSQL", "postgres:Postgres", 1_000_000, apart=True),
    "tantivy": Entry("tantivy", "tantivy:Tantivy", 1_000_000, "tantivy"),
}


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in files_in(folder))
