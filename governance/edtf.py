"""Dates of any precision, as Extended Date/Time Format text (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/).

Only the parser of the `edtf` package is used: its database field stores pickles.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

LONGEST = 40


class NotADate(ValueError):
    """The text is not EDTF; the message names the text and shows what would be."""


@dataclass(frozen=True)
class Span:
    """The days an EDTF text may mean: `first` and `last`, None where the text leaves an end open."""

    first: date | None
    last: date | None


@lru_cache(maxsize=8192)
def span(text: str) -> Span:
    """Return the first and last day that `text` covers.

    Raises NotADate for anything that is not EDTF or lies outside the years 1 to 9999.
    """
    if len(text) > LONGEST:
        raise NotADate(_("A date is at most %(n)d characters long.") % {"n": LONGEST})
    try:
        parsed = parse_edtf(text)
        lower, upper = parsed.lower_strict(), parsed.upper_strict()
        result = Span(_day(lower), _day(upper))
    except (EDTFParseException, ValueError, OverflowError, AttributeError, TypeError, KeyError, IndexError) as error:
        raise NotADate(_("“%(text)s” is not a date; write 1951, 1951-07, 1951-07-28 or 2018/2030.") % {"text": text}) from error
    if result.first and result.last and result.first > result.last:
        raise NotADate(_("“%(text)s” ends before it begins.") % {"text": text})
    return result


def _day(value) -> date | None:
    """Turn the parser's struct_time (or its infinities for an open end) into a day."""
    if isinstance(value, float):
        return None
    return date(value.tm_year, value.tm_mon, value.tm_mday)


def wording(text: str) -> str:
    """Say an EDTF text as a reader would: 28 July 1951, November 2021, 2018–2030, about 2005."""
    try:
        span(text)
    except NotADate:
        return text
    if "/" in text:
        first, last = text.split("/", 1)
        open_marks = ("", "..")
        if last in open_marks:
            return _("since %(date)s") % {"date": wording(first)}
        if first in open_marks:
            return _("until %(date)s") % {"date": wording(last)}
        return f"{wording(first)}–{wording(last)}"
    core = text.rstrip("~?%")
    said = _point(core)
    if text.endswith("~"):
        return _("about %(date)s") % {"date": said}
    if text.endswith("?"):
        return _("%(date)s (uncertain)") % {"date": said}
    if text.endswith("%"):
        return _("about %(date)s (uncertain)") % {"date": said}
    return said


def _point(core: str) -> str:
    parts = core.split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return format_date(date(*numbers), "j F Y")
        if len(numbers) == 2:
            return format_date(date(numbers[0], numbers[1], 1), "F Y")
    except ValueError:
        return core
    return core
