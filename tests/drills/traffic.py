"""People at the site: readers who follow their noses, curators who publish, and what became of each request."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from tests.drills import knowledge
from tests.drills.instance import Answer, Instance

PAGES = (
    "/", "/instruments/", "/instruments/?principle=solidarity", "/principles/solidarity/", "/levels/", "/countries/MA/",
    "/about/", "/search/?q=agreement", "/search/?q=solidarity&type=provision", "/api/v1/search/?q=drill",
    "/instruments/agreement-{n}/", "/instruments/agreement-{n}/article-1/", "/instruments/agreement-{n}/?format=json",
    "/search/?q=nonsens", "/search/?q=%22agreement+{n}%22", "/search/suggest/?q=agr", "/readyz",
)  # fmt: skip
EXPECTED = (200, 302, 409)  # a page, a form that was saved, and one that is told of another's change
_places = count()
OWN = 2  # agreements that only one writer changes; number 0 is everybody's
STORED = """
import django; django.setup()
import io, json
from django.core.management import CommandError, call_command
from governance.models import Record, Revision
records = Record.objects.filter(type="instrument", slug__startswith="agreement-")
numbers = {}
for pk, number in Revision.objects.values_list("record_id", "number"):
    numbers.setdefault(pk, []).append(number)
doubled = [pk for pk, found in numbers.items() if sorted(found) != list(range(1, len(found) + 1))]
said = io.StringIO()
try:
    call_command("search_check", stdout=said, stderr=said)
except CommandError as problem:
    print(problem, file=said)
else:
    said = io.StringIO()
summaries = dict(records.values_list("slug", "summary"))
print(json.dumps({"summaries": summaries, "doubled": doubled, "search_check": said.getvalue()}))
"""


@dataclass
class Figures:
    """What became of the requests; `failed` tells of those that nobody should have seen."""

    statuses: Counter = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})
    failed: list[str] = field(default_factory=list)
    published: dict[str, str] = field(default_factory=dict)  # slug → summary, as acknowledged to its only writer
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, what: str, answer: Answer, seconds: float) -> None:
        with self.lock:
            self.statuses[f"{kind} {answer.status}"] += 1
            self.seconds[kind].append(seconds)
            if answer.status not in EXPECTED or "locked" in answer.body:
                self.failed.append(f"{kind} {what}: {answer.status} {answer.body[:200]}")

    def percentiles(self, kind: str) -> dict[str, float]:
        """Seconds at p50, p95 and p99, rounded to milliseconds."""
        ordered = sorted(self.seconds[kind])
        if not ordered:
            return {}
        return {f"p{p}": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 3) for p in (50, 95, 99)}


class Person:
    """One client with a connection of its own that is kept open; with a session, a curator's. `address` is where a
    proxy would say that it comes from."""

    def __init__(self, port: int, session: str = "", address: str = "") -> None:
        self.port, self.address = port, address
        self.cookies = {"sessionid": session} if session else {}
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)

    def __del__(self) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None) -> Answer:
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept": "text/html" if "/api/" not in path else "*/*"}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if method == "POST":
            self.connection.close()  # it may have been idle for too long, and a form is not sent twice
        for attempt in (1, 2):  # the server may close a connection that was idle
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                text = answer.read().decode(errors="replace")
                self._keep(answer.headers.get_all("Set-Cookie") or [])
                return Answer(answer.status, text, dict(answer.headers))
            except (HTTPException, OSError) as error:
                self.connection.close()
                if attempt == 2 or method == "POST":
                    return Answer(0, repr(error))
        raise AssertionError

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]


def read(person: Person, figures: Figures) -> None:
    path = random.choice(PAGES).format(n=random.randrange(knowledge.AGREEMENTS))
    started = time.monotonic()
    figures.note("read", path, person.ask("GET", path), time.monotonic() - started)


def write(person: Person, figures: Figures, keys: dict[str, int], number: int, mine: bool) -> None:
    """Change the summary of an agreement in the editor and publish it, as a curator on a site of one-person review."""
    slug = f"agreement-{number}"
    address = f"/admin/instruments/instrument/{keys[slug]}/change/"
    started = time.monotonic()
    page = person.ask("GET", address)
    if page.status != 200:
        figures.note("write", address, page, time.monotonic() - started)
        return
    summary = f"What was agreed under number {number}, as of {time.time_ns()}."
    form = [(name, summary if name == "summary" else value) for name, value in fields(page.body)]
    answer = person.ask("POST", address, [*form, ("_publish", "1")])
    figures.note("write", address, answer, time.monotonic() - started)
    if answer.status == 302 and mine:
        with figures.lock:
            figures.published[slug] = summary


def fields(html: str) -> Iterator[tuple[str, str]]:
    """What a browser would send of the editor's form, without its buttons."""
    form = next(f for f in BeautifulSoup(html, "lxml").find_all("form") if f.find(attrs={"name": "summary"}))
    for tag in form.find_all(["input", "textarea", "select"]):
        name, kind = tag.get("name"), tag.get("type", "")
        if (
            not name
            or kind in ("submit", "button", "file")
            or (kind in ("checkbox", "radio") and not tag.has_attr("checked"))
        ):
            continue
        if tag.name == "textarea":
            yield name, tag.get_text().removeprefix("\n")
        elif tag.name == "select":
            yield from ((name, option.get("value", "")) for option in tag.find_all("option", selected=True))
        else:
            yield name, tag.get("value", "on" if kind == "checkbox" else "")


@dataclass
class Curators:
    """Sessions of accounts that may publish, and the keys of the records by their slugs."""

    sessions: list[str]
    keys: dict[str, int]


def curators(instance: Instance, number: int) -> Curators:
    made = Curators(**json.loads((instance.folder / knowledge.CURATORS_FILE).read_text()))
    return Curators(made.sessions[:number], made.keys)


@contextmanager
def people(works: list[Callable[[], None]], pause: float = 0) -> Iterator[None]:
    """Have each work done again and again, at the same time as all the others, until the block ends."""
    over = threading.Event()

    def go_on(work: Callable[[], None]) -> None:
        while not over.is_set():
            work()
            if pause:
                over.wait(random.uniform(0, 2 * pause))

    threads = [threading.Thread(target=go_on, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def readers(instance: Instance, number: int, figures: Figures, moving: bool = False) -> list[Callable[[], None]]:
    """Each at an address of its own or, when they are moving, each time at one that nobody had before."""

    def reader(address: str) -> Callable[[], None]:
        person = Person(instance.port, address=address)

        def work() -> None:
            if moving:
                place = next(_places)
                person.address = f"198.18.{place // 256}.{place % 256}"
            read(person, figures)

        return work

    return [reader(f"192.0.2.{n}") for n in range(number)]


def writers(instance: Instance, given: Curators, figures: Figures) -> list[Callable[[], None]]:
    """Each has agreements of its own, and now and then takes the one that everybody changes."""

    def writer(number: int, session: str) -> Callable[[], None]:
        person = Person(instance.port, session)
        own = [1 + number * OWN + n for n in range(OWN)]

        def work() -> None:
            mine = random.random() < 0.8
            write(person, figures, given.keys, random.choice(own) if mine else 0, mine)

        return work

    return [writer(number, session) for number, session in enumerate(given.sessions)]


def examine(instance: Instance, figures: Figures) -> tuple[list[str], str]:
    """What was acknowledged and is not stored, or stands twice; and what `search_check` has to say, if anything."""
    stored = json.loads(instance.run("-c", STORED).stdout)
    gone = [slug for slug, summary in figures.published.items() if stored["summaries"][slug] != summary]
    doubled = [f"record {pk} has numbers of revisions twice or not at all" for pk in stored["doubled"]]
    return gone + doubled, stored["search_check"]
