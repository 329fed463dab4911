"""The API: the records of the pages, strict parameters, one shape of error, copies that can be kept up to date."""

import json
import re

import pytest
from django.core.cache import caches

from governance.api.policy import APIThrottle
from governance.knowledge import dump
from governance.models import Record
from governance.models.vocabulary import PLURALS
from tests.governance import open_data
from tests.governance.open_data import UNSEEN, body

pytestmark = pytest.mark.django_db
API = "/api/v1"
CONVENTION = f"{API}/instruments/refugee-convention/"


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(settings):
    settings.SITE_URL = "https://migration.example"
    open_data.load_unless_loaded()
    caches["throttle"].clear()  # the throttle counts there


def get(client, address: str, status: int = 200, **more) -> dict:
    open_data.settle()
    response = client.get(address, **more)
    assert response.status_code == status, body(response)
    assert response["Content-Type"] == "application/json"
    return response.json()


def refused(client, address: str) -> dict:
    """The details of a 400."""
    error = get(client, address, 400)["error"]
    assert error["code"] == "invalid" and error["message"]
    return error["details"]


@pytest.mark.parametrize("plural", PLURALS.values())
def test_a_list_is_that_of_the_page(client, plural):
    listed, twin = get(client, f"{API}/{plural}/"), get(client, f"/{plural}/?format=json&ordering=title")
    assert listed["results"] == twin["results"] and listed["count"] == twin["count"]


def test_a_record_is_its_document(client):
    assert get(client, CONVENTION) == dump(open_data.find("instrument", "refugee-convention"))
    assert get(client, CONVENTION, headers={"Accept": "text/html"})["slug"] == "refugee-convention"


def test_filters_are_those_of_the_page(client):
    def found(query: str) -> list[str]:
        return [record["slug"] for record in get(client, f"{API}/instruments/?{query}")["results"]]

    assert (
        found("binding=binding") == found("principle=non-refoulement") == found("country=MA") == ["refugee-convention"]
    )
    assert found("binding=binding&binding=non-binding&ordering=date") == ["refugee-convention", "hostile"]
    assert found("in_force_on=1953-01-01") == [] and found("in_force_on=1954-04-22") == ["refugee-convention"]
    assert found("year_min=2000&year_max=2010") == ["hostile"]


def test_next_and_previous_keep_the_filter(client):
    first = get(client, f"{API}/countries/?page_size=1&source=S4")
    assert first["count"] == 0
    first = get(client, f"{API}/instruments/?page_size=1&level=global")
    second = get(client, first["next"])
    assert second["next"] is None and second["count"] == 2
    assert get(client, second["previous"])["results"] == first["results"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("colour=red", {"colour"}),
        ("level=nowhere&binding=maybe", {"level", "binding"}),
        ("page=0", {"page"}),
        ("page=x", {"page"}),
        ("page_size=101", {"page_size"}),
        ("year_min=soon", {"year_min"}),
        ("ordering=size", {"ordering"}),
        ("in_force_on=2020-02-30", {"in_force_on"}),
        ("page=1&page=2", {"page"}),
        ("level=", {"level"}),
        ("format=csv", {"format"}),
        ("cursor=x", {"cursor"}),
        ("level=unseen-level", {"level"}),
        ("principle=unseen-principle", {"principle"}),
        ("q=%00", {"q"}),
        ("level=" + "&level=".join(["global"] * 21), {"level"}),
    ],
)
def test_what_cannot_be_used_is_named(client, query, names):
    assert set(refused(client, f"{API}/instruments/?{query}")) == names


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/relations/?predicate=likes", {"predicate"}),
        ("/relations/?subject=nobody", {"subject"}),
        ("/relations/?page_size=0", {"page_size"}),
        ("/participation/?on=today", {"on"}),
        ("/participation/?act=sleeping", {"act"}),
        ("/participation/?on=", {"on"}),
        ("/changes/?after=here", {"after"}),
        ("/changes/?after=1.99999999999999999999", {"after"}),
        ("/changes/?after=1.9%2B3", {"after"}),
        ("/changes/?level=global", {"level"}),
        ("/instruments/refugee-convention/?page=1", {"page"}),
    ],
)
def test_every_address_is_strict(client, address, names):
    assert set(refused(client, API + address)) == names


def test_years_in_the_wrong_order_find_nothing_and_say_why(client):
    found = get(client, f"{API}/instruments/?year_min=2000&year_max=1990")
    assert found["count"] == 0 and found["notices"] == ["The first year is after the last one."]


def test_what_is_not_there_is_a_404(client):
    for address in (
        "/nothing/",
        "/instruments/nobody/",
        "/instruments/?page=9",
        "/relations/?subject=actor/nobody",
        "/instruments/a%00b/",
        "/relations/?record=actor/%00",
    ):
        assert get(client, API + address, 404)["error"]["code"] == "not-found"


def test_a_withdrawn_record_is_gone_and_a_renamed_one_elsewhere(client):
    assert get(client, f"{API}/instruments/old-pact/", 410)["error"]["details"] == {
        "type": "instrument",
        "slug": "old-pact",
    }
    assert get(client, f"{API}/relations/?subject=instrument/old-pact", 410)["error"]["code"] == "gone"
    response = client.get(f"{API}/topics/appeal/?at=2020-01-01")
    assert (response.status_code, response["Location"]) == (301, f"{API}/topics/appeals/?at=2020-01-01")
    assert get(client, f"{API}/relations/?record=topic/appeal")["count"] == 0


def test_it_is_for_reading(client):
    for method in (client.post, client.put, client.patch, client.delete):
        response = method(CONVENTION, data="{}", content_type="application/json")
        assert response.status_code == 405 and response.json()["error"]["code"] == "method-not-allowed"
        assert "GET" in response["Allow"] and "POST" not in response["Allow"]
    assert client.head(CONVENTION).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_harvester_with_a_cursor_gets_each_record_once_while_the_base_changes(client):
    page = get(client, f"{API}/instruments/?cursor=&page_size=1")
    seen = [record["slug"] for record in page["results"]]
    open_data.rename(open_data.find("instrument", seen[0]), "aaa-first-by-name")
    open_data.apply({"type": "instrument", "kind": "treaty", "slug": "brand-new", "title": "Brand new"})
    while page["next"]:
        page = get(client, page["next"])
        seen += [record["slug"] for record in page["results"]]
    assert sorted(seen) == ["brand-new", "hostile", "refugee-convention"]
    assert get(client, f"{API}/changes/?after={page['position']}")["results"] == []


def test_relations_are_listed_once_and_found_from_either_end(client):
    [relation] = get(client, f"{API}/relations/")["results"]
    assert (relation["subject"]["slug"], relation["predicate"], relation["object"]["slug"]) == (
        "refugee-convention",
        "adopted-by",
        "general-assembly",
    )
    for query in (
        "subject=instrument/refugee-convention",
        "object=actor/general-assembly",
        "record=actor/general-assembly",
        "predicate=adopted-by&predicate=follows",
    ):
        assert get(client, f"{API}/relations/?{query}")["results"] == [relation]
    assert get(client, f"{API}/relations/?object=instrument/refugee-convention")["count"] == 0
    assert refused(client, f"{API}/relations/?object=country")


def parties(client, query: str) -> set[tuple[str, str]]:
    rows = get(client, f"{API}/participation/?{query}")["results"]
    return {(row["record"]["slug"], row["party"]["slug"]) for row in rows}


def test_participation_on_a_day(client):
    convention = "record=instrument/refugee-convention"
    assert parties(client, f"{convention}&on=1953-01-01") == {("refugee-convention", "DK")}
    assert parties(client, f"{convention}&on=2015-03-01") == {
        ("refugee-convention", "DK"),
        ("refugee-convention", "MA"),
    }
    assert parties(client, f"{convention}&on=2015-03-02") == {("refugee-convention", "MA")}
    assert parties(client, "party=country/MA&act=host&on=2018-12-06") == {("forum", "MA")}
    assert parties(client, "party=country/MA&act=host&on=2018-12-08") == set()
    assert parties(client, "party=country/MA") == {
        ("forum", "MA"),
        ("general-assembly", "MA"),
        ("refugee-convention", "MA"),
    }


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_kept_up_to_date_by_the_changes(client):
    address, copy = f"{API}/changes/?page_size=4", {}
    while address:
        page = get(client, address)
        copy |= {(item["type"], item["slug"]): item["change"] for item in page["results"]}
        address = page["next"]
    published = {(r.type, r.slug): "updated" for r in Record.objects.visible_to(None)}
    assert copy == published | {("instrument", "old-pact"): "withdrawn"}
    assert get(client, f"{API}/changes/?after={page['position']}")["results"] == []
    open_data.withdraw(open_data.find("event", "forum"))
    open_data.apply({**open_data.DOCUMENTS[-1], "title": "Other words"})
    later = {item["slug"]: item for item in get(client, f"{API}/changes/?after={page['position']}")["results"]}
    assert later["forum"]["change"] == "withdrawn" and "title" not in later["forum"]
    assert later["mobility"]["title"] == "Other words"
    assert UNSEEN not in json.dumps(later)


@pytest.mark.django_db(transaction=True)
def test_a_draft_alone_does_not_show_in_the_changes(client):
    position = get(client, f"{API}/changes/")["position"]
    Record.objects.filter(slug="unseen-pact").update(summary="Other words")
    page = get(client, f"{API}/changes/?after={position}")
    assert page["results"] == [] and page["position"] != position


def test_an_unchanged_answer_is_not_sent_again(client):
    for address in (CONVENTION, f"{API}/instruments/", f"{API}/changes/", f"{API}/schema/", "/data/knowledge.jsonl"):
        response = client.get(address)
        assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    open_data.withdraw(open_data.find("event", "forum"))
    assert client.get(CONVENTION, headers={"If-None-Match": response["ETag"]}).status_code == 200


def test_whoever_asks_too_often_is_told_when_to_go_on(client, monkeypatch):
    monkeypatch.setattr(APIThrottle, "THROTTLE_RATES", {"api": "3/minute"})
    for _n in range(3):
        get(client, CONVENTION)
    response = client.get(CONVENTION)
    assert response.status_code == 429 and 1 <= int(response["Retry-After"]) <= 60
    assert response.json()["error"]["code"] == "throttled"
    assert client.get(CONVENTION, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_any_site_may_read_but_not_with_cookies(client):
    for address in (
        CONVENTION,
        "/instruments/refugee-convention/?format=ris",
        "/data/knowledge.jsonl",
        "/oai?verb=Identify",
        f"{API}/nothing/",
    ):
        response = client.get(address, headers={"Origin": "https://elsewhere.example"})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    response = client.options(CONVENTION, headers=asked)
    assert response.status_code == 204 and response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    tag = client.get(CONVENTION)["ETag"]
    assert client.get(CONVENTION, headers={"If-None-Match": tag})["Access-Control-Allow-Origin"] == "*"
    for address in ("/", "/instruments/refugee-convention/", "/admin/login/"):
        assert "Access-Control-Allow-Origin" not in client.get(address)
    assert "Access-Control-Allow-Origin" not in client.options("/admin/login/", headers=asked)


def test_the_documentation_is_our_own_page(client):
    page = body(client.get(f"{API}/docs/"))
    for name in ("list_records", "get_record", "list_relations", "list_participation", "list_changes"):
        assert f'id="{name}"' in page
    assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="/static/[^"]+" defer>', page)
    assert "style=" not in page and "//cdn" not in page


def test_it_says_where_to_begin(client):
    found = get(client, f"{API}/")
    assert client.get(found["schema"]).status_code == client.get(found["docs"]).status_code == 200
    assert {"path": f"{API}/changes/"}.items() <= next(a for a in found["addresses"] if "changes" in a["path"]).items()
    assert all(address["summary"] for address in found["addresses"])
