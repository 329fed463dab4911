from datetime import date

import pytest
from django.utils import translation
from hypothesis import example, given, reject
from hypothesis import strategies as st

from governance import edtf

PIECES = st.sampled_from([
    "1951", "0000", "9999", "195X", "19XX", "XXXX", "-07", "-13", "-00", "-XX", "-28", "-29", "-30", "-31", "-21",
    "-24", "-33", "/", "..", "~", "?", "%", "Y", "E9", "S2", "-", "T10:00:00Z", "[", "]", "{", "}", ",", " ", "\n", "u",
    "open", "unknown", "٤", "１", "\x00", "é",
])  # fmt: skip
CLOSE_TO_DATES = st.lists(PIECES, max_size=8).map("".join)
POINTS = st.one_of(
    st.dates().map(date.isoformat),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
    st.dates(min_value=date(10, 1, 1)).map(lambda day: day.isoformat()[:3] + "X"),
    st.builds("{}-{}".format, st.integers(1000, 9999), st.integers(21, 24)),
)
QUALIFIED = st.builds("{}{}".format, POINTS, st.sampled_from(["", "~", "?", "%"]))
ENDS = st.one_of(QUALIFIED, st.sampled_from(["", ".."]))
DATES = st.one_of(QUALIFIED, st.builds("{}/{}".format, ENDS, ENDS))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1951", date(1951, 1, 1), date(1951, 12, 31)),
        ("1951-07", date(1951, 7, 1), date(1951, 7, 31)),
        ("1951-07-28", date(1951, 7, 28), date(1951, 7, 28)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2018/2030", date(2018, 1, 1), date(2030, 12, 31)),
        ("2015-10-21/2015-10-22", date(2015, 10, 21), date(2015, 10, 22)),
        ("2005~", date(2005, 1, 1), date(2005, 12, 31)),
        ("2022?", date(2022, 1, 1), date(2022, 12, 31)),
        ("195X", date(1950, 1, 1), date(1959, 12, 31)),
        ("19XX", date(1900, 1, 1), date(1999, 12, 31)),
        ("1951-XX", date(1951, 1, 1), date(1951, 12, 31)),
        ("1951-07-XX", date(1951, 7, 1), date(1951, 7, 31)),
        ("2011-21", date(2011, 3, 1), date(2011, 5, 31)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12-31", date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_a_text_covers_the_days_it_may_mean(text, first, last):
    assert edtf.span(text) == edtf.Span(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1985/..", date(1985, 1, 1), None),
        ("1985/", date(1985, 1, 1), None),
        ("../2004-06", None, date(2004, 6, 30)),
        ("/2004-06", None, date(2004, 6, 30)),
    ],
)
def test_an_end_left_open_or_unknown_has_no_day(text, first, last):
    assert edtf.span(text) == edtf.Span(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "soon", "28 July 1951", "1951-7-28", "1951-02-30", "1900-02-29", "1951-13", "0000", "-0044", "10000",
        "1951-07-28T10:00:00Z", " 1951", "1951\n", "1951/1952/1953", "/", "..", "../..", "/..", "[1667,1668]", "{1667}",
        "Y17E2", "1950S2", "1984?-06", "~1984", "XXXX", "156X-12-25", "1951-XX-28", "2001-33", "1985/open", "unknown",
        "١٩٥١", "１９５１", "1951" * 50,
    ],
)  # fmt: skip
def test_what_is_not_a_date_is_refused_with_an_example(text):
    with pytest.raises(edtf.NotADate, match=r"1951-07-28|40 characters"):
        edtf.span(text)


def test_an_interval_does_not_end_before_it_begins():
    with pytest.raises(edtf.NotADate, match="ends before it begins"):
        edtf.span("2030/2018")


@pytest.mark.parametrize("text", ["Y1E99999999", "Y9E999999999/..", "../Y1E99999999"])
def test_a_huge_exponent_is_refused_at_once(text):
    with pytest.raises(edtf.NotADate):
        edtf.span(text)


@given(st.one_of(CLOSE_TO_DATES, st.text(max_size=50)))
@example("1951-07-28" * 400)
def test_any_text_is_a_span_in_order_or_not_a_date(text):
    try:
        span = edtf.span(text)
    except edtf.NotADate as error:
        assert str(error)
        return
    assert span.first or span.last
    if span.first and span.last:
        assert span.first <= span.last


@given(DATES)
def test_what_the_grammar_makes_is_a_date_unless_its_ends_are_swapped_or_both_open(text):
    first, _, last = text.partition("/")
    if "/" in text and first in ("", "..") and last in ("", ".."):
        with pytest.raises(edtf.NotADate):
            edtf.span(text)
        return
    try:
        span = edtf.span(text)
    except edtf.NotADate as error:
        assert "ends before it begins" in str(error) and "/" in text
    else:
        assert (span.first is None) == (text.startswith(("/", "..")))
        assert (span.last is None) == (text.endswith(("/", "..")))


@given(st.one_of(CLOSE_TO_DATES, DATES, st.text(max_size=50)), st.sampled_from(["en", "fr", "es", "ar"]))
def test_wording_never_fails_in_any_language(text, language):
    with translation.override(language):
        said = edtf.wording(text)
    assert bool(said) == bool(text)


@given(DATES)
def test_wording_shows_no_marks_of_the_format(text):
    try:
        edtf.span(text)
    except edtf.NotADate:
        reject()
    assert not set(edtf.wording(text)) & set("~%X/")
    assert ".." not in edtf.wording(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1951", "1951"),
        ("2021-11", "November 2021"),
        ("1951-07-28", "28 July 1951"),
        ("2018/2030", "2018–2030"),
        ("2015-10-21/2015-10-22", "21 October 2015–22 October 2015"),
        ("1985/..", "since 1985"),
        ("1985/", "since 1985"),
        ("../2004-06", "until June 2004"),
        ("2005~", "about 2005"),
        ("2022?", "2022 (uncertain)"),
        ("2022-11%", "about November 2022 (uncertain)"),
        ("2005~/2010", "about 2005–2010"),
        ("195X", "1950–1959"),
        ("1951-XX", "1951"),
        ("1951-07-XX", "July 1951"),
        ("2011-21", "spring 2011"),
        ("no date at all", "no date at all"),
    ],
)
def test_wording_is_what_a_reader_would_say(text, said):
    assert edtf.wording(text) == said


def test_months_are_named_in_the_readers_language():
    with translation.override("fr"):
        assert edtf.wording("1951-07-28") == "28 juillet 1951"
