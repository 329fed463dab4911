"""SQLite FTS5 used well: texts in a table of their own, Porter stems, the title counts three times, prefixes indexed.

https://www.sqlite.org/fts5.html
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.bench.corpus import KINDS, LEVELS, Passage
from tests.bench.peers import TOP, Page
from tests.bench.queries import Query

TABLES = """
CREATE TABLE passage(number INTEGER PRIMARY KEY, title TEXT, body TEXT, year INTEGER);
CREATE TABLE facet(number INTEGER PRIMARY KEY, kind INTEGER, level INTEGER);
CREATE VIRTUAL TABLE words USING fts5(
    title, body, content='passage', content_rowid='number', tokenize='porter unicode61', prefix='4');
"""
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-200000; PRAGMA mmap_size=4000000000;"
BEST = """
SELECT words.rowid, snippet(words, 1, '<mark>', '</mark>', '…', 28) FROM words {join}
WHERE words MATCH ? AND rank MATCH 'bm25(3.0, 1.0)' {narrow} ORDER BY rank LIMIT ?
"""
COUNTS = """
SELECT facet.kind, facet.level, count(*) FROM words JOIN facet ON facet.number = words.rowid
WHERE words MATCH ? {narrow} GROUP BY 1, 2
"""


class FTS5:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "passages.sqlite3"
        self.reader: sqlite3.Connection | None = None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.executescript(PRAGMAS)
        return connection

    def build(self, passages: Iterable[Passage]) -> None:
        connection = self._connect()
        connection.executescript(TABLES)
        connection.execute("BEGIN")
        for passage in passages:
            self._insert(connection, passage)
        connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @staticmethod
    def _insert(connection: sqlite3.Connection, p: Passage) -> None:
        connection.execute("INSERT INTO passage VALUES (?, ?, ?, ?)", (p.number, p.title, p.body, p.year))
        connection.execute("INSERT INTO facet VALUES (?, ?, ?)", (p.number, KINDS.index(p.kind), LEVELS.index(p.level)))
        connection.execute("INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)", (p.number, p.title, p.body))

    def size(self) -> int:
        return self.path.stat().st_size

    def files(self) -> list[Path]:
        return [self.path]

    def open(self) -> None:
        if self.reader is not None:
            self.reader.close()
        self.reader = self._connect()

    def page(self, query: Query) -> Page:
        words, level = match(query), [LEVELS.index(query.level)] if query.level else []
        narrow = "AND facet.level = ?" if level else ""
        join = "JOIN facet ON facet.number = words.rowid" if level else ""
        best = self.reader.execute(BEST.format(join=join, narrow=narrow), (words, *level, TOP)).fetchall()
        kinds, levels = Counter(), Counter()
        for kind, at, count in self.reader.execute(COUNTS.format(narrow=narrow), (words, *level)):
            kinds[KINDS[kind]] += count
            levels[LEVELS[at]] += count
        return Page([row[0] for row in best], kinds.total(), kinds, levels, [row[1] for row in best])

    def add(self, passage: Passage) -> None:
        writer = self._connect()
        writer.execute("BEGIN IMMEDIATE")
        self._insert(writer, passage)
        writer.execute("COMMIT")
        writer.close()

    def finds(self, word: str) -> bool:
        found = self.reader.execute("SELECT count(*) FROM words WHERE words MATCH ?", (f'"{word}"',))
        return found.fetchone()[0] > 0

    def servers(self) -> list[int]:
        return []


def match(query: Query) -> str:
    quoted = [f'"{word}"' for word in query.words]
    if query.how == "phrase":
        return f'"{" ".join(query.words)}"'
    if query.how == "prefix":
        return f"{quoted[0]}*"
    return (" AND " if query.how == "all" else " OR ").join(quoted)
