"""What was published answers for ever; what was not is on no channel; an earlier state is readable at its date."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.exports import formats, identity
from governance.knowledge import apply, dump
from governance.models import FormerSlug, Record, Revision
from governance.models.vocabulary import PLURALS, State
from tests.governance import open_data
from tests.governance.open_data import UNSEEN, body

pytestmark = pytest.mark.django_db
RECORD = [f"?format={name}" for name in formats.RECORD]


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(settings, tmp_path):
    settings.SITE_URL, settings.DATA_DIR = "https://migration.example", tmp_path
    open_data.load_unless_loaded()


@pytest.mark.parametrize("query", ["", *RECORD])
def test_a_renamed_record_redirects_for_ever_with_its_query(client, query):
    open_data.rename(open_data.find("instrument", "refugee-convention"), "geneva-convention")
    for start, rest in (("", ""), ("/fr", ""), ("", "article-33/")):
        response = client.get(f"{start}/instruments/refugee-convention/{rest}{query}")
        assert response.status_code == 301
        assert response["Location"] == f"{start}/instruments/geneva-convention/{rest}{query}"
        assert client.get(response["Location"]).status_code == 200


def test_a_record_renamed_twice_is_found_by_each_name(client):
    for slug in ("geneva-convention", "convention-of-1951"):
        open_data.rename(
            open_data.find("instrument", "refugee-convention" if slug[0] == "g" else "geneva-convention"), slug
        )
    for former in ("refugee-convention", "geneva-convention", "Convention-Of-1951"):
        for start in ("", "/api/v1"):
            response = client.get(f"{start}/instruments/{former}/")
            assert (response.status_code, response["Location"]) == (301, f"{start}/instruments/convention-of-1951/")


@pytest.mark.parametrize("query", ["", *RECORD])
def test_a_withdrawn_record_leaves_a_tombstone(client, query):
    for address in ("/instruments/old-pact/", "/instruments/old-pact/article-1/", "/fr/instruments/old-pact/"):
        response = client.get(address + query)
        assert response.status_code == 410
        assert "Words of" not in body(response) and "Old pact" not in body(response)
        if query:
            assert response.json()["error"]["code"] == "gone"
            assert response.json()["error"]["details"] == {"type": "instrument", "slug": "old-pact"}


def test_a_record_withdrawn_after_a_rename_is_gone_by_its_former_name_too(client):
    open_data.withdraw(open_data.find("topic", "appeals"))
    for address in ("/topics/appeal/", "/topics/appeals/", "/api/v1/topics/appeal/", "/topics/appeal/?format=ris"):
        assert client.get(address).status_code == 410


@pytest.mark.parametrize("query", ["", *RECORD])
def test_a_provision_answers_where_it_went_and_where_it_was(client, query):
    convention = open_data.find("instrument", "refugee-convention")
    first, *others = dump(convention)["provisions"]
    moved = {**first, "slug": "art-33"}
    apply(dump(convention) | {"provisions": [moved, *others]})
    former = f"/instruments/refugee-convention/{first['slug']}/{query}"
    response = client.get(former)
    assert response.status_code == 301
    assert response["Location"] == f"/instruments/refugee-convention/art-33/{query}"
    assert client.get(response["Location"]).status_code == 200
    apply(dump(convention) | {"provisions": others, "citations": [], "caveats": []})
    for address in (former, response["Location"]):
        assert client.get(address).status_code == 410
    assert client.get(f"/instruments/refugee-convention/article-999/{query}").status_code == 404


def channels() -> list[str]:
    """Every address by which records leave the site: lists and records in every format, the API, the collections."""
    found = ["/", "/sitemap.xml", "/sitemap-records.xml", "/data/knowledge.jsonl", "/data/concepts.ttl", "/disputed/"]
    found += [f"/oai?verb={verb}&metadataPrefix=oai_dc" for verb in ("ListRecords", "ListIdentifiers")]
    found += [
        "/api/v1/relations/?page_size=100",
        "/api/v1/participation/?page_size=100",
        "/api/v1/schema/",
        "/api/v1/docs/",
    ]
    found += ["/api/v1/participation/?on=2000-01-01", "/api/v1/changes/"]
    for type_, plural in PLURALS.items():
        found += [f"/{plural}/", f"/{plural}/?q=u", f"/api/v1/{plural}/", f"/api/v1/{plural}/?cursor="]
        found += [f"/{plural}/?format={name}" for name in formats.LIST]
        for record in Record.objects.filter(type=type_, state=State.PUBLISHED):
            address = record.get_absolute_url()
            today = timezone.now().date().isoformat()
            found += [
                address,
                *(address + query for query in RECORD),
                f"/api/v1{address}",
                f"{address}?format=json&at={today}",
            ]
    article = reverse("provision", args=("refugee-convention", "article-33"))
    return [*found, article, *(article + query for query in RECORD)]


def test_nothing_unpublished_leaves_by_any_channel(client):
    for address in channels():
        response = client.get(address)
        assert response.status_code == 200, address
        text = body(response).lower()
        assert UNSEEN not in text, address
        assert "words of" not in text, address


def test_nothing_unpublished_is_in_the_package(client):
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/data/knowledge.zip").streaming_content)))
    for name in archive.namelist():
        assert UNSEEN not in archive.read(name).decode().lower()


@pytest.mark.parametrize("query", ["", *RECORD, "?at=2020-01-01"])
def test_a_draft_is_not_there_by_any_route(client, query):
    for record in Record.objects.filter(state=State.DRAFT):
        for start in ("", "/api/v1", "/fr"):
            address = f"{start}/{record.plural}/{record.slug}/{query}"
            expected = 400 if start == "/api/v1" and "format=" in query and query[-4:] != "json" else 404
            assert client.get(address).status_code == expected, address


def at(client, day: str, address: str = "/instruments/refugee-convention/"):
    return client.get(f"{address}?format=json&at={day}")


@pytest.fixture
def history():
    """The convention as it was made on 1 March 2024, changed on 2 May and hidden in between for a day."""
    record = open_data.find("instrument", "refugee-convention")
    approved = Revision.objects.filter(record=record, decision="approved")
    approved.update(decided=datetime(2024, 3, 1, 12, tzinfo=UTC))
    document = {**approved.first().document, "summary": "A later summary."}
    open_data.apply(document)
    newest = record.revisions.filter(decision="approved").order_by("-number").first()
    Revision.objects.filter(pk=newest.pk).update(decided=datetime(2024, 5, 2, 23, 59, tzinfo=UTC))
    return record


def test_an_earlier_state_is_readable_at_its_date(client, history):
    first, then = at(client, "2024-03-01").json(), at(client, "2024-05-02").json()
    assert first["summary"].startswith("Who is a refugee") and first["state_of"] == "2024-03-01T12:00:00.000000Z"
    assert at(client, "2024-05-01").json() == first
    assert then["summary"] == "A later summary." and then["revision"] > first["revision"]
    assert client.get("/api/v1/instruments/refugee-convention/?at=2024-03-01").json() == first


def test_an_earlier_state_has_the_shape_of_todays(client, history):
    earlier, today = at(client, "2024-05-02").json(), dump(history)
    assert set(today) <= set(earlier)
    for key in (
        "title",
        "level",
        "binding",
        "summary",
        "names",
        "dates",
        "principles",
        "topics",
        "strengths",
        "countries",
    ):
        assert earlier[key] == today[key], key
    for key in ("participation", "provisions", "bases", "caveats", "citations"):
        assert earlier[key] == today[key], key
    assert earlier["relations"] == [item for item in today["relations"] if item["direction"] == "forward"]


def test_an_earlier_state_is_there_in_every_format(client, history):
    assert "Who is a refugee" in body(client.get("/instruments/refugee-convention/?format=bib&at=2024-03-01"))
    assert (
        json.loads(body(client.get("/instruments/refugee-convention/?format=jsonld&at=2024-05-02")))["description"]
        == "A later summary."
    )


def test_before_it_was_public_there_is_no_state(client, history):
    response = at(client, "2024-02-29")
    assert response.status_code == 404 and response.json()["error"]["details"] == {"first": "2024-03-01"}
    assert at(client, "9999-12-31").status_code == 404
    for wrong in ("yesterday", "2024-13-01", "", "2024-3-1-1"):
        assert at(client, wrong).status_code == 400, wrong


def test_an_earlier_state_follows_renames_and_hides_what_is_hidden_now(client, history):
    open_data.rename(open_data.find("principle", "non-refoulement"), "no-return")
    document = at(client, "2024-03-01").json()
    assert document["principles"] == ["no-return"] and document["strengths"] == {"no-return": "explicit"}
    assert document["provisions"][0]["principles"][0]["slug"] == "no-return"
    for type_, slug in (("actor", "general-assembly"), ("level", "global")):
        open_data.withdraw(open_data.find(type_, slug))
    document = at(client, "2024-03-01").json()
    assert document["relations"] == [] and document["caveats"] == []
    assert document["level"] is None and "level" not in document["bases"]
    assert not any(c["field"] == "/level" for c in document["citations"])
    assert not any(c["field"].startswith("/relations") for c in document["citations"])
    pointed = [c["field"] for c in document["citations"] if c["field"].startswith("/provisions")]
    assert pointed == ["/provisions/0", "/provisions/0/principles/0"]


def test_a_withdrawn_record_has_no_earlier_state(client):
    assert at(client, "2024-03-01", "/instruments/old-pact/").status_code == 410


def test_the_lasting_name_of_a_record_outlives_renames_there_and_back_and_merges():
    record = open_data.find("instrument", "refugee-convention")
    assert identity.first_slugs([record.pk]) == {}
    open_data.rename(record, "geneva-convention")
    assert identity.first_slugs([record.pk]) == {record.pk: "refugee-convention"}
    FormerSlug.objects.all().delete()  # a rename back gives the record its own name again
    FormerSlug.objects.create(type="instrument", slug="geneva-convention", record=record)
    Record.objects.filter(pk=record.pk).update(slug="refugee-convention")
    assert identity.first_slugs([record.pk]) == {record.pk: "refugee-convention"}
    assert identity.find("instrument", "refugee-convention") == record
    assert identity.find("instrument", "geneva-convention") is None
