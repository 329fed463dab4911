"""OAI-PMH: each answer valid against the protocol's schema, and a harvester that ends up with what there is."""

from pathlib import Path

import pytest
from lxml import etree

from governance.exports import oai
from governance.models import Record
from governance.models.vocabulary import State, Type
from tests.governance import open_data
from tests.governance.open_data import UNSEEN

SCHEMA = etree.XMLSchema(file=str(Path(__file__).parent / "schemas" / "oai_pmh.xsd"))
NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
CONVENTION = "oai:migration.example:instrument/refugee-convention"
LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(settings):
    settings.SITE_URL = "https://migration.example"
    open_data.load_unless_loaded()


def ask(client, **arguments):
    """The root of a valid answer."""
    open_data.settle()
    response = client.get("/oai", arguments)
    assert response.status_code == 200 and response["Content-Type"].startswith("text/xml")
    root = etree.fromstring(response.content)
    SCHEMA.assertValid(root)
    return root


def texts(root, path: str) -> list[str]:
    return [node.text for node in root.iterfind(path, NAMES)]


def fault(client, **arguments) -> str:
    return ask(client, **arguments).find("o:error", NAMES).get("code")


def harvest(client, seen: dict[str, bool], **arguments) -> dict[str, bool]:
    """Follow the tokens to the end; `seen` maps each identifier to whether it is there."""
    root = ask(client, **arguments)
    while True:
        for header in root.iterfind(".//o:header", NAMES):
            seen[header.find("o:identifier", NAMES).text] = header.get("status") != "deleted"
        token = root.find(".//o:resumptionToken", NAMES)
        if token is None or not token.text:
            return seen
        root = ask(client, verb=arguments["verb"], resumptionToken=token.text)


def there() -> dict[str, bool]:
    """What the outside should know: published records, and the withdrawn one."""
    renamed = {"appeals": "appeal"}
    return {
        f"oai:migration.example:{r.type}/{renamed.get(r.slug, r.slug)}": r.is_public
        for r in Record.objects.filter(state__in=(State.PUBLISHED, State.WITHDRAWN))
    }


def test_it_says_who_it_is(client):
    said = ask(client, verb="Identify").find("o:Identify", NAMES)
    assert texts(said, "o:baseURL") == ["https://migration.example/oai"]
    assert texts(said, "o:deletedRecord") == ["persistent"]


def test_it_has_one_format_and_a_set_for_each_type(client):
    assert texts(ask(client, verb="ListMetadataFormats"), ".//o:metadataPrefix") == ["oai_dc"]
    assert texts(ask(client, verb="ListMetadataFormats", identifier=CONVENTION), ".//o:metadataPrefix") == ["oai_dc"]
    assert texts(ask(client, verb="ListSets"), ".//o:setSpec") == Type.values


def test_a_record_in_dublin_core(client):
    record = ask(client, verb="GetRecord", identifier=CONVENTION, metadataPrefix="oai_dc")
    assert texts(record, ".//dc:title")[0] == "Refugee Convention"
    assert texts(record, ".//dc:creator") == ["UN General Assembly"]
    assert texts(record, ".//dc:subject") == ["Non-refoulement", "Asylum"]
    assert texts(record, ".//dc:date") == ["1951-07-28"]
    assert texts(record, ".//dc:identifier") == [
        "https://migration.example/instruments/refugee-convention/",
        "189 UNTS 137",
        "V-2",
    ]


def test_a_harvest_ends_up_with_what_there_is(client, monkeypatch):
    monkeypatch.setattr(oai, "PAGE", 3)
    for verb in ("ListRecords", "ListIdentifiers"):
        found = harvest(client, {}, verb=verb, metadataPrefix="oai_dc")
        assert found == there()
        assert not any(UNSEEN in identifier for identifier in found)
    first = ask(client, **LIST).find(".//o:resumptionToken", NAMES)
    assert (first.get("completeListSize"), first.get("cursor")) == (str(len(there())), "0")


@pytest.mark.django_db(transaction=True)
def test_a_harvester_that_was_cut_off_resumes_and_ends_up_equal(client, monkeypatch):
    monkeypatch.setattr(oai, "PAGE", 3)
    root = ask(client, **LIST)
    seen = {
        h.find("o:identifier", NAMES).text: h.get("status") != "deleted" for h in root.iterfind(".//o:header", NAMES)
    }
    token = root.find(".//o:resumptionToken", NAMES).text
    # Meanwhile one that was given is withdrawn, one that was not is renamed, and one is new.
    given = next(identifier for identifier in seen if "/S4" not in identifier and "country" not in identifier)
    open_data.withdraw(open_data.find(*given.rpartition(":")[2].split("/")))
    open_data.rename(open_data.find("instrument", "hostile"), "friendly")
    open_data.apply({**open_data.DOCUMENTS[-1], "slug": "newcomer"})
    seen = harvest(client, seen, verb="ListRecords", resumptionToken=token)
    expected = there()
    expected["oai:migration.example:instrument/hostile"] = expected.pop("oai:migration.example:instrument/friendly")
    assert seen == expected
    assert seen[given] is False and seen["oai:migration.example:practice/newcomer"]


def test_a_renamed_record_keeps_its_identifier(client):
    root = ask(client, verb="GetRecord", identifier="oai:migration.example:topic/appeal", metadataPrefix="oai_dc")
    assert "https://migration.example/topics/appeals/" in texts(root, ".//dc:identifier")
    assert (
        fault(client, verb="GetRecord", identifier="oai:migration.example:topic/appeals", metadataPrefix="oai_dc")
        == "idDoesNotExist"
    )


def test_a_withdrawn_record_is_a_deletion_without_content(client):
    root = ask(
        client, verb="GetRecord", identifier="oai:migration.example:instrument/old-pact", metadataPrefix="oai_dc"
    )
    assert root.find(".//o:header", NAMES).get("status") == "deleted"
    assert root.find(".//o:metadata", NAMES) is None


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_was_withdrawn_is_never_heard_of(client):
    open_data.withdraw(open_data.find("instrument", "unseen-pact"))
    assert "oai:migration.example:instrument/unseen-pact" not in harvest(client, {}, **LIST)
    assert (
        fault(
            client, verb="GetRecord", identifier="oai:migration.example:instrument/unseen-pact", metadataPrefix="oai_dc"
        )
        == "idDoesNotExist"
    )


def test_a_set_and_a_time_narrow_the_list(client):
    assert set(harvest(client, {}, **LIST, set="practice")) == {"oai:migration.example:practice/mobility"}
    stamp = texts(ask(client, verb="GetRecord", identifier=CONVENTION, metadataPrefix="oai_dc"), ".//o:datestamp")[0]
    assert CONVENTION in harvest(client, {}, **LIST, **{"from": stamp, "until": stamp})
    assert CONVENTION in harvest(client, {}, **LIST, **{"from": stamp[:10], "until": stamp[:10]})
    assert fault(client, **LIST, until="2001-01-01") == "noRecordsMatch"
    assert fault(client, **LIST, **{"from": "9000-01-01"}) == "noRecordsMatch"
    assert fault(client, **LIST, set="nowhere") == "noRecordsMatch"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Dance"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "actor"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({**LIST, "from": "yesterday"}, "badArgument"),
        ({**LIST, "from": "2024-13-01"}, "badArgument"),
        ({**LIST, "from": "2024-01-01", "until": "2024-01-01T00:00:00Z"}, "badArgument"),
        ({**LIST, "from": "2024-02-01", "until": "2024-01-01"}, "badArgument"),
        ({**LIST, "set": ["actor", "event"]}, "badArgument"),
        ({**LIST, "resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "oai_dc!!!!9.99999999999999999999999!0"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "oai_dc!!yesterday!!0.1!0"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "oai_dc!!!!0.1+2!0"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:migration.example:actor/nobody"},
            "idDoesNotExist",
        ),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "nonsense"}, "idDoesNotExist"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:migration.example:actor/\0"},
            "idDoesNotExist",
        ),
        (
            {
                "verb": "GetRecord",
                "metadataPrefix": "oai_dc",
                "identifier": "oai:migration.example:instrument/unseen-pact",
            },
            "idDoesNotExist",
        ),
    ],
)
def test_each_mistake_has_its_code(client, arguments, code):
    assert fault(client, **arguments) == code


def test_it_is_asked_by_post_too_and_by_nothing_else(client):
    response = client.post("/oai", {"verb": "Identify"})
    SCHEMA.assertValid(etree.fromstring(response.content))
    assert client.put("/oai").status_code == 405
