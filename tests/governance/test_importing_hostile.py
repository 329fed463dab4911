"""Whatever a file holds, reading it ends soon, with a table or with words that say what to do."""

import io
import pickle
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.importing import bounded, readers
from governance.importing.sheets import ReadError
from tests.governance.tables import write_csv, write_xlsx

ROWS = [["Title", "Country", "Date signed"], ["Labour agreement", "Morocco", "2023-05-01"], ["Été", "=1+1", "x" * 300]]
NESTED = 100_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A good file of each kind, to be spoiled."""
    folder = tmp_path_factory.mktemp("good")
    documents = '{"type": "topic", "slug": "a", "title": "Ä"}\n'
    return {
        ".csv": write_csv(folder / "t.csv", *ROWS).read_bytes(),
        ".xlsx": write_xlsx(folder / "t.xlsx", *ROWS).read_bytes(),
        ".jsonl": documents.encode(), ".yaml": "- type: topic\n  slug: a\n  title: Ä\n".encode(),
    }  # fmt: skip


def spoil(data: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """Put other bytes in some places; of a workbook, inside one of its parts, since else the zip is all that breaks."""
    if data.startswith(b"PK") and cuts[0][0] % 2:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            for name in names:
                part = old.read(name)
                new.writestr(name, _cut(part, cuts) if name == names[cuts[0][0] % len(names)] else part)
        return out.getvalue()
    return _cut(data, cuts)


def _cut(data: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    for place, new in cuts:
        place %= len(data) + 1
        data = data[:place] + new + data[place + len(new) // 2 :]
    return data


BYTES = st.one_of(
    st.binary(max_size=8), st.sampled_from([b"\0", b"\xff", b"<", b"&a;", b'"', b"\r\n", b"[" * 50, b"]]>"])
)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".yaml"])
@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 20_000), BYTES), min_size=1, max_size=6))
def test_a_spoiled_file_is_read_or_refused_in_words(files, tmp_path_factory, suffix: str, cuts) -> None:
    path = tmp_path_factory.getbasetemp() / f"spoiled{suffix}"
    path.write_bytes(spoil(files[suffix], cuts))
    try:
        readers.read(path)
    except ReadError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.yaml", b"[" * NESTED), ("t.yaml", b"- " * NESTED), ("t.jsonl", b'{"a":' * NESTED),
        ("t.jsonl", b"[" * NESTED + b"]" * NESTED), ("t.yaml", b"!!python/object/apply:os.system ['id']"),
    ],
)  # fmt: skip
def test_what_is_nested_without_end_is_refused_in_words(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError):
        readers.read(tmp_path / name)


def test_macros_are_not_looked_at(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsm", *ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b'Sub Auto_Open()\nShell "calc"\nEnd Sub')
    sheet = readers.read(path).sheet
    assert sheet and len(sheet.lines) == len(ROWS)


@pytest.mark.slow
def test_a_large_file_is_read_in_a_process_of_its_own_with_the_same_result(tmp_path: Path, monkeypatch) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", *ROWS)
    here = readers.read(path)
    monkeypatch.setattr(bounded, "SMALL_UNPACKED", 100)
    assert bounded.is_large(path)
    assert readers.read(path) == here
    with pytest.raises(ReadError, match="There is no sheet"):
        readers.read(path, "Nowhere")


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_broken_off(tmp_path: Path) -> None:
    """Two million cells."""
    path = write_xlsx(tmp_path / "t.xlsx", *[["x"] * 200 for _row in range(2)])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    row = parts["xl/worksheets/sheet1.xml"].partition(b"<sheetData>")[2].partition(b"</row>")[0] + b"</row>"
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", row * 9000 + b"</sheetData>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(ReadError, match="more than 1 seconds"):
        bounded.read(path, "", seconds=1)


def test_nothing_but_tables_comes_back_from_the_process() -> None:
    with pytest.raises(pickle.UnpicklingError, match="none of ours"):
        bounded._Unpickler(io.BytesIO(pickle.dumps(print))).load()
