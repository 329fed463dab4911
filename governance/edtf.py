"""Dates of any precision, as Extended Date/Time Format text (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/).

What a reader can be told in words is taken: days, months, years, seasons, decades and centuries, each certain or not,
and intervals of them. Sets, times and years beyond 9999 are not. Only the parser of the `edtf` package is used: its
database field stores pickles.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import gettext as _

LONGEST = 40

# The parser alone would take Y1E99999999 and compute it.
_MONTH = r"(0[1-9]|1[0-2])"
_POINT = re.compile(rf"(\d\d(\d\d|\dX|XX)|\d{{4}}-({_MONTH}|2[1-4]|XX|{_MONTH}-(\d\d|XX)))[~?%]?", re.ASCII)
_MONTHS = re.compile(rf"\d{{4}}-{_MONTH}", re.ASCII)
_OPEN = ("", "..")
_FULL_DAYS = re.compile(r"(?P<month>\d{4}-\d\d)-(?P<day>\d\d)/(?P<last>\d{4}-\d\d-\d\d)", re.ASCII)


class NotADate(ValueError):
    """The text is not EDTF; the message names the text and shows what would be."""


@dataclass(frozen=True)
class Span:
    """The days an EDTF text may mean: `first` and `last`, None where the text leaves an end open."""

    first: date | None
    last: date | None


@lru_cache(maxsize=8192)
def span(text: str) -> Span:
    """Return the first and last day that `text` covers; an end that is open or unknown has none.

    Raises NotADate for anything that is not EDTF or lies outside the years 1 to 9999.
    """
    if len(text) > LONGEST:
        raise NotADate(_("A date is at most %(n)d characters long.") % {"n": LONGEST})
    ends = text.split("/")
    if len(ends) > 2 or all(end in _OPEN for end in ends):
        raise _not_a_date(text)
    first, last = (None if end in _OPEN else _days(end, text) for end in (ends[0], ends[-1]))
    result = Span(first and first[0], last and last[1])
    if result.first and result.last and result.first > result.last:
        raise NotADate(_("“%(text)s” ends before it begins.") % {"text": text})
    return result


@lru_cache(maxsize=8192)
def _days(point: str, text: str) -> tuple[date, date]:
    """The first and last day of one point in time, which is all of `text` or one end of it."""
    if not _POINT.fullmatch(point):
        raise _not_a_date(text)
    plain = point.rstrip("~?%")
    try:
        # What most dates are is read thousands of times faster than the parser does, which imports and pages feel.
        if len(plain) == 10 and "X" not in plain:
            day = date.fromisoformat(plain)
            return day, day
        if plain.isdecimal():
            return date(int(plain), 1, 1), date(int(plain), 12, 31)
        if _MONTHS.fullmatch(plain):
            year, month = int(plain[:4]), int(plain[5:])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return _by_grammar(plain)
    except ValueError as error:
        raise _not_a_date(text) from error


def _by_grammar(plain: str) -> tuple[date, date]:
    # The package makes its grammar when it is imported, a fifth of a second that most processes need not spend.
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        parsed = parse_edtf(plain)
    except EDTFParseException as error:
        raise ValueError(str(error)) from error
    return _day(parsed.lower_strict()), _day(parsed.upper_strict())


def _not_a_date(text: str) -> NotADate:
    return NotADate(_("“%(text)s” is not a date; write 1951, 1951-07, 1951-07-28 or 2018/2030.") % {"text": text})


def _day(value) -> date:
    return date(value.tm_year, value.tm_mon, value.tm_mday)


def wording(text: str) -> str:
    """Say an EDTF text as a reader would: 28 July 1951, November 2021, 2018–2030, about 2005.

    What is not EDTF is given back as it stands.
    """
    try:
        span(text)
    except NotADate:
        return text
    if "/" in text:
        first, last = text.split("/")
        if last in _OPEN:
            return _("since %(date)s") % {"date": wording(first)}
        if first in _OPEN:
            return _("until %(date)s") % {"date": wording(last)}
        return f"{wording(first)}–{wording(last)}"
    said = _point(text.rstrip("~?%"))
    if text.endswith("~"):
        return _("about %(date)s") % {"date": said}
    if text.endswith("?"):
        return _("%(date)s (uncertain)") % {"date": said}
    if text.endswith("%"):
        return _("about %(date)s (uncertain)") % {"date": said}
    return said


def briefly(text: str) -> str:
    """The same, with what the two days of an interval share said once: 14–15 September 2006."""
    days = _FULL_DAYS.fullmatch(text)
    if not days or days["month"] != days["last"][:7]:
        return wording(text) if text else ""
    last = wording(days["last"])
    return f"{int(days['day'])}–{last}" if last != days["last"] else last


def _point(core: str) -> str:
    first, last = _days(core, core)
    parts = [part for part in core.split("-") if part != "XX"]
    if "X" in core[:4]:
        return f"{first.year}–{last.year}"
    if len(parts) == 1:
        return core[:4]
    if len(parts) == 3:
        return date_format(first, "DATE_FORMAT")
    season = _season(int(parts[1]))
    return season % {"year": core[:4]} if season else date_format(first, "YEAR_MONTH_FORMAT")


def _season(number: int) -> str:
    """EDTF numbers the seasons where it numbers the months."""
    seasons = {21: _("spring %(year)s"), 22: _("summer %(year)s"), 23: _("autumn %(year)s"), 24: _("winter %(year)s")}
    return seasons.get(number, "")
