"""Who gets into the admin, how a login is made, and what happens to whoever guesses passwords."""

import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import override_settings

from governance import publishing
from governance.models import Record, Source
from tests.governance.curating import PASSWORD, agreement, make_user, make_world, publish

pytestmark = pytest.mark.django_db

ROLES = ("", "curator", "reviewer", "administrator")


@pytest.fixture
def record() -> Record:
    make_world()
    return publish(agreement(), make_user("author", "curator"), make_user("other", "reviewer")).record


def pages(record: Record) -> dict[str, set[str]]:
    """Pages of the admin and the roles that see them."""
    here = f"/admin/instruments/instrument/{record.pk}"
    everybody, administrators = set(ROLES[1:]), {"administrator"}
    return {
        "/admin/instruments/instrument/": everybody,
        "/admin/instruments/instrument/add/": everybody,
        "/admin/governance/topic/": everybody,
        f"{here}/change/": everybody,
        f"{here}/history/": everybody,
        f"{here}/delete/": set(),
        f"/admin/edit/{record.pk}/": everybody,
        "/admin/review/": everybody,
        "/admin/reports/": everybody,
        "/admin/care/": everybody,
        "/admin/care/duplicates/": everybody,
        f"{here}/merge/": everybody,
        f"/admin/texts/source/{Source.objects.get(slug='S9').pk}/": everybody,
        f"/admin/review/{record.revisions.first().pk}/": everybody,
        "/admin/reference/?q=ma": everybody,
        "/admin/auth/user/": administrators,
        "/admin/auth/group/": administrators,
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_the_pages_that_are_its_own(client, record, role):
    client.force_login(make_user("somebody", role))
    for page, roles in pages(record).items():
        response = client.get(page)
        assert response.status_code in ((200, 302) if role in roles else (403, 404)), page


@pytest.mark.parametrize("step", ["change", "history", "rename"])
def test_a_number_that_no_record_can_have_leads_back_with_a_word(client, step):
    client.force_login(make_user("somebody", "administrator"))
    answer = client.get(f"/admin/instruments/instrument/{'9' * 25}/{step}/", follow=True)
    assert "doesn’t exist" in answer.content.decode()


def test_whoever_is_not_signed_in_is_sent_to_the_login_and_sees_nothing(client, record):
    for page in pages(record):
        response = client.get(page)
        assert response.status_code == 302, page
        assert response["Location"].startswith("/admin/login/"), page


@pytest.mark.parametrize(
    ("page", "data", "roles"),
    [
        ("change/", {"_save": "1"}, {"curator", "reviewer", "administrator"}),
        ("withdraw/", {"given": "A duplicate."}, {"reviewer", "administrator"}),
        ("rename/", {"given": "other"}, {"administrator"}),
        ("merge/", {"into": "other", "merge": "1"}, {"administrator"}),
        ("history/", {"restore": "1"}, {"administrator"}),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_changes_only_what_is_its_own(client, record, role, page, data, roles):
    client.force_login(make_user("somebody", role))
    before = (record.revisions.count(), Record.objects.get(pk=record.pk).slug)
    response = client.post(f"/admin/instruments/instrument/{record.pk}/{page}", data)
    after = (record.revisions.count(), Record.objects.get(pk=record.pk).slug)
    assert response.status_code < 500
    if role not in roles:
        assert after == before


def test_nothing_is_written_by_a_request_from_elsewhere(record):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("somebody", "administrator"))
    for page in ("change/", "withdraw/", "rename/", "history/"):
        response = client.post(f"/admin/instruments/instrument/{record.pk}/{page}", {"given": "x", "restore": "1"})
        assert response.status_code == 403
    assert client.post("/admin/preview/", {"text": "x"}).status_code == 403
    record.refresh_from_db()
    assert (record.state, record.slug) == ("published", "labour-agreement")


def test_an_administrator_gives_roles_but_makes_no_superuser_and_deletes_nobody(client):
    chief = get_user_model().objects.create_superuser("chief", "chief@example.org", PASSWORD)
    curator = make_user("amal", "curator")
    client.force_login(make_user("ada", "administrator"))
    assert client.get(f"/admin/auth/user/{chief.pk}/change/").status_code == 302
    assert (
        client.post(f"/admin/auth/user/{chief.pk}/password/", {"password1": "x", "password2": "x"}).status_code == 404
    )
    assert client.get(f"/admin/auth/user/{curator.pk}/delete/").status_code == 403
    page = client.get(f"/admin/auth/user/{curator.pk}/change/").content.decode()
    assert 'name="groups"' in page
    assert 'name="is_superuser"' not in page
    assert 'name="user_permissions"' not in page
    data = {"username": "amal", "email": "a@example.org", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    client.post(f"/admin/auth/user/{curator.pk}/change/", data)
    curator.refresh_from_db()
    assert (curator.email, curator.is_superuser) == ("a@example.org", False)


# Logins


def make(name: str, **options) -> str:
    output = StringIO()
    call_command("curator", name, stdout=output, **options)
    return output.getvalue()


@pytest.mark.parametrize("role", ROLES[1:])
def test_a_login_is_made_with_a_password_that_is_shown_once_and_works(client, role):
    password = re.search(r"shown this once: (\S+)", make("ada", role=role)).group(1)
    user = get_user_model().objects.get()
    assert [group.name for group in user.groups.all()] == [role]
    assert not user.is_superuser
    response = client.post("/admin/login/?next=/admin/", {"username": "ada", "password": password})
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert "password" not in make("ada", role=role).lower()


def test_a_login_that_is_there_gets_another_role_and_keeps_its_password():
    make("ada", role="administrator")
    before = get_user_model().objects.get().password
    make("ada", role="curator", email="ada@example.org")
    user = get_user_model().objects.get()
    assert [group.name for group in user.groups.all()] == ["curator"]
    assert (user.password, user.email) == (before, "ada@example.org")
    make("ada", new_password=True)
    assert get_user_model().objects.get().password != before


@pytest.mark.parametrize("options", [{"name": "no spaces here!"}, {"name": "ada", "email": "nowhere"}])
def test_a_login_that_cannot_be_is_refused_in_words(options):
    with pytest.raises(CommandError):
        make(options.pop("name"), **options)
    assert not get_user_model().objects.exists()


@override_settings(AXES_ENABLED=True)
def test_whoever_guesses_passwords_is_locked_out_and_told_so(client):
    make_user("amal", "curator")
    for _attempt in range(4):
        response = client.post("/admin/login/", {"username": "amal", "password": "wrong"})
        assert response.status_code == 200
        assert "errornote" in response.content.decode()
    for password in ("wrong", PASSWORD):
        response = client.post("/admin/login/", {"username": "amal", "password": password})
        assert response.status_code == 429
        assert "Locked for now" in response.content.decode()
    # from elsewhere, or with another name, the door is open
    elsewhere = client.post("/admin/login/", {"username": "amal", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_a_forgotten_password_is_replaced_by_a_letter(client):
    make_user("amal", "curator")
    assert "/admin/password_reset/" in client.get("/admin/login/").content.decode()
    for address in ("amal@example.org", "stranger@example.org"):
        response = client.post("/admin/password_reset/", {"email": address})
        assert (response.status_code, response["Location"]) == (302, "/admin/password_reset/done/")
    assert [letter.to for letter in mail.outbox] == [["amal@example.org"]]
    link = re.search(r"http://127\.0\.0\.1:8000(/admin/reset/\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    assert page.status_code == 200
    data = {"new_password1": "another long password", "new_password2": "another long password"}
    assert client.post(page.redirect_chain[-1][0], data)["Location"] == "/admin/reset/done/"
    assert client.login(username="amal", password="another long password")


def test_a_password_is_changed_by_its_owner(client):
    client.force_login(make_user("amal", "curator"))
    data = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert "too short" in client.post("/admin/password_change/", data).content.decode()
    data |= {"new_password1": "another long password", "new_password2": "another long password"}
    assert client.post("/admin/password_change/", data)["Location"] == "/admin/password_change/done/"


# On the pages of the site


def test_curators_get_from_a_page_to_its_editor_and_readers_see_no_trace_of_it(client, record):
    publishing.save_draft({**record.revisions.first().document, "title": "Mine"}, make_user("ben", "curator"))
    assert "/admin/edit/" not in client.get(record.get_absolute_url()).content.decode()
    client.force_login(make_user("somebody"))
    assert "/admin/edit/" not in client.get(record.get_absolute_url()).content.decode()
    client.force_login(make_user("amal", "curator"))
    page = client.get(record.get_absolute_url()).content.decode()
    assert f'href="/admin/edit/{record.pk}/"' in page
    assert "a change is being written" in page
    response = client.get(f"/admin/edit/{record.pk}/")
    assert response["Location"] == f"/admin/instruments/instrument/{record.pk}/change/"


@override_settings(REVIEW="one")
def test_a_page_says_when_one_person_wrote_and_published_it(client):
    make_world()
    amal, ben = make_user("amal", "curator"), make_user("ben", "curator")
    alone, reviewed = publish(agreement("alone"), amal, amal).record, publish(agreement("reviewed"), amal, ben).record
    words = "without a second review"
    assert words in client.get(alone.get_absolute_url()).content.decode()
    assert words not in client.get(reviewed.get_absolute_url()).content.decode()


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/password_reset/"])
def test_pages_of_the_admin_have_no_inline_script_or_style(client, page):
    response = client.get(page)
    html = response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html)
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
