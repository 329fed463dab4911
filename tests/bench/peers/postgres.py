"""PostgreSQL's own text search: a stored vector with weights under a GIN index, ranked by cover density.

https://www.postgresql.org/docs/15/textsearch.html. `TEST_DATABASE_URL` names the server.
"""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.bench.corpus import Passage
from tests.bench.peers import TOP, Page
from tests.bench.queries import Query
from tests.drills.instance import connected

TABLE = """
CREATE TABLE {table}(
    number bigint PRIMARY KEY, title text, body text, kind text, level text, year int,
    words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')) STORED)
"""
BEST = """
SELECT number, ts_headline('english', body, asked, 'MaxFragments=1, MaxWords=28, MinWords=10') FROM (
    SELECT number, body, asked FROM {table}, {asked} asked WHERE words @@ asked {narrow}
    ORDER BY ts_rank_cd('{{0.1, 0.2, 0.4, 1.0}}', words, asked) DESC, number LIMIT {top}) best
"""
COUNTS = "SELECT kind, level, count(*) FROM {table}, {asked} asked WHERE words @@ asked {narrow} GROUP BY 1, 2"
# Of a table, its indexes, what it has put aside for long values, and the index of that.
FILES = """
WITH own AS (SELECT oid, reltoastrelid FROM pg_class WHERE oid = %s::regclass)
SELECT current_setting('data_directory'), pg_relation_filepath(oid) FROM pg_class
WHERE oid IN (SELECT oid FROM own UNION SELECT reltoastrelid FROM own UNION
    SELECT indexrelid FROM pg_index, own WHERE indrelid IN (own.oid, own.reltoastrelid))
"""
COLUMNS = "number, title, body, kind, level, year"


class Postgres:
    def __init__(self, folder: Path) -> None:
        self.table = f"passages_{folder.parent.name}"
        self.reader = None

    def _connect(self):
        connection = connected(os.environ["TEST_DATABASE_URL"])
        connection.execute("SET jit = off")
        connection.execute("SET work_mem = '64MB'")
        connection.execute("SET maintenance_work_mem = '512MB'")
        return connection

    def build(self, passages: Iterable[Passage]) -> None:
        with self._connect() as connection:
            connection.execute(f"DROP TABLE IF EXISTS {self.table}")
            connection.execute(TABLE.format(table=self.table))
            with connection.cursor().copy(f"COPY {self.table}({COLUMNS}) FROM STDIN") as copy:
                for p in passages:
                    copy.write_row((p.number, p.title, p.body, p.kind, p.level, p.year))
            connection.execute(f"CREATE INDEX ON {self.table} USING gin(words)")
            connection.execute(f"VACUUM ANALYZE {self.table}")

    def size(self) -> int:
        with self._connect() as connection:
            return connection.execute(f"SELECT pg_total_relation_size('{self.table}')").fetchone()[0]

    def files(self) -> list[Path]:
        with self._connect() as connection:
            rows = connection.execute(FILES, [self.table]).fetchall()
        paths = [Path(folder, relation) for folder, relation in rows]
        return [path for first in paths for path in (first, *first.parent.glob(f"{first.name}.*"))]

    def open(self) -> None:
        if self.reader is not None:
            self.reader.close()
        self.reader = self._connect()

    def page(self, query: Query) -> Page:
        function, text = match(query)
        narrow, values = ("AND level = %s", [text, query.level]) if query.level else ("", [text])
        parts = {"table": self.table, "asked": function, "narrow": narrow, "top": TOP}
        best = self.reader.execute(BEST.format(**parts), values, prepare=True).fetchall()
        kinds, levels = Counter(), Counter()
        for kind, level, count in self.reader.execute(COUNTS.format(**parts), values, prepare=True):
            kinds[kind] += count
            levels[level] += count
        return Page([row[0] for row in best], kinds.total(), kinds, levels, [row[1] for row in best])

    def add(self, p: Passage) -> None:
        with self._connect() as writer:
            row = (p.number, p.title, p.body, p.kind, p.level, p.year)
            writer.execute(f"INSERT INTO {self.table}({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)", row)

    def finds(self, word: str) -> bool:
        sql = f"SELECT count(*) FROM {self.table} WHERE words @@ to_tsquery('english', %s)"
        return self.reader.execute(sql, [word]).fetchone()[0] > 0

    def servers(self) -> list[int]:
        return [self.reader.execute("SELECT pg_backend_pid()").fetchone()[0]]


def match(query: Query) -> tuple[str, str]:
    """The function that reads the query, and its text."""
    if query.how == "phrase":
        return "phraseto_tsquery('english', %s)", " ".join(query.words)
    if query.how == "prefix":
        return "to_tsquery('english', %s)", f"{query.words[0]}:*"
    return "to_tsquery('english', %s)", (" & " if query.how == "all" else " | ").join(query.words)
