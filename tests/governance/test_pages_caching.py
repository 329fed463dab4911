"""Entity tags: an unchanged page costs no body, a changed one is never taken for unchanged."""

import pytest
from django.contrib.auth import get_user_model

from governance.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_world")]
PATHS = ["/", "/instruments/", "/instruments/a-treaty/", "/sources/S4/", "/participation/", "/instruments/?format=json"]


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_page_is_not_sent_again(client, path):
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again.has_header("Content-Security-Policy")


def test_it_costs_one_or_two_short_queries(client, django_assert_max_num_queries):
    tag = client.get("/instruments/")["ETag"]
    with django_assert_max_num_queries(2):
        client.get("/instruments/", headers={"If-None-Match": tag})


@pytest.mark.parametrize("path", PATHS)
def test_any_write_changes_the_tag(client, path):
    tag = client.get(path)["ETag"]
    Record.objects.filter(slug="a-treaty").update(title="Another name")
    again = client.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again["ETag"] != tag


def test_each_language_has_its_own(client):
    assert client.get("/instruments/")["ETag"] != client.get("/fr/instruments/")["ETag"]


def test_a_new_day_has_its_own(client, monkeypatch):
    from datetime import UTC, datetime

    tag = client.get("/instruments/")["ETag"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    assert client.get("/instruments/", headers={"If-None-Match": tag}).status_code == 200


def test_whoever_is_signed_in_gets_none_and_no_304(client):
    tag = client.get("/instruments/")["ETag"]
    client.force_login(get_user_model().objects.create_user("curator"))
    response = client.get("/instruments/", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert not response.has_header("ETag")


@pytest.mark.parametrize("path", ["/instruments/", "/instruments/nothing/", "/api/v1/instruments/"])
def test_nobody_keeps_what_somebody_signed_in_was_shown(client, path):
    client.force_login(get_user_model().objects.create_user("curator"))
    assert client.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/nothing/", "/instruments/nothing/", "/instruments/?page=9"])
def test_an_error_has_none(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert not response.has_header("ETag")


def test_a_page_and_its_data_are_told_apart_by_what_was_asked_for(client):
    assert {"Accept", "Accept-Language", "Cookie"} <= set(client.get("/instruments/")["Vary"].split(", "))
