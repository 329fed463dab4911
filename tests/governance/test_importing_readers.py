"""Files as they come: encodings, separators, workbooks, and those that mean harm."""

import zipfile
from pathlib import Path

import pytest

from governance.importing import headers, readers
from governance.importing.cells import text
from governance.importing.sheets import MAX_CELL, MAX_ROWS, ReadError
from tests.governance.tables import rewrite_part, write_csv, write_xlsx

HEAD = ["Title", "Country", "Date signed"]
SHEET = "xl/worksheets/sheet1.xml"


def cells(path: Path) -> list[list[str]]:
    sheet = readers.read(path).sheet
    assert sheet is not None
    return [[text(cell) for cell in line.cells] for line in sheet.lines]


def faults(path: Path) -> list[str]:
    sheet = readers.read(path).sheet
    assert sheet is not None
    return [fault for line in sheet.lines for fault in line.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEAD, ["Accord, Türkiye", "Côte d'Ivoire", "1999"], ["A\nB", "Spain", "2000"]]
    assert cells(write_csv(tmp_path / "t.csv", *rows, encoding=encoding, delimiter=delimiter)) == rows


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    sheet = readers.read(write_csv(tmp_path / "t.csv", HEAD, ["Côte", "x", "y"], encoding="cp1252")).sheet
    assert sheet and "Windows-1252" in sheet.notices[0]


def test_a_table_with_markdown_tables_in_its_cells_is_split_by_its_own_separator(tmp_path: Path) -> None:
    body = "| a | b |\n|---|---|\n" + "| c | d |\n" * 12
    assert len(cells(write_csv(tmp_path / "t.csv", HEAD, ["A", body, "1999"]))[1]) == 3


def test_excel_names_its_separator_in_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sep=;\nTitle;Country\nA, B;Spain\n")
    assert cells(tmp_path / "t.csv") == [["Title", "Country"], ["A, B", "Spain"]]


def test_a_workbook_is_read_and_its_other_sheets_are_named(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["A", "Spain", 1999])
    book.create_sheet("Notes").append(["x"])
    book.save(tmp_path / "t.xlsx")
    assert cells(tmp_path / "t.xlsx") == [HEAD, ["A", "Spain", "1999"]]
    assert "Notes" in readers.read(tmp_path / "t.xlsx").sheet.notices[0]
    with pytest.raises(ReadError, match="Sheet, Notes"):
        readers.read(tmp_path / "t.xlsx", sheet="Absent")


def test_merged_cells_are_a_fault_of_each_row_they_cover(tmp_path: Path) -> None:
    rows = [HEAD, ["A", "Spain", "1999"], ["B", "Spain", "1999"]]
    assert [fault[:18] for fault in faults(write_xlsx(tmp_path / "t.xlsx", *rows, merged="B2:B3"))] == [
        "Cells B2:B3 are me"
    ] * 2


def test_a_formula_without_a_value_is_a_fault_and_not_an_empty_cell(tmp_path: Path) -> None:
    [fault] = faults(write_xlsx(tmp_path / "t.xlsx", HEAD, ["A", "Spain", "=1999+1"]))
    assert "column C is a formula without a value" in fault


def test_an_overlong_cell_is_a_fault(tmp_path: Path) -> None:
    long = "x" * (MAX_CELL + 1)
    assert f"{MAX_CELL + 1} characters" in faults(write_csv(tmp_path / "t.csv", HEAD, [long, "", ""]))[0]
    assert f"{MAX_CELL + 1} characters" in faults(write_xlsx(tmp_path / "t.xlsx", HEAD, [long, "", ""]))[0]


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Title,Country\n" + "A,Spain\n" * (MAX_ROWS + 1))
    with pytest.raises(ReadError, match="more than 20000 rows"):
        readers.read(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("t.xlsx", b"Title,Country\nA,Spain\n", "not an Excel workbook"),
        ("t.csv", b"PK\x03\x04rest", "Excel workbook or a zip"),
        ("t.xlsx", b"PK\x03\x04rest", "damaged"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1", "old Excel workbook"),
        ("t.csv", b"%PDF-1.7", "PDF"),
        ("t.doc", b"x", "cannot be imported"),
        ("t.csv", b" \n", "empty"),
        ("t.csv", b"a\0b", "not a text file"),
        ("t.csv", b'Title\n"' + b"x" * 200_000, "cannot be read"),
        ("t.yaml", b"- {type: [", "not readable YAML"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_with_the_way_out(tmp_path, name, data, words) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError, match=words):
        readers.read(tmp_path / name)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", HEAD)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as part:
        for _ in range(210):
            part.write(b"\0" * 1024 * 1024)
    with pytest.raises(ReadError, match="far more than a table needs"):
        readers.read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_entities_are_refused_before_anything_is_parsed(tmp_path: Path, encoding: str) -> None:
    laughs = '<!DOCTYPE lolz [<!ENTITY a "ha">' + '<!ENTITY b "&a;&a;&a;&a;">' + "]>"
    path = rewrite_part(write_xlsx(tmp_path / "t.xlsx", HEAD), SHEET, lambda data: laughs.encode(encoding) + data)
    with pytest.raises(ReadError, match="declarations that no spreadsheet writes"):
        readers.read(path)


def test_references_in_yaml_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("- &a [x, x]\n- [*a, *a]\n")
    with pytest.raises(ReadError, match="Line 2 refers to another place"):
        readers.read(tmp_path / "t.yaml")


def test_what_stands_above_the_headings_is_told(tmp_path: Path) -> None:
    rows = [["Agreements of the region", "", ""], ["", "", ""], HEAD, ["A", "Spain", "1999"]]
    table = headers.find(readers.read(write_csv(tmp_path / "t.csv", *rows)).sheet)
    assert table.headings == HEAD
    assert "Row 1 stands above the headings" in table.notices[0]


def test_doubled_headings_are_a_fault_of_the_file(tmp_path: Path) -> None:
    table = headers.find(readers.read(write_csv(tmp_path / "t.csv", ["Title", "Date", "date"], ["A", "1", "2"])).sheet)
    assert table.faults == ["Two columns are called “date” (B and C). Rename or delete one of them."]


def test_a_row_with_too_many_cells_is_a_fault_of_the_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Title,Country\nA, B,Spain\nC,Spain\n")
    table = headers.find(readers.read(tmp_path / "t.csv").sheet)
    assert "lack its quotation marks" in table.lines[0].faults[0]
    assert table.lines[1].faults == []
