from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import edtf
from governance.force import period
from governance.models import Record
from governance.models.vocabulary import Binding, DateEvent, Type
from governance.status import status
from tests.factories import make_date, make_instrument, make_record

pytestmark = pytest.mark.django_db


def in_force(record, day: str) -> bool:
    """As the database says, once the other two have said the same."""
    on = date.fromisoformat(day)
    found = Record.objects.in_force_on(on).filter(pk=record.pk).exists()
    days = period(record.type, record.binding, record.dates.values_list("event", "first", "last"))
    assert found == bool(days and days[0] <= on <= days[1])
    if record.type in (Type.INSTRUMENT, Type.ACTOR):
        said = status(record, list(record.dates.all()), on)
        assert found == bool(said and said.state in ("in-force", "in-being"))
    return found


def test_a_regulation_drops_out_on_the_day_of_its_repeal():
    dublin = make_instrument("dublin-iii", binding="binding")
    make_date(dublin, "adopted", "2013-06-26")
    make_date(dublin, "applied", "2014-01-01")
    make_date(dublin, "repealed", "2026-06-30")
    expected = {"2013-12-31": False, "2014-01-01": True, "2026-06-29": True, "2026-06-30": False, "2026-07-01": False}
    assert {day: in_force(dublin, day) for day in expected} == expected


def test_what_ends_on_a_day_is_still_in_being_on_it():
    commission = make_record("actor", "commission")
    make_date(commission, "established", "2003-12")
    make_date(commission, "ended", "2005-12-31")
    expected = {"2003-11-30": False, "2003-12-01": True, "2005-12-31": True, "2006-01-01": False}
    assert {day: in_force(commission, day) for day in expected} == expected


def test_a_year_counts_from_its_first_day_and_an_end_until_its_last():
    forum = make_record("actor", "forum")
    make_date(forum, "launched", "1990~")
    make_date(forum, "ended", "2018?")
    expected = {"1989-12-31": False, "1990-01-01": True, "2018-12-31": True, "2019-01-01": False}
    assert {day: in_force(forum, day) for day in expected} == expected


@pytest.mark.parametrize(
    ("binding", "day", "expected"),
    [
        ("binding", "2001-01-01", False), ("binding", "2003-12-25", True), ("", "2001-01-01", False),
        ("unstated", "2001-01-01", False), ("non-binding", "2000-11-14", False), ("non-binding", "2000-11-15", True),
    ],
)  # fmt: skip
def test_a_text_that_binds_waits_for_its_entry_into_force_and_another_does_not(binding, day, expected):
    text = make_instrument(binding=binding)
    make_date(text, "adopted", "2000-11-15")
    make_date(text, "in-force", "2003-12-25")
    assert in_force(text, day) is expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("../1990", None, [True, True, True]),
        ("1980/..", None, [False, True, True]),
        ("1980/1985", None, [False, True, True]),
        ("1980", "../1990", [False, True, False]),
        ("1980", "1990/..", [False, True, True]),
        ("1980", "1983/1990", [False, True, False]),
    ],
)
def test_an_open_start_counts_from_ever_and_an_open_end_for_ever(start, end, expected):
    text = make_instrument(binding="binding")
    make_date(text, "in-force", start)
    if end:
        make_date(text, "terminated", end)
    assert [in_force(text, day) for day in ("1970-06-01", "1985-06-01", "2000-06-01")] == expected


def test_what_has_no_date_of_that_kind_is_not_said_to_be_in_force():
    assert not in_force(make_instrument(), "2020-01-01")
    text = make_instrument(binding="binding")
    for event in ("signed", "adopted", "covers", "forthcoming", "published"):
        make_date(text, event, "1990")
    assert not in_force(text, "2020-01-01")


def test_the_first_of_several_starts_and_ends_counts():
    text = make_instrument(binding="binding")
    for event, value in (("applied", "1995"), ("in-force", "1993"), ("terminated", "2010"), ("repealed", "2008-02-01")):
        make_date(text, event, value)
    expected = {"1992-12-31": False, "1993-01-01": True, "2008-01-31": True, "2008-02-01": False}
    assert {day: in_force(text, day) for day in expected} == expected


DATES = ("1990", "1990-06", "1990-06-15", "1989/1991", "1990/..", "../1990", "1991~", "9999-12-31")
DAYS = ("0001-01-02", "1989-12-31", "1990-01-01", "1990-06-14", "1990-06-15", "1990-06-16", "1990-12-31", "9999-12-31")


@given(
    type_=st.sampled_from(["instrument", "actor", "event"]),
    binding=st.sampled_from(["", *Binding.values]),
    dates=st.lists(st.tuples(st.sampled_from(DateEvent.values), st.sampled_from(DATES)), max_size=4),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_the_database_the_page_and_the_rule_say_the_same(type_, binding, dates):
    record = make_record(type_, binding=binding)
    for event, value in dates:
        make_date(record, event, value)
    for day in DAYS:
        in_force(record, day)


def test_the_days_of_a_date_follow_its_text():
    row = make_date(make_instrument(), "adopted", "1990-06")
    assert (row.first, row.last) == (edtf.span("1990-06").first, edtf.span("1990-06").last)
    row.value = "1991/.."
    row.save()
    row.refresh_from_db()
    assert (row.first, row.last) == (date(1991, 1, 1), None)
