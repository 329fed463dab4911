"""Second factor, the length of sessions, and the log of accounts."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from governance.accounts import factors
from governance.accounts.events import KEPT, note
from governance.models import AccountEvent
from tests.governance.curating import PASSWORD, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/second-factor/"
Kind = AccountEvent.Kind


def code_of(user, later: int = 0) -> str:
    """What the app shows now, or some steps of half a minute later."""
    totp = TOTP(TOTPDevice.objects.get(user=user).bin_key)
    totp.time = time.time() + later * 30
    return f"{totp.token():06}"


def sign_in(client: Client, code: str = "", password: str = PASSWORD):
    return client.post("/admin/login/?next=/admin/", {"username": "amal", "password": password, "code": code})


def told(*kinds: str) -> list[str]:
    events = AccountEvent.objects.filter(kind__in=kinds) if kinds else AccountEvent.objects.all()
    return [event.kind for event in events.order_by("pk")]


@pytest.fixture
def amal():
    return make_user("amal", "curator")


@pytest.fixture
def codes(client: Client, amal) -> list[str]:
    """Amal has a second factor, set up in the browser; these are the recovery codes shown."""
    client.force_login(amal)
    factors.begun(amal)
    answer = client.post(PAGE, {"password": PASSWORD, "code": code_of(amal)})
    return re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", answer.content.decode())


def test_the_page_shows_the_secret_as_a_picture_and_in_text_without_script_or_style(client, amal):
    client.force_login(amal)
    page = client.get(PAGE).content.decode()
    assert factors.secret(TOTPDevice.objects.get(user=amal)) in page
    picture = re.search(r'<svg[^>]*class="qr".*?</svg>', page, re.S)
    assert picture and "<path" in picture[0]
    assert "viewBox=" in picture[0], "or a style sheet that makes it smaller would cut it off"
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page)
    assert client.get(PAGE).content.decode().count(picture[0]) == 1, "the secret stays until it is confirmed"


def test_a_secret_that_was_shown_long_ago_is_not_the_one_that_is_set_up(client, amal):
    old = factors.secret(factors.begun(amal))
    TOTPDevice.objects.update(created_at=timezone.now() - factors.SHOWN - timedelta(minutes=1))
    client.force_login(amal)
    assert old not in client.get(PAGE).content.decode()
    assert TOTPDevice.objects.filter(user=amal).count() == 1


@pytest.mark.parametrize("given", [{"password": "wrong", "code": "000000"}, {"password": PASSWORD, "code": "12"}, {}])
def test_without_password_and_code_nothing_is_set_up(client, amal, given):
    client.force_login(amal)
    answer = client.post(PAGE, given)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert not factors.has_factor(amal)


def test_with_a_second_factor_the_password_alone_does_not_sign_in(client, amal, codes):
    stranger = Client()
    for code in ("", "000000", "aaaa-aaaa"):
        answer = sign_in(stranger, code)
        assert answer.status_code == 200
        words = "not a code that is good now" if code else "Enter the code your app shows now"
        assert words in answer.content.decode()
    assert "_auth_user_id" not in stranger.session
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert sign_in(stranger, code_of(amal, later=1)).status_code == 302
    assert stranger.get("/admin/").status_code == 200


def test_a_code_signs_in_once(amal, codes):
    code = code_of(amal, later=1)
    assert [sign_in(Client(), code).status_code for _time in range(2)] == [302, 200]


def test_each_recovery_code_signs_in_once_and_new_ones_take_the_place_of_old_ones(client, amal, codes):
    assert len(codes) == factors.CODES
    assert [sign_in(Client(), codes[0].upper()).status_code for _time in range(2)] == [302, 200]
    assert told(Kind.RECOVERED) == [Kind.RECOVERED]
    factors.StaticDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    answer = client.post(PAGE, {"code": codes[1], "step": "codes"})
    assert answer.status_code == 200
    assert sign_in(Client(), codes[2]).status_code == 200
    assert factors.codes_left(amal) == factors.CODES


@override_settings(AXES_ENABLED=True)
def test_guessing_codes_locks_out_like_guessing_passwords(amal, codes):
    stranger = Client()
    assert [sign_in(stranger, "000000").status_code for _attempt in range(5)] == [200, 200, 200, 200, 429]
    assert told(Kind.LOCKED_OUT) == [Kind.LOCKED_OUT]


@override_settings(AXES_ENABLED=True)
@pytest.mark.parametrize(
    ("page", "form"),
    [(PAGE, {"password": "a guess", "code": "000000"}), ("/admin/password_change/", {"old_password": "a guess"})],
)
def test_guessing_the_password_in_a_browser_left_alone_locks_out_like_at_the_sign_in(client, amal, page, form):
    client.force_login(amal)
    assert [client.post(page, form).status_code for _attempt in range(5)][3:] == [400 if page == PAGE else 200, 429]
    right = {name: PASSWORD if "password" in name else value for name, value in form.items()}
    assert client.post(page, right).status_code == 429
    assert not factors.has_factor(amal)
    assert told(Kind.FAILED, Kind.LOCKED_OUT) == [Kind.FAILED, Kind.LOCKED_OUT]


def test_a_password_is_changed_by_whoever_knows_it(client, amal):
    client.force_login(amal)
    new = {"new_password1": "another pass phrase", "new_password2": "another pass phrase"}
    assert "errorlist" in client.post("/admin/password_change/", {"old_password": "x", **new}).content.decode()
    assert client.post("/admin/password_change/", {"old_password": PASSWORD, **new}).status_code == 302
    amal.refresh_from_db()
    assert amal.check_password("another pass phrase")


@pytest.fixture
def _nothing_counted() -> Iterator[None]:
    """What one test asks for is not held against the next one."""
    caches["throttle"].clear()
    yield
    caches["throttle"].clear()


@pytest.mark.usefixtures("_nothing_counted")
def test_one_address_has_a_few_letters_sent_and_no_more(client, amal, mailoutbox):
    answers = [client.post("/admin/password_reset/", {"email": amal.email}) for _time in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert len(mailoutbox) == 10


def test_sessions_from_before_the_second_factor_end(client, amal):
    elsewhere = Client()
    elsewhere.force_login(amal)
    client.force_login(amal)
    factors.begun(amal)
    client.post(PAGE, {"password": PASSWORD, "code": code_of(amal)})
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/")["Location"].startswith("/admin/login/")


def test_a_second_factor_is_taken_away_by_its_owner_with_a_code_by_an_administrator_and_by_the_command(
    client, amal, codes
):
    assert client.post(PAGE, {"code": "000000", "step": "off"}).status_code == 400
    assert client.post(PAGE, {"code": codes[0], "step": "off"}).status_code == 302
    assert not factors.has_factor(amal)
    administrator = Client()
    administrator.force_login(make_user("ada", "administrator"))
    for take in (
        lambda: administrator.post(
            "/admin/auth/user/", {"action": "take_second_factor_away", "_selected_action": [amal.pk]}
        ),
        lambda: call_command("curator", "amal", no_second_factor=True, verbosity=0),
    ):
        TOTPDevice.objects.create(user=amal, name="app")
        take()
        assert not factors.has_factor(amal)
    assert told(Kind.FACTOR_OFF) == [Kind.FACTOR_OFF] * 3


def test_nobody_but_its_owner_sees_a_secret(client, amal):
    TOTPDevice.objects.create(user=amal, name="app")
    client.force_login(get_user_model().objects.create_superuser("chief", password=PASSWORD))
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert factors.secret(TOTPDevice.objects.get(user=amal)) not in client.get(PAGE).content.decode()


# Sessions


def move_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = time.time() + seconds
    monkeypatch.setattr("governance.accounts.sessions.time.time", lambda: now)


@pytest.mark.parametrize("made_up", ['"aaaaaaaa\\000bbbbbbbb"', "made up by hand", "x" * 300])
def test_a_session_that_the_site_never_gave_is_looked_for_nowhere(client, made_up):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/admin/", headers={"Cookie": f"sessionid={made_up}"}).status_code == 302
    assert not [query for query in asked if "django_session" in query["sql"]]


@pytest.mark.parametrize("hours", [[2.1], [1.9, 3.8, 5.7, 7.6, 9.5, 11.4, 12.1]])
def test_a_session_ends_after_two_hours_without_a_request_and_after_twelve_in_any_case(
    client, amal, monkeypatch, hours
):
    client.force_login(amal)
    assert client.get("/admin/").status_code == 200
    began = time.time()
    for hour in hours[:-1]:
        monkeypatch.setattr("governance.accounts.sessions.time.time", lambda hour=hour: began + hour * 3600)
        assert client.get("/admin/").status_code == 200, hour
    monkeypatch.setattr("governance.accounts.sessions.time.time", lambda: began + hours[-1] * 3600)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert "signed out" in client.get("/admin/login/").content.decode()
    assert told(Kind.EXPIRED, Kind.SIGNED_OUT) == [Kind.EXPIRED]


def test_a_clock_that_is_set_back_ends_no_session(client, amal, monkeypatch):
    client.force_login(amal)
    client.get("/admin/")
    move_clock(monkeypatch, -86400)
    assert client.get("/admin/").status_code == 200


def test_what_was_typed_comes_back_when_the_session_is_over(client, amal, monkeypatch):
    client.force_login(amal)
    client.get("/admin/")
    move_clock(monkeypatch, 3 * 3600)
    typed = {"summary": "Two hours of <b>work</b>", "csrfmiddlewaretoken": "x", "password": "not-for-eyes"}
    answer = client.post("/admin/instruments/instrument/add/", typed)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Two hours of &lt;b&gt;work&lt;/b&gt;" in page
    assert "not-for-eyes" not in page


def test_what_was_typed_comes_back_when_the_browser_has_forgotten_the_session(amal):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(amal)
    page = "/admin/instruments/instrument/add/"
    typed = {"summary": "An hour of work", "csrfmiddlewaretoken": browser.get(page).context["csrf_token"]}
    del browser.cookies["sessionid"]
    answer = browser.post(page, typed)
    assert answer.status_code == 403
    assert "You were signed out" in answer.content.decode()
    assert "An hour of work" in answer.content.decode()
    assert "An hour of work" not in browser.post(page, {"summary": "An hour of work"}).content.decode()


def test_what_was_typed_comes_back_after_signing_in_anew_in_another_window(amal):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(amal)
    answer = browser.post("/admin/instruments/instrument/add/", {"summary": "An hour of work"})
    assert answer.status_code == 403
    assert "You signed in again after this page was opened" in answer.content.decode()
    assert "An hour of work" in answer.content.decode()


# The log


def test_what_happens_to_an_account_is_noted_with_who_did_it_and_without_secrets(client, amal):
    sign_in(client, password="not this one")
    sign_in(client, password="nor this one")
    client.post("/admin/login/", {"username": "a password, in the wrong field", "password": "x"})
    sign_in(client)
    client.post("/admin/logout/")
    ada = make_user("ada", "administrator")
    client.force_login(ada)
    reviewer = Group.objects.get(name="reviewer")
    change = {"username": "amal", "is_active": "on", "is_staff": "on", "groups": [reviewer.pk]}
    assert client.post(f"/admin/auth/user/{amal.pk}/change/", change).status_code == 302
    change.pop("is_staff")
    client.post(f"/admin/auth/user/{amal.pk}/change/", change)
    events = list(
        AccountEvent.objects.filter(account="amal").order_by("pk").values_list("kind", "detail", "by", "times")
    )
    assert events == [
        ("made", "active, staff status", "", 1),
        ("rights", "+ curator", "", 1),
        ("failed", "", "", 2),
        ("signed-in", "", "", 1),
        ("signed-out", "", "", 1),
        ("rights", "− curator", "ada", 1),
        ("rights", "+ reviewer", "ada", 1),
        ("rights", "staff status: no", "ada", 1),
    ]
    assert AccountEvent.objects.filter(kind="failed", account="").count() == 1
    assert "password" not in str(list(AccountEvent.objects.values_list("account", "detail")))


def test_events_are_kept_for_as_long_as_is_said(amal):
    AccountEvent.objects.update(at=timezone.now() - KEPT - timedelta(minutes=1))
    note(Kind.SIGNED_IN, "amal")
    assert told() == [Kind.SIGNED_IN]


def test_the_log_is_read_by_administrators_and_written_by_nobody(client, amal):
    client.force_login(amal)
    assert client.get("/admin/governance/accountevent/").status_code == 403
    client.force_login(make_user("ada", "administrator"))
    page = client.get("/admin/governance/accountevent/")
    assert page.status_code == 200
    assert "Account made" in page.content.decode()
    pk = AccountEvent.objects.first().pk
    for method, address in (("get", "add/"), ("post", f"{pk}/change/"), ("post", f"{pk}/delete/")):
        assert getattr(client, method)(f"/admin/governance/accountevent/{address}").status_code == 403
