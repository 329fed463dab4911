"""Search results as files and feeds: the same hits and totals as the page and the API."""

import csv
import io
import json

import bibtexparser
import feedparser
import pytest
import rispy
from django.test import Client

from search import exports

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("collection")]


def body(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def hits(client: Client, query: str) -> list[dict]:
    return client.get(f"/api/v1/search/?{query}&page_size=100").json()["results"]


def records(found: list[dict]) -> list[str]:
    """The slugs of the records behind hits, each once, in the order of their best hits."""
    return list(dict.fromkeys((hit.get("parent") or hit)["slug"] for hit in found))


@pytest.mark.parametrize("query", ["q=refoulement", "type=instrument&level=global", "q=convention&ordering=title"])
def test_every_format_has_the_records_that_were_found(client: Client, query: str) -> None:
    wanted = records(hits(client, query))
    assert wanted
    table = list(csv.DictReader(io.StringIO(body(client.get(f"/search/?{query}&format=csv")), newline="")))
    assert [row["slug"] for row in table] == wanted
    keys = [f"{row['type']}-{row['slug']}" for row in table]
    library = bibtexparser.parse_string(body(client.get(f"/search/?{query}&format=bib")))
    assert [entry.key for entry in library.entries] == keys
    assert [entry["id"] for entry in rispy.loads(body(client.get(f"/search/?{query}&format=ris")))] == keys
    assert [item["id"] for item in json.loads(body(client.get(f"/search/?{query}&format=csl")))] == keys


def test_a_feed_has_an_entry_for_every_hit_and_the_totals_of_the_api(client: Client) -> None:
    address, links, totals = "/search/?q=refoulement&page_size=2&format=atom", [], set()
    while address:
        feed = feedparser.parse(body(client.get(address)))
        assert not feed.bozo
        links += [entry.link for entry in feed.entries]
        totals.add(int(feed.feed.opensearch_totalresults))
        following = [link.href for link in feed.feed.links if link.rel == "next"]
        address = f"/{following[0].split('/', 3)[3]}" if following else ""
    found = hits(client, "q=refoulement")
    assert [link.split("/", 3)[3] for link in links] == [hit["url"][1:] for hit in found]
    assert totals == {len(found)}
    assert any(hit.get("parent") for hit in found) and len({*links}) == len(links)


def test_a_list_that_is_cut_says_so(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(exports, "LARGEST", 1)
    response = client.get("/search/?q=convention&format=bib")
    assert response["X-Note"].startswith("The first 1 of ") and int(response["X-Total-Count"]) > 1


@pytest.mark.parametrize("name", ["json", "csv", "bib", "ris", "csl", "atom"])
def test_what_cannot_be_used_is_a_400_in_every_format(client: Client, name: str) -> None:
    response = client.get(f"/search/?format={name}&colour=red&level=nowhere")
    assert response.status_code == 400 and set(response.json()["error"]["details"]) == {"colour", "level"}


def test_an_unknown_format_is_named(client: Client) -> None:
    response = client.get("/search/?q=convention&format=docx")
    assert response.status_code == 400 and "docx" in response.json()["error"]["details"]["format"]


def test_a_page_past_the_end_is_a_404(client: Client) -> None:
    assert client.get("/search/?q=refoulement&page=99&format=atom").status_code == 404


def test_the_page_names_its_twins(client: Client) -> None:
    page = body(client.get("/search/?q=refoulement"))
    assert page.count('rel="alternate"') >= 6
    assert 'type="application/atom+xml"' in page and "format=atom" in page
