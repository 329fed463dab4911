"""Excel workbooks, read cell by cell without building the workbook in memory, and hostile ones refused unread.

An .xlsx is a zip of XML parts (ECMA-376). Before any of it is parsed, its size when unpacked is counted and every part
is searched for a document type declaration, which OOXML never has and entity bombs need.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from governance.importing.cells import Cell, tidy, unguard
from governance.importing.delimited import too_long
from governance.importing.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Line, ReadError, Sheet, column_letter

MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 2_000
MAX_MERGED = 2_000
_CHUNK = 1024 * 1024
_DECLARATIONS = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
)


@dataclass
class _Part:
    """What a look at a sheet's raw XML tells: its merged ranges and whether it calculates."""

    merged: list[str] = field(default_factory=list)
    formulas: bool = False


def read(data: bytes, name: str, sheet: str = "") -> Sheet:
    """Read one sheet of a workbook: the named one, or the first that has anything in it.

    Raises ReadError for a damaged or hostile file, an unknown sheet, or a table over the limits.
    """
    parts = inspect(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parts raise on a damaged file
        raise ReadError(
            _("The workbook is damaged and cannot be opened. Open it and save it again as .xlsx.")
        ) from error
    try:
        chosen = _choose(book, sheet)
        part = parts.get(chosen._worksheet_path.lstrip("/"), _Part())
        found = Sheet(chosen.title, list(_lines(chosen)), serials=book.epoch != CALENDAR_MAC_1904)
        _tell(found, book, data, part)
        return found
    except ReadError:
        raise
    except Exception as error:
        raise ReadError(_("The workbook is damaged and cannot be read. Open it and save it again as .xlsx.")) from error
    finally:
        book.close()


def inspect(data: bytes) -> dict[str, _Part]:
    """Look at every part of the zip without parsing it. Raises ReadError for bombs and damaged files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise ReadError(_("The workbook unpacks to far more than a table needs and was not opened."))
            left = [MAX_UNPACKED]
            return {info.filename.lstrip("/"): _look(archive, info, left) for info in infos}
    except ReadError:
        raise
    except (*_BROKEN, RuntimeError) as error:  # RuntimeError: a password
        raise ReadError(_("The workbook is damaged or has a password. Open it and save it again as .xlsx.")) from error


def _look(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: list[int]) -> _Part:
    part, tail = _Part(), b""
    is_xml = info.filename.endswith((".xml", ".rels", ".vml"))
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            left[0] -= len(chunk)  # the size a zip claims is not the size it has
            if left[0] < 0:
                raise ReadError(_("The workbook unpacks to far more than a table needs and was not opened."))
            window = tail + chunk
            if is_xml:
                if any(mark in window for mark in _DECLARATIONS):
                    raise ReadError(_("The workbook holds declarations that no spreadsheet writes and was not opened."))
                part.merged += [
                    found.decode() for found in _MERGED.findall(window) if found.decode() not in part.merged[-50:]
                ]
                part.formulas = part.formulas or bool(_FORMULA.search(window))
                if len(part.merged) > MAX_MERGED:
                    raise ReadError(_("The sheet has thousands of merged cells. Unmerge them and save it again."))
            tail = window[-120:]
    return part


def _choose(book, sheet: str):
    sheets = [each for each in book.worksheets if hasattr(each, "iter_rows")]
    if sheet:
        for each in sheets:
            if each.title.casefold() == sheet.casefold():
                return each
        names = ", ".join(each.title for each in sheets)
        raise ReadError(
            _("There is no sheet “%(name)s”; the workbook has: %(names)s.") % {"name": sheet, "names": names}
        )
    for each in sheets:
        if any(cell is not None for row in each.iter_rows(max_row=50, values_only=True) for cell in row):
            return each
    raise ReadError(_("The workbook has no sheet with anything in it."))


def _lines(sheet) -> Iterator[Line]:
    filled = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        last = max((n for n, cell in enumerate(row, 1) if cell not in (None, "")), default=0)
        if not last:
            if number > MAX_ROWS * 5:  # a style on the last row of the sheet makes a million empty ones
                return
            continue
        filled += 1
        if filled > MAX_ROWS + 1:
            raise ReadError(_("The table has more than %d rows. Split it into several files.") % MAX_ROWS)
        if last > MAX_COLUMNS:
            raise ReadError(_("Row %(n)d has more than %(max)d columns.") % {"n": number, "max": MAX_COLUMNS})
        yield _line(number, row[:last])


def _line(number: int, row: tuple) -> Line:
    line = Line(number, ())
    cells: list[Cell] = []
    for index, value in enumerate(row):
        if isinstance(value, str):
            if len(value) > MAX_CELL:
                line.faults.append(too_long(index, len(value)))
                value = value[:200]
            if value in ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"):
                line.faults.append(
                    _("The cell in column %(column)s shows the error %(error)s. Type the value itself.")
                    % {"column": column_letter(index), "error": value}
                )
            value = unguard(value)
        elif isinstance(value, time) or not isinstance(value, (int, float, date, datetime, type(None))):
            value = tidy(str(value))
        cells.append(value)
    line.cells = tuple(cells)
    return line


def _tell(sheet: Sheet, book, data: bytes, part: _Part) -> None:
    """Add to lines and sheet what the values alone do not show: merged cells, formulas, other sheets, macros."""
    by_number = {line.number: line for line in sheet.lines}
    for ref in part.merged:
        first_column, first_row, last_column, last_row = range_boundaries(ref)
        if (first_column, first_row) == (last_column, last_row):
            continue
        for number in range(first_row, min(last_row, first_row + MAX_ROWS) + 1):
            if number in by_number:
                by_number[number].faults.append(
                    _("Cells %s are merged: only the first of them holds the value. Unmerge them and fill in each.")
                    % ref
                )
    if part.formulas:
        _uncalculated(data, sheet, by_number)
    others = [each.title for each in book.worksheets if each.title != sheet.name]
    if others:
        sheet.notices.append(
            _("Only the sheet “%(name)s” was read; not read: %(others)s.")
            % {"name": sheet.name, "others": ", ".join(others)}
        )


def _uncalculated(data: bytes, sheet: Sheet, by_number: dict[int, Line]) -> None:
    """A formula that was never calculated has no value: that is a fault, not an empty cell."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        for number, row in enumerate(book[sheet.name].iter_rows(values_only=True), 1):
            for index, value in enumerate(row[:MAX_COLUMNS]):
                line = by_number.get(number)
                if not (isinstance(value, str) and value.startswith("=")):
                    continue
                if line is None:
                    line = by_number[number] = Line(number, ())
                    sheet.lines.append(line)
                if index >= len(line.cells) or line.cells[index] is None:
                    line.faults.append(
                        _("The cell in column %s is a formula without a value. Type the value itself.")
                        % column_letter(index)
                    )
    finally:
        book.close()
    sheet.lines.sort(key=lambda line: line.number)
