"""Two web nodes of one database share sessions, the lockout and what they count: in the database, or in a Redis."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import redis
from tests.drills.instance import Answer, Instance
from tests.drills.traffic import Person

pytestmark = pytest.mark.slow
PASSWORD = "correct horse battery"
ACCOUNTS = f"""
import django; django.setup()
from django.contrib.auth import get_user_model
for name in ("ada", "amal"):
    get_user_model().objects.create_superuser(name, password="{PASSWORD}")
"""


@dataclass
class Nodes:
    ports: list[int]
    logs: list[Path]
    redis: redis.Redis | None

    def person(self) -> list[Person]:
        """One browser: what asks each of the nodes, with the same cookies."""
        found = [Person(port) for port in self.ports]
        found[1].cookies = found[0].cookies
        return found

    def said(self) -> str:
        return "".join(log.read_text() for log in self.logs)


@pytest.fixture(params=["database", pytest.param("redis", marks=redis.wanted)])
def nodes(request: pytest.FixtureRequest, instance: Instance, tmp_path: Path) -> Iterator[Nodes]:
    with ExitStack() as stack:
        server = stack.enter_context(redis.running(tmp_path)) if request.param == "redis" else None
        shared = {"CACHE_URL": server.address if server else "database://", "SECRET_KEY": "abcdefghij" * 6}
        shared["API_RATE"] = "6/minute"
        database = instance.database or f"sqlite:///{instance.folder / 'db.sqlite3'}"
        instance.settings.update(shared)
        instance.manage("createcachetable")  # as `serve` does
        instance.run("-c", ACCOUNTS)
        both = [instance, instance.copy_to(Instance(tmp_path / "other", database, shared))]
        for one in both:
            stack.enter_context(one.serving(workers=1))
        yield Nodes([one.port for one in both], [one.log for one in both], server)


def sign_in(person: Person, name: str = "ada", password: str = PASSWORD) -> Answer:
    page = person.ask("GET", "/admin/login/")
    (mark,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)[:1]
    form = [("csrfmiddlewaretoken", mark), ("username", name), ("password", password), ("next", "/admin/")]
    return person.ask("POST", "/admin/login/", form)


def is_signed_in(person: Person) -> bool:
    answer = person.ask("GET", "/admin/")
    assert answer.status in (200, 302), answer
    return answer.status == 200


def guess(nodes: Nodes, name: str) -> list[int]:
    """Wrong passwords at one node and the other in turn."""
    people = nodes.person()
    return [sign_in(people[number % 2], name, "a guess").status for number in range(5)]


def ask_for_data(nodes: Nodes) -> list[int]:
    """Eight answers that have to be made, at one node and the other in turn."""
    people = nodes.person()
    return [people[n % 2].ask("GET", f"/api/v1/instruments/?page_size={n + 1}").status for n in range(8)]


def sign_out(person: Person) -> None:
    mark = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', person.ask("GET", "/admin/").body)[0]
    assert person.ask("POST", "/admin/logout/", [("csrfmiddlewaretoken", mark)]).status in (200, 302)


def test_two_nodes_are_one_site_to_whoever_signs_in_guesses_or_asks_too_often(nodes: Nodes) -> None:
    here, there = nodes.person()
    assert sign_in(here).status == 302
    kept = dict(here.cookies)
    assert is_signed_in(there) and is_signed_in(here)
    sign_out(there)
    here.cookies.update(kept)  # as whoever had copied them
    assert not is_signed_in(here)

    assert guess(nodes, "amal") == [200, 200, 200, 200, 429]
    assert [sign_in(person, "amal").status for person in nodes.person()] == [429, 429]
    assert sign_in(here).status == 302, "another's guesses are not held against ada"

    assert ask_for_data(nodes) == [200] * 6 + [429] * 2


@redis.wanted
@pytest.mark.parametrize("nodes", ["redis"], indirect=True)
def test_a_redis_that_is_away_signs_nobody_out_and_lets_nobody_guess(nodes: Nodes) -> None:
    here, there = nodes.person()
    assert sign_in(here).status == 302 and is_signed_in(there)
    server = nodes.redis
    assert server is not None
    server.kill()

    assert is_signed_in(here) and is_signed_in(there)
    stranger = nodes.person()[0]
    assert stranger.ask("GET", "/instruments/").status == 200
    assert ask_for_data(nodes) == [200] * 8, "each counts for itself"
    told = stranger.ask("GET", "/readyz").json()
    assert (told["status"], told["redis"]) == ("ready", {"answers": False})
    assert guess(nodes, "amal") == [200, 200, 200, 200, 429]
    assert [sign_in(person, "amal").status for person in nodes.person()] == [429, 429]
    sign_out(here)
    assert not is_signed_in(there)
    assert sign_in(there).status == 302 and is_signed_in(here)
    assert "Redis of CACHE_URL cannot be used" in nodes.said() and "Traceback" not in nodes.said()

    server.start()
    assert is_signed_in(here) and is_signed_in(there)
    assert [sign_in(person, "amal").status for person in nodes.person()] == [429, 429]
