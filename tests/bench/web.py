"""Pages over HTTP: our site and Datasette with FTS5, on the same published records, under the same readers."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.load import ask_all, load
from tests.bench.workers import resident

CHECKOUT = Path(__file__).resolve().parent.parent.parent
CLIENTS = (1, 8, 64)
TABLE = """
CREATE TABLE records(
    id TEXT PRIMARY KEY, type TEXT, title TEXT, kind TEXT, level TEXT, binding TEXT,
    names TEXT, summary TEXT, body TEXT);
"""
INDEXES = """
CREATE INDEX by_type ON records(type, level);
CREATE VIRTUAL TABLE records_fts USING fts5(
    title, names, summary, body, content='records', tokenize='porter unicode61');
INSERT INTO records_fts(records_fts) VALUES ('rebuild');
INSERT INTO records_fts(records_fts) VALUES ('optimize');
ANALYZE; VACUUM;
"""


class SiteFailed(Exception):
    """A site does not come up, or does not answer as it should; the message says how."""


@dataclass(frozen=True)
class Site:
    """How a site is started, where its pages are, and how many readers have asked for all of them, twice, before
    anything is measured: enough of them that each process has made each page."""

    title: str
    command: list[str]
    settings: dict[str, str]
    paths: dict[str, list[str]]
    before: int = 1


def pages(folder: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Addresses of the same pages in our site and in Datasette: by kind of page, in the same order."""
    documents = [json.loads(line) for line in (folder / "knowledge.jsonl").read_text().splitlines()]
    words = sorted({d["title"].split()[0] for d in documents if d["type"] in ("principle", "topic", "actor")})
    asked = [word for word in words if word.isalpha()][:40]
    chosen = sorted({(d["type"], d["level"]) for d in documents if d["level"]})
    plural = {d["type"]: d["url"].split("/")[1] for d in documents}
    records = [d for d in documents if d["type"] in ("instrument", "actor", "principle")][::4]
    facets = [("_facet", "type"), ("_facet", "level"), ("_size", "20")]
    ours = {
        "search": [f"/search/?{urlencode({'q': word})}" for word in asked],
        "filtered list": [f"/{plural[type_]}/?{urlencode({'level': level})}" for type_, level in chosen],
        "record": [d["url"] for d in records],
    }
    theirs = {
        "search": [f"/records/records?{urlencode([('_search', word), *facets])}" for word in asked],
        "filtered list": [
            f"/records/records?{urlencode([('type', type_), ('level', level), *facets])}" for type_, level in chosen
        ],
        "record": [f"/records/records/{d['type']}-{d['slug']}" for d in records],
    }
    return ours, theirs


def prepare(folder: Path, say: Callable[[str], None]) -> list[Site]:
    """An installation of ours with all of the knowledge, and a database for Datasette with its published records."""
    folder.mkdir(parents=True, exist_ok=True)
    say("Loading the knowledge")
    for command in (["migrate"], ["load_knowledge"], ["search_rebuild"], ["collectstatic", "--no-input"]):
        _manage(folder, *command, "-v0")
    _manage(folder, "dump_knowledge", str(folder / "knowledge.jsonl"))
    copy_records(folder / "knowledge.jsonl", folder / "records.db")
    return sites_in(folder)


def sites_in(folder: Path) -> list[Site]:
    ours, theirs = pages(folder)
    serve = [sys.executable, "-m", "gunicorn", "--config", "python:governance.server"]
    sites = [
        Site("ours", serve, environment(folder), ours, before=32),
        Site("ours, no page kept", serve, {**environment(folder), "PAGE_CACHE": "0"}, ours),
    ]
    if find_spec("datasette"):
        options = ["-h", "127.0.0.1", "--setting", "suggest_facets", "off"]
        command = [sys.executable, "-m", "datasette", "serve", "-i", str(folder / "records.db"), *options]
        sites.append(Site("Datasette", command, {"PATH": os.environ["PATH"], "HOME": str(folder)}, theirs))
    return sites


def environment(folder: Path) -> dict[str, str]:
    settings = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "governance.settings", "LANG": "C.UTF-8"}
    return {"PATH": os.environ["PATH"], **settings}


def _manage(folder: Path, *command: str) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *command],
        env=environment(folder), cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def copy_records(knowledge: Path, path: Path) -> None:
    """The published records as one table with FTS5, in the way Datasette finds it by itself."""
    path.unlink(missing_ok=True)
    rows = []
    for d in map(json.loads, knowledge.read_text().splitlines()):
        names = " · ".join(item["text"] for item in d["names"])
        own = (d["title"], d["kind"], d["level"], d["binding"], names, d["summary"], d["body"])
        rows.append((f"{d['type']}-{d['slug']}", d["type"], *own))
        for number, part in enumerate(d["provisions"]):
            title, text = f"{part['label']} {part['heading']}", part["gist"]
            rows.append((f"provision-{d['slug']}-{number}", "provision", title, None, d["level"], None, "", text, ""))
    connection = sqlite3.connect(path)
    connection.executescript(TABLE)
    connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.executescript(INDEXES)
    connection.close()


@contextmanager
def serving(site: Site, folder: Path) -> Iterator[tuple[int, int]]:
    """Start a site on a free port of the loopback interface; yields the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*site.command, *([] if "gunicorn" in site.command else ["--port", str(port)])]
    log = folder / "sites.log"
    with log.open("ab") as output:
        server = subprocess.Popen(
            command, env={**site.settings, "PORT": str(port)}, cwd=CHECKOUT, stdout=output, stderr=output
        )
    try:
        until = time.monotonic() + 60
        while not _answers(port, site.paths["record"][0]):
            if server.poll() is not None or time.monotonic() > until:
                raise SiteFailed(f"{site.title} does not come up:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(port: int, path: str, headers: dict[str, str] | None = None) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise SiteFailed(f"{path} is answered with {error.code}") from error
    except OSError:
        return False


def measure(
    folder: Path,
    seconds: float,
    rounds: int,
    left_out: list[str],
    clients: Sequence[int] = CLIENTS,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """By site, kind of page and number of readers: answers per second and times to answer, for each round.

    Every page was asked for before; the sites take turns within each round. A site that does not come up is told in
    `left_out`.
    """
    running: dict[str, tuple[int, int]] = {}
    with ExitStack() as stack:
        for site in prepare(folder, say):
            try:
                running[site.title] = stack.enter_context(serving(site, folder))
            except SiteFailed as error:
                left_out.append(str(error).partition("\n")[0].rstrip(":"))
        sites = [site for site in sites_in(folder) if site.title in running]
        found: dict[str, Any] = {site.title: {"pages": {}} for site in sites}
        for kind in sites[0].paths if sites else ():
            for site in sites:
                for _time in range(2):
                    ask_all(running[site.title][0], site.paths[kind], site.before)
            for number in clients:
                say(f"  {kind}, {number} at once")
                for _round in range(rounds):
                    for site in sites:
                        traffic = load(running[site.title][0], site.paths[kind], number, seconds)
                        by_clients = found[site.title]["pages"].setdefault(kind, {})
                        by_clients.setdefault(str(number), []).append(traffic.summary())
        for title, (_port, pid) in running.items():
            found[title]["memory"] = sum(map(resident, [pid, *_children(pid)]))
    return found


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]
