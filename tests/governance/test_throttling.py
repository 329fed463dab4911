"""Whoever asks too often is told when to come back, and nobody else notices."""

from itertools import count

import pytest
from django.core.cache import caches
from django.test import Client, override_settings

from governance.shared import SharedCache
from governance.throttling import PageThrottle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageThrottle, "THROTTLE_RATES", {"pages": "3/minute"})
    for place in ("throttle", "alone"):
        caches[place].clear()


_sizes = count(1)


def ask(client: Client, path: str = "/about/", address: str = "192.0.2.1", **headers: str):
    """Ask for a page that was not asked for before."""
    path += f"{'&' if '?' in path else '?'}page_size={next(_sizes)}"
    return client.get(path, REMOTE_ADDR=address, headers=headers)


def test_a_page_that_is_kept_or_unchanged_is_free(client: Client) -> None:
    found = [client.get("/about/") for _time in range(6)]
    found.append(client.get("/about/", headers={"If-None-Match": found[0]["ETag"]}))
    assert [response.status_code for response in found] == [200] * 6 + [304]


def test_the_fourth_page_is_refused_with_the_time_to_come_back(client: Client) -> None:
    assert [ask(client).status_code for _page in range(4)] == [200, 200, 200, 429]
    refused = ask(client, "/fr/search/?q=asile")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert f"{refused['Retry-After']} second" in refused.content.decode()
    assert refused["Cache-Control"] == "no-store"
    assert ask(client, address="192.0.2.2").status_code == 200


def test_who_wants_data_is_refused_in_data(client: Client) -> None:
    refused = [ask(client, "/search/?q=x&format=json") for _time in range(4)][-1]
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "throttled"
    assert refused.json()["error"]["details"] == {"seconds": int(refused["Retry-After"])}


def test_monitors_are_not_counted_and_the_api_counts_for_itself(client: Client) -> None:
    for _time in range(5):
        for path in ("/healthz", "/readyz", "/metrics", "/api/v1/search/"):
            assert ask(client, path).status_code != 429, path
    assert ask(client).status_code == 200


def test_a_network_of_ipv6_counts_as_one_address(client: Client) -> None:
    statuses = [ask(client, address=f"2001:db8:0:1::{n}").status_code for n in range(1, 5)]
    assert statuses == [200, 200, 200, 429]
    assert ask(client, address="2001:db8:0:2::1").status_code == 200


@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_it_is_the_clients_own_address_that_counts(client: Client) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    assert [ask(client, **headers).status_code for _page in range(4)][-1] == 429
    pretended = {"X-Forwarded-For": "203.0.113.10, 198.51.100.1"}
    assert ask(client, **pretended).status_code == 429, "what the client says of itself is hearsay"
    assert ask(client, **{"X-Forwarded-For": "198.51.100.2"}).status_code == 200


@override_settings(IN_REDIS=True)
def test_each_process_counts_for_itself_while_the_redis_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageThrottle, "cache", SharedCache(["redis://127.0.0.1:1/0"], {}))
    assert [ask(client).status_code for _page in range(4)] == [200, 200, 200, 429]
    assert ask(client, address="192.0.2.2").status_code == 200
