"""Pages and the admin in the reader's language: nothing said in two languages at once, and names in their own order."""

import re

import pytest

from governance.models import Name
from tests.governance.curating import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def arabic_names(small_world) -> dict:
    for record, text in (("country/MA", "المغرب"), ("actor/a-process", "عملية")):
        Name.objects.create(record=small_world[record], language="ar", kind="short", text=text)
    return small_world


def test_what_only_a_screen_reader_says_names_records_in_the_language_of_the_page(client, arabic_names):
    process = client.get("/ar/actors/a-process/").content.decode()
    said = re.findall(r'<span class="visually-hidden">السند – (.*?):</span>', process)
    assert "المغرب" in said and "Morocco" not in " ".join(said)
    assert '<bdi lang="en">Niger</bdi>' in said, "what has no Arabic name is marked as English"
    treaty = client.get("/ar/instruments/a-treaty/").content.decode()
    assert '<span class="visually-hidden">السند – <bdi lang="en">Article 1</bdi>:</span>' in treaty


def test_a_line_to_cite_by_is_in_one_language_on_every_page(client, small_world):
    for address in ("/instruments/a-treaty/", "/instruments/a-treaty/article-1/"):
        in_english, in_arabic = (
            re.search(r'<p class="cite__text" lang="en" dir="auto">(.*?)</p>', client.get(start + address).text)[1]
            for start in ("", "/ar")
        )
        assert "state of" in in_english and in_arabic == in_english


def test_a_list_of_one_or_nothing_is_not_sorted(client, small_world):
    assert 'id="ordering"' in client.get("/countries/").text
    for address in ("/countries/?q=morocco", "/countries/?q=xyzzy"):
        assert 'id="ordering"' not in client.get(address).text


def test_the_items_of_a_list_stand_apart_as_the_language_has_it(client, small_world):
    assert "Consultative processes, " in client.get("/pictures/map/").text
    assert "العمليات التشاورية، " in client.get("/ar/pictures/map/").text


def test_the_admin_speaks_the_language_chosen_there_or_else_that_of_the_browser(client):
    assert '<html lang="en"' in client.get("/admin/login/").text
    assert '<html lang="ar" dir="rtl"' in client.get("/admin/login/", headers={"Accept-Language": "ar, en;q=0.5"}).text
    answer = client.post("/admin/language/", {"language": "fr", "next": "/admin/login/"})
    assert answer.status_code == 302, answer.content
    page = client.get("/admin/login/", headers={"Accept-Language": "ar"}).text
    assert '<html lang="fr"' in page and "Gouvernance mondiale des migrations" in page


def test_a_title_that_begins_with_a_number_keeps_its_order_in_the_arabic_admin(client, small_world):
    client.force_login(make_user("amal", "curator"))
    record = small_world["instrument/a-treaty"]
    page = client.get(f"/admin/instruments/instrument/{record.pk}/change/", headers={"Accept-Language": "ar"}).text
    assert "\u2068A treaty\u2069" in page
    rows = client.get("/admin/instruments/instrument/", headers={"Accept-Language": "ar"}).text
    assert '<bdi lang="en">A treaty</bdi>' in rows and "حسب القوة القانونية" in rows
