"""What readers are told, and whoever watches or carries the index forward, when a cluster will not or cannot."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from governance.environment import SearchAddress
from governance.models import Change
from search import sync
from search.engines import Away, get_engine
from search.engines.opensearch import state
from tests.cluster.front import Answer, Front, before
from tests.search.conftest import ask, changing, every_engine, slugs

pytestmark = pytest.mark.usefixtures("collection")
FAULT = {"error": {"root_cause": [{"type": "null_pointer_exception", "reason": "oh"}]}, "status": 500}
DENIED = {"error": {"type": "security_exception", "reason": "no permissions"}, "status": 403}
SLOW = {"error": {"root_cause": [{"type": "query_phase_execution_exception", "reason": "Time exceeded"}]}}
FULL = {"error": {"type": "rejected_execution_exception", "reason": "full"}, "status": 429}


@pytest.fixture(autouse=True)
def engine_address(settings, tmp_path: Path) -> SearchAddress:
    settings.SEARCH = replace(address := every_engine("opensearch", tmp_path), prefix=f"{address.prefix}-troubles")
    return settings.SEARCH


@pytest.fixture
def front(settings, collection: None, engine_address: SearchAddress) -> Iterator[Front]:
    """Stands between the site and the cluster, once the collection is in its index."""
    with before(engine_address.host) as server:
        settings.SEARCH = replace(engine_address, host=f"127.0.0.1:{server.server_port}")
        yield server


@pytest.mark.parametrize("answer", [(401, b"Unauthorized"), (403, DENIED), (500, FAULT), (429, FULL)])
def test_a_cluster_that_will_not_or_cannot_is_a_clear_503(answer: Answer, front: Front, client: Client, caplog) -> None:
    front.policy = lambda method, path, body: answer
    for address in ("/search/?q=dublin", "/search/?q=dublin&format=csv", "/api/v1/search/?q=dublin"):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert b"Search does not answer" in response.content
    assert client.get("/api/v1/suggestions/?q=dub").status_code == 503
    assert client.get("/search/suggest/?q=dub").json()["suggestions"] == []
    assert client.get("/readyz").json()["problems"] == {"index": "the search cluster does not answer"}
    with pytest.raises(Away):
        sync.catch_up()
    assert answer[0] == 429 or f"does not do what it is asked: {answer[0]}" in caplog.text


def test_suggestions_that_take_too_long_are_none_and_the_page_is_there(front: Front, client: Client) -> None:
    assert client.get("/search/suggest/?q=dub").json()["suggestions"] != []
    front.policy = lambda method, path, body: (500, SLOW) if b'"heads"' in body else None
    for address in ("/search/suggest/?q=dub", "/search/?q=dublin"):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert b"Dublin III" in response.content
    response = client.get("/api/v1/suggestions/?q=dub")
    assert response.status_code == 400
    assert "takes too long" in response.json()["error"]["details"]["q"]


def test_a_cluster_that_cannot_even_count_in_time_is_not_ready(front: Front, client: Client) -> None:
    front.policy = lambda method, path, body: (500, SLOW) if "_search" in path else None
    assert client.get("/readyz").json()["problems"] == {"index": "the search cluster does not answer"}
    assert client.get("/search/?q=dublin").status_code == 503
    with pytest.raises(Away, match="takes too long to count"):
        sync.catch_up()


def test_an_index_goes_live_though_what_changed_while_it_was_built_is_turned_away(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "documents_of", changing("dublin-iii", "Quokka regulation"))
    monkeypatch.setattr(sync, "REBUILD_TIMEOUT", 0.05)
    is_built = lambda: any(call.startswith("PUT") and call.endswith(state.STATE) for call in front.asked)  # noqa: E731
    front.policy = lambda method, path, body: (429, FULL) if "_bulk" in path and is_built() else None
    assert sync.rebuild()
    assert not Change.objects.reached_by(get_engine().status().position)
    front.policy = lambda method, path, body: None
    assert slugs(ask("quokka")) == ["dublin-iii"]
