"""Whole collections: the CSV package and the concept schemes."""

import csv
import io
import json
import zipfile

import pytest
import rdflib

from governance.exports import skos
from tests.governance import open_data
from tests.governance.open_data import HOSTILE, UNSEEN, body

SKOS = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
SITE = "https://migration.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(settings, tmp_path):
    settings.SITE_URL, settings.DATA_DIR = SITE, tmp_path
    open_data.load_unless_loaded()


def package(client) -> zipfile.ZipFile:
    response = client.get("/data/knowledge.zip")
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def table(archive: zipfile.ZipFile, name: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline=""), strict=True))


def test_the_descriptor_says_what_is_in_the_package(client):
    archive = package(client)
    assert archive.testzip() is None
    described = json.loads(archive.read("datapackage.json"))
    assert {resource["path"] for resource in described["resources"]} | {"datapackage.json"} == set(archive.namelist())
    for resource in described["resources"]:
        header = archive.read(resource["path"]).decode().split("\r\n")[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert described["licenses"][0]["name"] == "CC-BY-4.0"


def test_every_row_leads_to_a_record(client):
    archive = package(client)
    records = {(row["type"], row["slug"]) for row in table(archive, "records.csv")}
    assert len(records) == len(table(archive, "records.csv"))
    for resource in json.loads(archive.read("datapackage.json"))["resources"]:
        assert {(row["type"], row["slug"]) for row in table(archive, resource["path"])} <= records
    for row in (*table(archive, "relations.csv"), *table(archive, "participation.csv")):
        assert (row["other_type"], row["other_slug"]) in records


def test_tables_hold_what_the_documents_hold(client):
    archive = package(client)
    document = client.get("/instruments/refugee-convention/?format=json").json()
    mine = {
        name: [r for r in table(archive, f"{name}.csv") if r["slug"] == "refugee-convention"]
        for name in ("dates", "citations")
    }
    assert [(r["event"], r["value"]) for r in mine["dates"]] == [(d["event"], d["value"]) for d in document["dates"]]
    assert [(r["field"], r["source"]) for r in mine["citations"]] == [
        (c["field"], c["source"]) for c in document["citations"]
    ]
    [provision] = table(archive, "provisions.csv")
    assert (provision["provision"], provision["label"]) == ("article-33", "Article 33")
    titles = {row["slug"]: row["title"] for row in table(archive, "records.csv")}
    assert titles["hostile"] == "'" + HOSTILE


def test_the_package_is_made_anew_only_when_something_changed(client, settings):
    folder = settings.DATA_DIR / "exports"
    package(client)
    [made] = list(folder.iterdir())
    stamp = made.stat().st_mtime_ns
    package(client)
    assert made.stat().st_mtime_ns == stamp
    open_data.withdraw(open_data.find("instrument", "hostile"))
    titles = {row["slug"] for row in table(package(client), "records.csv")}
    assert "hostile" not in titles
    assert [path.name for path in folder.iterdir()] != [made.name]
    assert len(list(folder.iterdir())) == 1


def concepts(client) -> rdflib.Graph:
    return rdflib.Graph().parse(data=body(client.get("/data/concepts.ttl")), format="turtle")


def test_rdflib_reads_the_concept_schemes(client):
    graph = concepts(client)
    assert set(graph.subjects(rdflib.RDF.type, SKOS.ConceptScheme)) == {
        rdflib.URIRef(f"{SITE}/{plural}/") for plural in ("levels", "principles", "topics")
    }
    node = rdflib.URIRef(f"{SITE}/principles/non-refoulement/")
    assert set(graph.objects(node, SKOS.prefLabel)) == {
        rdflib.Literal("Non-refoulement", "en"), rdflib.Literal("Principe de non-refoulement", "fr"),
    }  # fmt: skip
    assert set(graph.objects(node, SKOS.hiddenLabel)) == {rdflib.Literal("sending people back", "en")}
    asylum, appeals = rdflib.URIRef(f"{SITE}/topics/asylum/"), rdflib.URIRef(f"{SITE}/topics/appeals/")
    assert (appeals, SKOS.broader, asylum) in graph
    assert set(graph.objects(asylum, SKOS.definition)) == {rdflib.Literal('Protection "abroad"\\.', "en")}


def test_every_concept_keeps_the_rules_of_skos(client):
    graph = concepts(client)
    for concept in graph.subjects(rdflib.RDF.type, SKOS.Concept):
        preferred = list(graph.objects(concept, SKOS.prefLabel))
        assert len(preferred) == len({label.language for label in preferred})  # S14
        labels = [set(graph.objects(concept, SKOS[name])) for name in ("prefLabel", "altLabel", "hiddenLabel")]
        assert sum(map(len, labels)) == len(set.union(*labels))  # S13
        assert not set(graph.objects(concept, SKOS.related)) & set(
            graph.transitive_objects(concept, SKOS.broader)
        )  # S27
        assert (graph.value(concept, SKOS.inScheme), rdflib.RDF.type, SKOS.ConceptScheme) in graph
    assert UNSEEN not in body(client.get("/data/concepts.ttl")).lower()


@pytest.mark.parametrize("text", ['"', "\\", "\n\r\t", "\x07", "’é\U0001f600", "a\\u0041"])
def test_any_text_comes_back_from_turtle(text):
    graph = rdflib.Graph().parse(data=f"<urn:a> <urn:b> {skos.literal(text, 'en')} .", format="turtle")
    assert str(next(graph.objects())) == text
