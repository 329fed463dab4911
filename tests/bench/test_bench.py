"""The benchmarks in short, so that they still run and tell the truth when they are needed."""

import json
import os
import sqlite3
import sys
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.bench import report, web
from tests.bench.corpus import LEVELS, passages
from tests.bench.load import ask_all, load
from tests.bench.measure import measure, summarised
from tests.bench.peers import PEERS
from tests.bench.queries import queries

SIZE, EACH = 200, 1
QUIET = {"say": lambda text: None}


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> dict:
    return measure(SIZE, ["fts5"], tmp_path_factory.mktemp("fts5"), (1, 1), EACH, **QUIET)["fts5"]


@pytest.mark.parametrize("name", PEERS)
def test_each_peer_answers_all_queries_with_the_same_totals_and_facets(name, reference, tmp_path):
    if not PEERS[name].is_here:
        pytest.skip(f"{PEERS[name].needs} is missing: make bench installs it")
    if name == "postgres" and not os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("runs on PostgreSQL only")
    is_reference = name == "fts5"  # which needs no second measuring
    found = reference if is_reference else measure(SIZE, [name], tmp_path, (1, 1), EACH, **QUIET)[name]
    assert "failed" not in found
    assert found["counted"] == reference["counted"]
    assert sum(map(len, found["warm"].values())) == len(found["counted"]) == 8 * EACH
    assert found["build"]["bytes"] > 0


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one():
    assert list(passages(1100))[:300] == list(passages(300))
    assert {passage.level for passage in passages(300)} == set(LEVELS)


def test_every_query_finds_something(reference):
    assert min(total for total, _kinds, _levels in reference["counted"]) > 0
    assert len({query.label for query in queries(SIZE, EACH)}) == 8


def _results(theirs: float) -> dict:
    def figures(ms: float) -> dict:
        build = {"seconds": ms, "bytes": 10 * ms, "memory": 1.0}
        times = {"phrase": [ms, ms]}
        return summarised(
            {"build": build, "first": times, "warm": times, "open": [ms], "update": [ms], "agreeing": [3, 3]}
        )

    sizes = {"1000": {"ours": figures(2.0), "fts5": figures(theirs)}}
    machine = {"text": "a machine", "load": 0.0}
    return {"date": "2031-01-01", "machine": machine, "queries": 200, "sizes": sizes, "left_out": ["tantivy (missing)"]}


@pytest.mark.parametrize(
    ("theirs", "lost", "won"),
    [(1.0, "SQLite FTS5", "Nowhere"), (2.2, "Nowhere", "Nowhere"), (20.0, "Nowhere", "SQLite FTS5")],
)
def test_the_report_says_where_we_lose_and_calls_small_differences_noise(theirs, lost, won):
    page = report.page(_results(theirs))
    losses, wins = page.split("## Where we lose")[1].split("## Where we win")
    assert lost in losses
    assert won in wins.split("##")[0]
    assert ("noise" in page.split("## A page of results")[1]) == (theirs == 2.2)
    assert "Left out: tantivy (missing)." in page


def test_the_report_says_when_each_part_was_measured():
    moment = {"begun": "2031-01-01 03:10", "ended": "03:40", "commit": "abc1234"}
    page = report.page(_results(1.0) | {"measured": {"1,000 passages": moment}})
    assert "Measured (UTC): 1,000 passages 2031-01-01 03:10 to 03:40 on abc1234." in page


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/missing" else 200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        else:
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"plain")

    def log_message(self, *arguments) -> None:
        """Nothing on the test's output."""


def test_the_readers_count_what_they_are_answered():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        traffic = load(server.server_address[1], ["/plain", "/chunked", "/missing"], 3, 0.2)
    finally:
        server.shutdown()
        server.server_close()
    assert set(traffic.statuses) == {200, 404}
    assert len(traffic.times) == traffic.statuses.total()
    assert traffic.summary()["bytes"] == 5
    assert traffic.summary()["wrong"] == traffic.statuses[404]


def test_before_anything_is_measured_each_reader_asks_for_each_page_once():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        traffic = ask_all(server.server_address[1], ["/", "/chunked", "/missing"], 4)
        server.shutdown()
    assert traffic.statuses == {200: 8, 404: 4}


def test_a_site_that_does_not_come_up_is_told(tmp_path):
    site = web.Site("A site", [sys.executable, "-c", "raise SystemExit('no')"], {}, {"record": ["/"]})
    with pytest.raises(web.SiteFailed, match="A site does not come up"), web.serving(site, tmp_path):
        pass


def test_who_is_slow_is_opened_once_and_asked_warm_once(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.bench.measure.ENOUGH", 0.0)
    found = measure(SIZE, ["fts5"], tmp_path, (2, 2), EACH, **QUIET)["fts5"]
    assert (len(found["open"]), sum(map(len, found["warm"].values()))) == (1, 8 * EACH)


def test_readers_of_a_site_that_is_away_are_told_apart():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        port = server.server_address[1]
    traffic = load(port, ["/"], 1, 0.05)
    assert set(traffic.statuses) == {0}


def test_the_same_pages_are_asked_for_in_both_sites(tmp_path):
    record = {
        "title": "Solidarity",
        "kind": None,
        "level": "global",
        "binding": None,
        "summary": "",
        "body": "Together.",
    }
    provision = {"label": "Article 1", "heading": "Aim", "gist": "What it is for."}
    documents = [
        {**record, "type": "principle", "slug": "solidarity", "url": "/principles/solidarity/", "names": []},
        {**record, "type": "actor", "slug": "a-forum", "url": "/actors/a-forum/", "names": [{"text": "Forum"}]},
    ]
    lines = [json.dumps({**document, "provisions": [provision]}) for document in documents]
    (tmp_path / "knowledge.jsonl").write_text("\n".join(lines))
    ours, theirs = web.pages(tmp_path)
    assert ours["filtered list"] == ["/actors/?level=global", "/principles/?level=global"]
    assert (ours["record"], theirs["record"]) == (
        ["/principles/solidarity/"],
        ["/records/records/principle-solidarity"],
    )
    assert {kind: len(paths) for kind, paths in ours.items()} == {kind: len(paths) for kind, paths in theirs.items()}
    web.copy_records(tmp_path / "knowledge.jsonl", tmp_path / "records.db")
    with closing(sqlite3.connect(tmp_path / "records.db")) as database:
        found = database.execute("SELECT count(*) FROM records_fts WHERE records_fts MATCH 'articles OR forums'")
        assert found.fetchone() == (3,)
