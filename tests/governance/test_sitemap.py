"""What search engines read first."""

import pytest
from lxml import etree

from tests.governance import open_data
from tests.governance.open_data import UNSEEN

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SITE = "https://migration.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(settings):
    settings.SITE_URL = SITE
    open_data.load_unless_loaded()


def entries(client) -> dict[str, dict[str, str]]:
    """Address → the alternates it names, by language; over all files of the index."""
    index = etree.fromstring(client.get("/sitemap.xml").content)
    found = {}
    for file in index.iterfind(".//s:loc", NAMES):
        root = etree.fromstring(client.get("/" + file.text.split("/", 3)[3]).content)
        for node in root.iterfind("s:url", NAMES):
            links = {link.get("hreflang"): link.get("href") for link in node.iterfind("x:link", NAMES)}
            found[node.find("s:loc", NAMES).text] = links
    return found


def test_every_page_is_there_in_every_language_and_names_the_others(client):
    found = entries(client)
    page = "/instruments/refugee-convention/"
    expected = {
        "en": SITE + page,
        "x-default": SITE + page,
        **{code: f"{SITE}/{code}{page}" for code in ("fr", "es", "ar")},
    }
    for code in ("en", "fr", "es", "ar"):
        assert found[expected[code]] == expected
    assert {SITE + "/", SITE + "/fr/", SITE + "/countries/"} <= set(found)


def test_nothing_hidden_is_there(client):
    assert not any(UNSEEN in address or "old-pact" in address for address in entries(client))


def test_browsers_find_the_icon_where_they_look_for_it(client):
    assert client.get("/favicon.ico")["Location"].endswith("icon.svg")


def test_robots_are_led_to_it(client):
    assert "sitemap.xml" in client.get("/robots.txt").content.decode()
