"""The pages of instruments and of their provisions."""

import re

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]
ARTICLE = "/instruments/refugee-convention-1951/article-33/"


def test_a_provision_says_what_it_provides_and_which_principles_it_carries(client):
    html = client.get(ARTICLE).content.decode()
    assert "Prohibition of expulsion or return" in html
    assert 'href="/principles/non-refoulement/"' in html
    assert "explicit" in html
    assert 'href="/instruments/refugee-convention-1951/"' in html


def test_provisions_lead_to_the_ones_before_and_after(client):
    html = client.get(ARTICLE).content.decode()
    assert re.search(r'rel="prev" href="/instruments/refugee-convention-1951/article-32/"', html)
    assert re.search(r'rel="next" href="/instruments/refugee-convention-1951/article-35/"', html)


def test_the_first_provision_has_none_before_it(client):
    html = client.get("/instruments/refugee-convention-1951/preamble/").content.decode()
    assert 'rel="prev"' not in html
    assert 'rel="next"' in html


def test_an_instrument_lists_its_provisions_in_their_order(client):
    html = client.get("/instruments/global-compact-for-migration/").content.decode()
    listed = re.search(r'<ol class="provisions">.*?</ol>', html, re.DOTALL)[0]
    labels = re.findall(r'<h3><a href="[^"]+"><bdi lang="en">([^<]+)</bdi></a>', listed)
    assert labels[:2] == ["Guiding principle (a)", "Guiding principle (b)"]
    assert labels[-1] == "Objective 23"
    assert len(labels) == 33


def test_a_provision_that_is_not_there_is_not_found(client):
    response = client.get("/instruments/refugee-convention-1951/article-999/")
    assert response.status_code == 404
    assert "This instrument has no such provision here." in response.content.decode()


def test_a_provision_as_data_names_its_parent(client):
    given = client.get(ARTICLE, {"format": "json"}).json()
    assert given["type"] == "provision"
    assert given["url"].endswith(ARTICLE)
    assert given["parent"]["slug"] == "refugee-convention-1951"
    assert [p["slug"] for p in given["principles"]] == ["non-refoulement"]


@pytest.mark.parametrize("slug", ["global-compact-for-migration", "refugee-convention-1951"])
def test_a_longer_instrument_costs_no_more_queries(client, slug, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        client.get(f"/instruments/{slug}/")
