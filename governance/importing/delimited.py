"""CSV files as people's programs write them: encoding and separator found out, never asked."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from governance.importing.cells import unguard
from governance.importing.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Line, ReadError, Sheet, column_letter

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = "sep="  # Excel's own way to name the separator, in the first line


def read(data: bytes, name: str) -> Sheet:
    """Read the bytes of a CSV file. Raises ReadError for what is no text or too large."""
    text, notice = decode(data)
    start = 1
    if text[:4].casefold() == _SEPARATOR_LINE and len(text) > 5 and text[5] in "\r\n":
        delimiter, text, start = text[4], text.split("\n", 1)[-1], 2
    else:
        delimiter = guess_delimiter(text)
    lines = list(_lines(text, delimiter, start))
    return Sheet(name, lines, [notice] if notice else [], ragged=True)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and a notice about a guessed encoding; raises ReadError for bytes that are no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError as error:
            raise ReadError(_("The file is damaged: its UTF-16 text cannot be read.")) from error
    if b"\0" in data:
        raise ReadError(_("This is not a text file. Save the table as CSV (UTF-8) or as an Excel workbook (.xlsx)."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            return text, _("The file is not UTF-8 and was read as Windows-1252 (Western European); check the accents.")
        return text, ""
    raise ReadError(_("The letters of this file cannot be read. Save it as “CSV UTF-8”."))


def guess_delimiter(text: str) -> str:
    """The separator by which the first lines have the same number of cells, and as many as possible."""

    def score(delimiter: str) -> float:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in islice(reader, 30) if row)
        except csv.Error:
            return 0
        # To the fourth: that lines agree counts for more than that there are many cells.
        return max((width * (count / widths.total()) ** 4 for width, count in widths.items() if width > 1), default=0)

    return max(DELIMITERS, key=score)


def _lines(text: str, delimiter: str, start: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    offset, number = start - 1, start
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ReadError(
                _("Line %(n)d cannot be read (%(error)s). Is a quotation mark left open, or a cell over-long?")
                % {"n": reader.line_num + offset, "error": error}
            ) from error
        if number > MAX_ROWS + start:
            raise ReadError(_("The table has more than %d rows. Split it into several files.") % MAX_ROWS)
        if len(row) > MAX_COLUMNS:
            raise ReadError(_("Row %(n)d has more than %(max)d columns.") % {"n": number, "max": MAX_COLUMNS})
        yield line_of(number, row)
        number += 1


def line_of(number: int, row: list[str]) -> Line:
    """A line of clean text cells; an over-long cell becomes a fault of the line and is cut."""
    line = Line(number, ())
    cells = []
    for index, value in enumerate(row):
        if len(value) > MAX_CELL:
            line.faults.append(too_long(index, len(value)))
            value = value[:200]
        cells.append(unguard(value))
    line.cells = tuple(cells)
    return line


def too_long(index: int, length: int) -> str:
    return _("The cell in column %(column)s has %(n)d characters; at most %(max)d can be imported.") % {
        "column": column_letter(index), "n": length, "max": MAX_CELL,
    }  # fmt: skip
