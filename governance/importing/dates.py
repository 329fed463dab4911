"""Dates as people write them to EDTF text, and a refusal in words where they can be read in two ways.

Target form: https://www.loc.gov/standards/datetime/. Excel's day numbers count from 1899-12-30, which is right for all
days after February 1900.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from governance import edtf
from governance.importing.cells import Cell, is_blank_word, text
from governance.importing.names import fold

FIRST_YEAR, LAST_YEAR = 1500, 2200
SERIALS = range(20_000, 75_000)  # 1954 to 2105; smaller numbers are years or mistakes
_EPOCH = date(1899, 12, 30)

_MONTHS = (
    "january jan janvier enero", "february feb fevrier febrero", "march mar mars marzo", "april apr avril abril",
    "may mai mayo", "june jun juin junio", "july jul juillet julio", "august aug aout agosto",
    "september sep sept septembre septiembre", "october oct octobre octubre", "november nov novembre noviembre",
    "december dec decembre diciembre",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_MONTH = rf"(?P<m>{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_DAY, _YEAR = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|o)?", r"(?P<y>\d{4})"
_WORDED = [
    re.compile(pattern)
    for pattern in (
        rf"{_DAY} (?:de |of )?{_MONTH} (?:de |del )?{_YEAR}",
        rf"{_MONTH} {_DAY} {_YEAR}",
        rf"{_YEAR} {_MONTH} {_DAY}",
        rf"{_MONTH} (?:de |del )?{_YEAR}",
        rf"{_YEAR} {_MONTH}",
    )
]
_SHORT_YEAR = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTH}) (?:\d{{1,2}} )?\d{{2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2}}"
)
_SLASHED = re.compile(r"(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<mark>[/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})")
_LOOSE_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?")
_MONTH_YEAR = re.compile(r"(?P<m>\d{1,2})/(?P<y>\d{4})")
_YEARS = re.compile(r"(?P<a>\d{4}) ?(?:-|–|—|to|until) ?(?P<b>\d{4})")
_OPEN = re.compile(
    r"(?:since |from )?(?P<a>\d{4})(?: ?(?:-|–|—|to|until) ?(?:present|today|now|ongoing|date)| ?[-–—]|\+)"
    r"|since (?P<b>\d{4})"
)
_SHORT_RANGE = re.compile(r"\d{4} ?[-–—/] ?\d{2}")
_MONTH_OR_PERIOD = re.compile(r"\d{4}-\d{2}")
_ODD = re.compile(r"[^\w\s.,/’'~?+:–—-]")  # brackets and the like mean something that is not known here
_ABOUT = re.compile(r"(?:about|circa|ca?\.?|approx\.?|approximately|around|vers|hacia) ?(?P<rest>\d.*|[a-z].*)")


class DateRefused(ValueError):
    """The cell cannot be read as one date; the message says why and how to write it."""


@dataclass(frozen=True)
class Read:
    """EDTF text (empty for a blank cell) and, where something was concluded, a notice that says what."""

    value: str
    notice: str = ""


def read(cell: Cell, serials: bool = True) -> Read:
    """Turn a cell into EDTF text. Raises DateRefused; nothing is guessed.

    `serials`: may a bare number be one of Excel's day numbers?
    """
    if isinstance(cell, (datetime, date)):
        return _checked(text(cell), text(cell))
    written = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text(cell))
    if not written:
        return Read("")
    if is_blank_word(written):
        return Read("", _("“%s” was read as: no date.") % written)
    if re.fullmatch(r"\d+", written):
        return _number(written, serials)
    found = _checked(_words(written), written)
    if _MONTH_OR_PERIOD.fullmatch(written) and int(written[2:4]) < int(written[5:]):
        said = edtf.wording(found.value)
        return Read(
            found.value, _("“%(text)s” was read as %(month)s, not as a period.") % {"text": written, "month": said}
        )
    return found


def _number(written: str, serials: bool) -> Read:
    number = int(written[:12])
    if FIRST_YEAR <= number <= LAST_YEAR and len(written) == 4:
        return Read(written)
    if number in SERIALS and serials:
        day = _EPOCH + timedelta(days=number)
        said = edtf.wording(day.isoformat())
        return Read(
            day.isoformat(),
            _("The number %(n)s was read as Excel's number of a day: %(day)s.") % {"n": written, "day": said},
        )
    raise DateRefused(_("“%s” is a number, not a date; write 1951, 1951-07 or 1951-07-28.") % written[:20])


def _checked(value: str, written: str) -> Read:
    """The value if it is EDTF within the years that can be meant."""
    try:
        span = edtf.span(value)
    except edtf.NotADate as error:
        raise DateRefused(
            _("“%s” is not a date that can be read; write 28 July 1951, 1951-07-28, 1951-07 or 1951.") % written[:60]
        ) from error
    for day in (span.first, span.last):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise DateRefused(
                _("The year %(year)d in “%(text)s” can hardly be meant.") % {"year": day.year, "text": written[:60]}
            )
    return Read(value)


def _words(written: str) -> str:
    """EDTF text for what is written, or the text itself where no pattern fits."""
    _refuse_ambiguous(written)
    if _ODD.search(written):
        return written
    if match := _YEARS.fullmatch(written):
        return f"{match['a']}/{match['b']}"
    low = " ".join(fold(written, keep="-–—/.?~+:").split())
    if match := _OPEN.fullmatch(low):
        return f"{match['a'] or match['b']}/.."
    if match := _ABOUT.fullmatch(low):
        inner = _words(match["rest"])
        return inner if inner.endswith("~") else f"{inner}~"
    for pattern in (_LOOSE_ISO, _YEAR_FIRST):
        if match := pattern.fullmatch(written):
            return _iso(match["y"], int(match["m"]), int(match["d"]))
    if match := _SLASHED.fullmatch(written):
        return _day_or_month_first(match, written)
    if (match := _MONTH_YEAR.fullmatch(written)) and 1 <= int(match["m"]) <= 12:
        return _iso(match["y"], int(match["m"]))
    plain = " ".join(re.sub(r"[-/.,–—]", " ", low).split())
    for pattern in _WORDED:
        if match := pattern.fullmatch(plain):
            parts = match.groupdict()
            return _iso(parts["y"], MONTHS[parts["m"]], int(parts["d"]) if parts.get("d") else None)
    return _range_of_dates(written) or written


def _refuse_ambiguous(written: str) -> None:
    plain = " ".join(re.sub(r"[-.,/’']", " ", fold(written, keep="-.,/’'")).split())
    if _SHORT_YEAR.fullmatch(plain) or _SHORT_YEAR.fullmatch(written):
        raise DateRefused(_("“%s” has a year of two digits: write all four.") % written)
    if _SHORT_RANGE.fullmatch(written) and not ("-" in written and " " not in written and 1 <= int(written[-2:]) <= 12):
        raise DateRefused(
            _("“%s” can be a period or a month: write 2018/2020 for the years, 2018-07 for a month.") % written
        )


def _day_or_month_first(match: re.Match, written: str) -> str:
    """Dots are day first everywhere; with slashes and hyphens the order differs between countries."""
    a, b, year = int(match["a"]), int(match["b"]), match["y"]
    if match["mark"] == "." or a == b or a > 12:
        return _iso(year, b, a)
    if b > 12:
        return _iso(year, a, b)
    first, second = _iso(year, b, a), _iso(year, a, b)
    raise DateRefused(
        _("“%(text)s” can be %(first)s or %(second)s; write the one that is meant, for example as %(iso)s.")
        % {"text": written, "first": edtf.wording(first), "second": edtf.wording(second), "iso": first}
    )


def _range_of_dates(written: str) -> str:
    """“4 Dec 1952 – 3 Jan 1960”: two dates in words with a dash between them."""
    parts = re.split(r"\s+(?:-|–|—|to|until)\s+|\s*[–—]\s*", written)
    if len(parts) != 2 or not all(re.search(r"\d{4}", part) for part in parts):
        return ""
    return "/".join(_words(part) for part in parts)


def _iso(year: str, month: int, day: int | None = None) -> str:
    return f"{year}-{month:02d}" + (f"-{day:02d}" if day is not None else "")
