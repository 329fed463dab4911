"""Away is a clear 503 and nothing worse, what needs no database is served, and what is asked tells the truth."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from governance import readiness
from governance.availability import is_outage
from governance.models import Change, Position
from search.engines import get_engine


@pytest.fixture
def away(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The database cannot be reached."""
    connection.close()
    given = dict(connection.settings_dict)
    away = {"HOST": "/nowhere"} if connection.vendor == "postgresql" else {"NAME": str(tmp_path / "not" / "here")}
    connection.settings_dict |= away
    yield
    connection.close()
    connection.settings_dict |= given


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/", "/instruments/", "/principles/non-refoulement/", "/search/?q=asylum"])
def test_a_page_without_its_database_says_when_to_come_back(away: None, reader: Client, address: str) -> None:
    response = reader.get(address, headers={"accept": "text/html"})
    assert response.status_code == 503
    assert response["Retry-After"] == "15"
    assert response["Cache-Control"] == "no-store"
    assert "Try again in 15 seconds" in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_a_page_that_is_away_speaks_the_language_of_its_address(away: None, reader: Client) -> None:
    assert '<html lang="ar" dir="rtl">' in reader.get("/ar/").content.decode()


def test_data_without_its_database_has_the_shape_of_every_error(away: None, reader: Client) -> None:
    response = reader.get("/api/v1/search/?q=asylum")
    assert response.status_code == 503
    assert response["Retry-After"] == "15"
    error = json.loads(response.content)["error"]
    assert error["code"] == "unavailable"
    assert error["details"] == {"retry_after": 15}


@pytest.mark.parametrize("address", ["/about/", "/healthz", "/robots.txt"])
def test_what_needs_no_database_is_served_without_one(away: None, reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 200


def test_readyz_is_503_without_the_database_and_tells_nothing_of_where_it_is(away: None, reader: Client) -> None:
    response = reader.get("/readyz")
    assert response.status_code == 503
    assert response["Retry-After"] == "15"
    told = json.loads(response.content)
    assert told["status"] == "not ready"
    assert told["problems"] == {"database": "the database does not answer"}


@pytest.mark.django_db
@pytest.mark.parametrize("position", [Position(), Position(10**9, 10**9)])
def test_readyz_tells_of_the_database_and_the_index(client: Client, position: Position) -> None:
    get_engine().rebuild([], position)
    response = client.get("/readyz")
    told = response.json()
    assert response.status_code == 200, told
    assert told["status"] == "ready"
    assert told["database"] == connection.vendor
    assert Change.objects.reached_by(Position.parse(told["index"]["position"]))
    assert told["problems"] == {}


@pytest.mark.django_db
def test_a_part_that_is_not_ready_makes_the_site_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> dict:
        raise readiness.NotReady("it is being mended")

    monkeypatch.setitem(readiness._checks, "part", broken)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["problems"] == {"part": "it is being mended"}


def test_a_full_disk_is_an_outage_and_a_missing_file_is_a_mistake() -> None:
    assert is_outage(OSError(28, "No space left on device"))
    assert not is_outage(FileNotFoundError(2, "No such file"))
    assert not is_outage(ValueError("28"))
