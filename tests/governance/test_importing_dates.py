"""Dates as people write them: one meaning is taken, two are refused in words."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import edtf
from governance.importing.dates import DateRefused, read

DAYS = st.dates(date(1500, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("4 Dec 1952", "1952-12-04"),
        ("4th December, 1952", "1952-12-04"),
        ("December 4, 1952", "1952-12-04"),
        ("4-Dec-1952", "1952-12-04"),
        ("1er janvier 1990", "1990-01-01"),
        ("12 de marzo de 2018", "2018-03-12"),
        ("31.12.1999", "1999-12-31"),
        ("03.04.1999", "1999-04-03"),
        ("13/04/1952", "1952-04-13"),
        ("04/13/1952", "1952-04-13"),
        ("04/04/1952", "1952-04-04"),
        ("1952/12/04", "1952-12-04"),
        ("1952-7-8", "1952-07-08"),
        ("2019-05-04 00:00:00", "2019-05-04"),
        ("Nov 2021", "2021-11"),
        ("11/2021", "2021-11"),
        ("2018-2030", "2018/2030"),
        ("2018 – 2030", "2018/2030"),
        ("4 Dec 1952 – 3 Jan 1960", "1952-12-04/1960-01-03"),
        ("2006–present", "2006/.."),
        ("since 2006", "2006/.."),
        ("c. 2005", "2005~"),
        ("2005?", "2005?"),
        ("٢٠١٨", "2018"),
        (1952, "1952"),
        (1952.0, "1952"),
        (datetime(1952, 12, 4, 10), "1952-12-04"),
        ("", ""),
        (None, ""),
    ],
)
def test_one_meaning_is_taken(written, value: str) -> None:
    assert read(written).value == value


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("04/12/1952", "can be 4 December 1952 or 12 April 1952"),
        ("4-Dec-52", "year of two digits"),
        ("04/12/52", "year of two digits"),
        ("2018-20", "period or a month"),
        ("2018-21", "period or a month"),
        ("2018/21", "period or a month"),
        ("30 Feb 2000", "not a date that can be read"),
        ("soon", "not a date that can be read"),
        ("4 Dec 1952 a", "not a date that can be read"),
        ("3018-01-01", "The year 3018"),
        ("12345", "is a number, not a date"),
        ("[18 May 1954]", "not a date that can be read"),
        ("2030-2018", "not a date that can be read"),
    ],
)
def test_what_has_two_meanings_or_none_is_refused_in_words(written: str, words: str) -> None:
    with pytest.raises(DateRefused, match=words):
        read(written)


@pytest.mark.parametrize(
    ("written", "value", "words"),
    [
        (43831, "2020-01-01", "Excel's number of a day: 1 January 2020"),
        ("43831", "2020-01-01", "Excel's number of a day"),
        ("n/a", "", "no date"),
        ("2005-06", "2005-06", "read as June 2005, not as a period"),
    ],
)
def test_what_was_concluded_is_said(written, value: str, words: str) -> None:
    found = read(written)
    assert found.value == value
    assert words in found.notice


def test_a_number_is_no_day_in_a_workbook_that_counts_from_1904() -> None:
    with pytest.raises(DateRefused):
        read(43831, serials=False)


@given(DAYS)
def test_a_day_is_read_in_every_unambiguous_wording(day: date) -> None:
    for form in ("%d %b %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%b-%Y"):
        assert read(day.strftime(form)).value == day.isoformat()


@given(DAYS)
def test_a_slashed_day_is_never_read_as_another(day: date) -> None:
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        try:
            assert read(day.strftime(form)).value == day.isoformat()
        except DateRefused:
            assert day.day <= 12 and day.day != day.month


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_is_a_date(written: str) -> None:
    try:
        value = read(written).value
    except DateRefused:
        return
    if value:
        edtf.span(value)
