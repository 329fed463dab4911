"""A reader reports an error in a value; the curators find it, decide it, and say why."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.test import Client

from governance import publishing, reports
from governance.models import Report
from governance.values import shown_values
from tests.governance.curating import agreement, make_user, make_world, publish
from tests.sharing import until_the_file_ends

pytestmark = pytest.mark.django_db

ADDRESS = "/report/?about=instrument/labour-agreement"
SENT = {"field": "/dates/0", "text": "It was signed on 2 May.", "source": "Official gazette 12"}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> Iterator[dict]:
    with until_the_file_ends(django_db_blocker):
        make_world()
        people = {"amal": make_user("amal", "curator"), "rosa": make_user("rosa", "reviewer")}
        yield people | {"record": publish(agreement(), people["amal"], people["rosa"]).record}


@pytest.fixture
def world(made: dict, db) -> dict:
    caches["throttle"].clear()
    return deepcopy(made)


def test_a_reader_reports_an_error_in_a_value_and_the_curators_see_which(client, world):
    page = BeautifulSoup(client.get("/instruments/labour-agreement/").content, "html.parser")
    links = {link["href"] for link in page.select(".evidence__report a")}
    assert f"{ADDRESS}&at=/dates/0" in links
    form = BeautifulSoup(client.get(f"{ADDRESS}&at=/dates/0").content, "html.parser")
    assert form.find("option", selected=True).text == "Signed: 1 May 2023"
    answer = client.post(ADDRESS, SENT, follow=True)
    assert "Your report is with the curators." in answer.content.decode()
    report = Report.objects.get()
    assert (report.field, report.value, report.state) == ("/dates/0", "Signed: 1 May 2023", "open")
    client.force_login(world["amal"])
    assert "Reports (1)" in client.get("/admin/").content.decode()
    assert "Official gazette 12" in client.get(f"/admin/reports/{report.pk}/").content.decode()
    assert "It was signed on 2 May." in client.get(f"/admin/edit/{report.record_id}/", follow=True).content.decode()


def test_every_value_that_readers_see_can_be_reported_and_none_that_they_do_not(world):
    hidden = publishing.create_draft(agreement("not-yet"), world["amal"]).record
    document = agreement(
        "with-links", summary="A summary.", names=[{"text": "LA", "kind": "abbreviation"}],
        relations=[{"predicate": "follows", "to": "instrument/not-yet"},
                   {"predicate": "follows", "to": "instrument/labour-agreement"}],
        provisions=[{"label": "Article 1", "gist": "First."}],
        caveats=[{"kind": "imprecise", "text": "The day is not certain.", "field": "/dates/0"}],
    )  # fmt: skip
    record = publish(document, world["amal"], world["rosa"]).record
    values = {value.pointer: value.text for value in shown_values(record)}
    assert hidden.title not in " ".join(values.values())
    assert "/relations/0" not in values
    assert values["/relations/1"] == "Follows: Labour Agreement"
    assert values["/participation/0"] == "Party: Morocco"
    assert values["/provisions/0"] == "Article 1: First."
    assert {"/title", "/kind", "/level", "/summary", "/names/0", "/dates/0", "/caveats/0"} <= set(values)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": "  "}, "Say what is wrong."),
        ({"text": "x" * 2001}, "in at most 2000 characters"),
        ({"field": "/dates/7"}, "/dates/7 is not one of the available choices"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_was_typed(client, world, given, message):
    answer = client.post(ADDRESS, SENT | given)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert "Official gazette 12" in answer.content.decode()
    assert not Report.objects.exists()


def test_programs_that_fill_in_everything_are_thanked_and_forgotten(client, world):
    assert client.post(ADDRESS, SENT | {"website": "http://shop.example"}).status_code == 302
    assert not Report.objects.exists()


def test_a_report_sent_twice_is_one_and_a_flood_from_one_address_is_stopped(client, world):
    for _n in range(2):
        client.post(ADDRESS, SENT)
    assert Report.objects.count() == 1
    answers = [client.post(ADDRESS, SENT | {"text": f"Wrong {n}"}).status_code for n in range(9)]
    assert answers == [302] * 8 + [429]
    assert Report.objects.count() == 9


def test_however_many_addresses_a_flood_comes_from_one_record_gets_a_few_reports(world):
    def take(n: int) -> None:
        reports.take_in(world["record"], field="", value="", text=f"Wrong {n}", source="", language="en")

    for n in range(reports.MOST_OF_ONE_RECORD):
        take(n)
    with pytest.raises(reports.ReportError, match="wait already"):
        take(99)


def test_nothing_is_kept_of_who_the_reader_is(client, world):
    client.post(ADDRESS, SENT, REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Reader/1")
    kept = " ".join(map(str, Report.objects.values_list().get()))
    assert "198.51.100.7" not in kept
    assert "Reader/1" not in kept


@pytest.mark.parametrize("path", [ADDRESS, f"/fr{ADDRESS}"])
def test_the_form_is_kept_by_nobody_since_its_mark_is_the_readers_own(client, world, path):
    answer = client.get(path)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.has_header("ETag")


def test_a_report_needs_the_form_of_this_site(world):
    assert Client(enforce_csrf_checks=True).post(ADDRESS, SENT).status_code == 403


@pytest.mark.parametrize("about", ["instrument/nothing", "instrument/secret", "nonsense", "country/%00"])
def test_there_is_no_form_for_what_readers_do_not_see(client, world, about):
    publishing.create_draft(agreement("secret"), world["amal"])
    assert client.get(f"/report/?about={about}").status_code == 404


def test_a_curator_declines_with_a_reason_or_handles_and_may_open_again(client, world):
    client.post(ADDRESS, SENT)
    report = Report.objects.get()
    client.force_login(world["amal"])
    page = f"/admin/reports/{report.pk}/"
    assert "Say why the report is declined." in client.post(page, {"state": "declined"}).content.decode()
    for state, note in (("declined", "The gazette is of another treaty."), ("open", ""), ("handled", "Corrected.")):
        client.post(page, {"state": state, "note": note})
        report.refresh_from_db()
        assert (report.state, report.note) == (state, note)
    assert report.decided_by == world["amal"]
    assert "Corrected." in client.get("/admin/reports/?state=handled").content.decode()


def test_a_reviewer_erases_what_is_no_report_and_a_curator_does_not(client, world):
    client.post(ADDRESS, SENT)
    report = Report.objects.get()
    client.force_login(world["amal"])
    assert client.post(f"/admin/reports/{report.pk}/", {"erase": "1"}).status_code == 400
    client.force_login(world["rosa"])
    client.post(f"/admin/reports/{report.pk}/", {"erase": "1"})
    report.refresh_from_db()
    assert (report.text, report.source, report.state) == ("", "", "declined")


def test_readers_and_logins_without_a_role_see_no_reports(client, world):
    assert client.get("/admin/reports/").status_code == 302
    client.force_login(make_user("nobody"))
    assert client.get("/admin/reports/").status_code == 403
