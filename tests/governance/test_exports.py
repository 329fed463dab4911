"""The data twins of records and lists, read by the libraries that people use."""

import csv
import io
import json

import bibtexparser
import feedparser
import pytest
import rdflib
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from governance.exports import answers
from tests.governance import open_data
from tests.governance.open_data import HOSTILE, body

SCHEMA = rdflib.Namespace("https://schema.org/")
CONVENTION = "/instruments/refugee-convention/"

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own parser of JSON-LD uses what rdflib is giving up.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(settings):
    settings.SITE_URL = "https://migration.example"
    open_data.load_unless_loaded()


def graph(client, address: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=body(client.get(f"{address}?format=jsonld")), format="json-ld")


def test_a_binding_text_is_legislation_to_rdflib(client):
    made = graph(client, CONVENTION)
    node = rdflib.URIRef("https://migration.example/instruments/refugee-convention/")
    assert (node, rdflib.RDF.type, SCHEMA.Legislation) in made
    assert made.value(node, SCHEMA.legislationDate).value == "1951-07-28"
    assert {str(value) for value in made.objects(node, SCHEMA.legislationIdentifier)} == {"189 UNTS 137", "V-2"}
    assert rdflib.Literal("الاتفاقية الخاصة بوضع اللاجئين", lang="ar") in set(made.objects(node, SCHEMA.alternateName))
    article = rdflib.URIRef("https://migration.example/instruments/refugee-convention/article-33/")
    assert (node, SCHEMA.hasPart, article) in made
    assert (article, SCHEMA.description, rdflib.Literal("Nobody is returned to danger.")) in made


@pytest.mark.parametrize(
    ("address", "type_"),
    [
        ("/instruments/hostile/", "CreativeWork"),
        ("/sources/S4/", "CreativeWork"),
        ("/practices/mobility/", "CreativeWork"),
        ("/actors/general-assembly/", "Organization"),
        ("/principles/non-refoulement/", "DefinedTerm"),
        ("/topics/asylum/", "DefinedTerm"),
        ("/levels/global/", "DefinedTerm"),
        ("/events/forum/", "Event"),
        ("/countries/MA/", "Country"),
    ],
)
def test_every_type_has_its_word_of_schema_org(client, address, type_):
    node = rdflib.URIRef("https://migration.example" + address)
    assert (node, rdflib.RDF.type, SCHEMA[type_]) in graph(client, address)


def test_an_event_says_when_and_where(client):
    made = graph(client, "/events/forum/")
    node = rdflib.URIRef("https://migration.example/events/forum/")
    assert [str(made.value(node, SCHEMA[name])) for name in ("startDate", "endDate")] == ["2018-12-05", "2018-12-07"]
    assert str(made.value(made.value(node, SCHEMA.location), SCHEMA.name)) == "Marrakesh"


def test_bibtex_is_read_back_whole(client):
    library = bibtexparser.parse_string(body(client.get("/instruments/?format=bib")))
    assert library.failed_blocks == []
    entry = library.entries_dict["instrument-refugee-convention"]
    fields = {field.key: field.value for field in entry.fields}
    assert fields["title"] == "Convention relating to the Status of Refugees"
    assert fields["date"] == "1951-07-28"
    assert fields["type"] == "Convention"
    assert fields["number"] == "189 UNTS 137"
    assert fields["author"] == "{UN General Assembly}" and fields["institution"] == "UN General Assembly"
    assert fields["url"] == "https://migration.example/instruments/refugee-convention/"
    assert fields["abstract"] == r"Who is a refugee \& what 100\% of States owe \{them\}."
    assert "V-2" in fields["note"] and "state of" in fields["note"]
    assert len(library.entries) == 2


def test_ris_is_read_back_whole(client):
    entries = {entry["id"]: entry for entry in rispy.loads(body(client.get("/instruments/?format=ris")))}
    entry = entries["instrument-refugee-convention"]
    assert entry["type_of_reference"] == "GOVDOC"
    assert entry["title"] == "Convention relating to the Status of Refugees"
    assert entry["date"] == "1951/07/28/" and entry["year"] == "1951"
    assert entry["authors"] == ["UN General Assembly"] and entry["publisher"] == "UN General Assembly"
    assert entry["urls"] == ["https://migration.example/instruments/refugee-convention/"]
    assert entry["keywords"] == ["Non-refoulement", "Asylum"]
    assert "189 UNTS 137" in " ".join(entry["notes"]) and entry["access_date"]
    assert entries["instrument-hostile"]["abstract"].startswith('+1, "quoted", and a line')


def test_csl_says_what_a_citation_processor_needs(client):
    items = {item["id"]: item for item in json.loads(body(client.get("/instruments/?format=csl")))}
    item = items["instrument-refugee-convention"]
    assert (item["type"], item["genre"], item["number"]) == ("treaty", "Convention", "189 UNTS 137")
    assert item["issued"] == {"date-parts": [[1951, 7, 28]]}
    assert item["author"] == [{"literal": "UN General Assembly"}]
    assert items["instrument-hostile"]["issued"] == {"date-parts": [[2005]], "circa": True}
    [page] = json.loads(body(client.get("/sources/S4/?format=csl")))
    assert (page["type"], page["author"], page["publisher"]) == ("report", [{"literal": "M. Perera"}], "IOM")
    assert page["issued"] == {"date-parts": [[2023, 5]]}


def test_a_citation_processor_sets_every_reference(client):
    items = json.loads(body(client.get("/instruments/?format=csl")))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    lines = [str(line) for line in bibliography.bibliography()]
    assert len(lines) == len(items)
    convention = next(line for line in lines if "Status of Refugees" in line)
    assert convention.startswith("UN General Assembly (1951) “Convention relating to the Status of Refugees”")
    assert "https://migration.example/instruments/refugee-convention/" in convention


def test_a_spreadsheet_runs_nothing(client):
    response = client.get("/instruments/?format=csv")
    text = body(response)
    assert response["Content-Type"].startswith("text/csv")
    assert text.startswith("type,slug,url,title,") and text.count("\r\n") >= 3
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)}
    assert rows["hostile"]["title"] == "'" + HOSTILE
    assert rows["hostile"]["official_names"] == "'@SUM(A1)"
    assert rows["hostile"]["summary"].startswith('\'+1, "quoted",\nand a line')
    assert rows["refugee-convention"]["dates"] == "in-force 1954-04-22; adopted 1951-07-28"
    assert rows["refugee-convention"]["date"] == "1951-07-28"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows.values() for cell in row.values())


def test_csv_has_the_whole_result_and_keeps_the_filters(client):
    rows = list(csv.DictReader(io.StringIO(body(client.get("/instruments/?format=csv&page_size=1")))))
    assert len(rows) == 2
    rows = list(csv.DictReader(io.StringIO(body(client.get("/instruments/?format=csv&binding=non-binding")))))
    assert [row["slug"] for row in rows] == ["hostile"]


def test_a_feed_is_paged_with_totals(client):
    feed = feedparser.parse(body(client.get("/instruments/?format=atom&page_size=1&level=global")))
    assert not feed.bozo
    assert feed.feed.opensearch_totalresults == "2" and feed.feed.opensearch_itemsperpage == "1"
    links = {link.rel: link.href for link in feed.feed.links}
    assert (
        links["self"] == "https://migration.example/instruments/?level=global&page_size=1&format=atom"
        or "format=atom" in links["self"]
    )
    assert "page=2" in links["next"] and "level=global" in links["next"] and "previous" not in links
    assert (
        links["alternate"].startswith("https://migration.example/instruments/?") and "format" not in links["alternate"]
    )
    second = feedparser.parse(body(client.get(links["next"].removeprefix("https://migration.example"))))
    assert {entry.id for entry in (*feed.entries, *second.entries)} == {
        "tag:migration.example,2025:instrument/hostile",
        "tag:migration.example,2025:instrument/refugee-convention",
    }


def test_a_feed_begins_with_what_changed_last(client):
    open_data.apply(
        {**open_data.DOCUMENTS[-4], "slug": "newest", "title": "Newest", "provisions": []}, state="published"
    )
    feed = feedparser.parse(body(client.get("/instruments/?format=atom")))
    assert feed.entries[0].title == "Newest"
    assert feed.feed.updated_parsed == feed.entries[0].updated_parsed


def test_an_entry_keeps_its_id_when_the_record_is_renamed(client):
    before = feedparser.parse(body(client.get("/instruments/?format=atom&binding=binding"))).entries[0]
    open_data.rename(open_data.find("instrument", "refugee-convention"), "geneva-convention")
    after = feedparser.parse(body(client.get("/instruments/?format=atom&binding=binding"))).entries[0]
    assert after.id == before.id
    assert after.link == "https://migration.example/instruments/geneva-convention/"


@pytest.mark.parametrize("format_", ["bib", "ris", "csl"])
def test_a_list_that_is_cut_says_so(client, monkeypatch, format_):
    monkeypatch.setattr(answers, "LARGEST", 1)
    response = client.get(f"/instruments/?format={format_}")
    assert response["X-Total-Count"] == "2" and "The first 1 of 2" in response["X-Note"]
    if format_ == "bib":
        library = bibtexparser.parse_string(body(response))
        assert len(library.entries) == 1 and "The first 1 of 2" in library.comments[0].comment


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/ld+json", "application/ld+json"),
        ("application/x-bibtex", "application/x-bibtex"),
        ("application/json;q=0.5, application/x-research-info-systems", "application/x-research-info-systems"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("image/png", "text/html"),
    ],
)
def test_accept_chooses_the_format(client, accept, content_type):
    response = client.get(CONVENTION, headers={"Accept": accept})
    assert response["Content-Type"].split(";")[0] == content_type


def test_the_copy_of_one_format_is_not_taken_for_another(client):
    tag = client.get(CONVENTION, headers={"Accept": "application/json"})["ETag"]
    assert client.get(CONVENTION, headers={"Accept": "application/json", "If-None-Match": tag}).status_code == 304
    assert client.get(CONVENTION, headers={"Accept": "text/html", "If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", [CONVENTION, "/instruments/", "/instruments/refugee-convention/article-33/"])
def test_an_unknown_format_is_named_and_those_there_are_too(client, address):
    response = client.get(f"{address}?format=docx")
    assert response.status_code == 400
    assert "docx" in response.json()["error"]["message"] or "json" in response.json()["error"]["message"]
    assert "format" in response.json()["error"]["details"]


@pytest.mark.parametrize(
    "address", [CONVENTION, "/instruments/?level=global&page=1", "/instruments/refugee-convention/article-33/"]
)
def test_a_page_names_its_twins_and_each_of_them_answers(client, address):
    page = body(client.get(address))
    twins = [line for line in page.splitlines() if 'rel="alternate"' in line and "format=" in line and "<link" in line]
    assert len(twins) >= 5
    for line in twins:
        media_type, target = (line.split(f'{name}="')[1].split('"')[0] for name in ("type", "href"))
        response = client.get(address.split("?")[0] + target.replace("&amp;", "&"))
        assert response.status_code == 200 and response["Content-Type"].startswith(media_type)


def test_data_is_the_same_in_every_language(client):
    for format_ in ("json", "bib", "csv", "jsonld", "atom"):
        address = "/instruments/" if format_ in ("csv", "atom") else CONVENTION
        french = body(client.get(f"/fr{address}?format={format_}"))
        assert french == body(client.get(f"{address}?format={format_}"))


def test_a_fault_in_the_query_is_a_400_in_every_format(client):
    for format_ in ("json", "csv", "bib", "ris", "csl", "atom"):
        response = client.get(f"/instruments/?format={format_}&level=nowhere&colour=red")
        assert response.status_code == 400
        assert set(response.json()["error"]["details"]) == {"level", "colour"}


def test_a_provision_is_cited_by_itself(client):
    address = "/instruments/refugee-convention/article-33/"
    page = body(client.get(address))
    assert "Convention relating to the Status of Refugees, Article 33 (28 July 1951, 189 UNTS 137). Global" in page
    assert "https://migration.example/instruments/refugee-convention/article-33/" in page
    [item] = json.loads(body(client.get(f"{address}?format=csl")))
    assert item["title"] == "Convention relating to the Status of Refugees, Article 33: Prohibition of return"
    assert item["URL"] == "https://migration.example" + address
    assert item["keyword"] == "Non-refoulement"
    document = client.get(f"{address}?format=json").json()
    assert document["parent"]["slug"] == "refugee-convention" and document["gist"] == "Nobody is returned to danger."
    node = graph(client, address).value(predicate=rdflib.RDF.type, object=SCHEMA.Legislation, any=True)
    assert str(node).startswith("https://migration.example/instruments/refugee-convention/")


def test_the_line_to_cite_keeps_the_lasting_address_in_every_language(client):
    page = body(client.get("/fr" + CONVENTION))
    assert "https://migration.example/instruments/refugee-convention/</p>" in page
