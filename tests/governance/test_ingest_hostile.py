"""Files made to break what reads them end in one clear line."""

import io
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest

from governance.ingest import limits
from governance.ingest.process import IngestError, parse
from tests.governance.texts import document_xml, make_docx, make_pdf, replace_part, write

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
SLOW = "<html><body>" + "<b>x" * 1_000_000
BOMB = f'<!DOCTYPE w [<!ENTITY a0 "ha">{LAUGHS}]>'


def zip_of(name: str, size: int) -> bytes:
    """A docx whose part `name` unpacks to `size` bytes of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document_xml("<w:p/>"))
        with archive.open(name, "w") as part:
            for _ in range(size // 2**20):
                part.write(b" " * 2**20)
    return out.getvalue()


HOSTILE = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\n \n", "holds no text"),
    "latin.txt": ("caf\u00e9".encode("latin-1"), "line 1 is not UTF-8"),
    "binary.txt": (b"\x00\x01" * 500, "unknown binary data"),
    "zeros.pdf": (b"\x00" * 5000, "unknown binary data"),
    "table.xlsx": (b"PK\x03\x04", "only txt, md, html, pdf and docx"),
    "none": (b"words", "only txt, md, html, pdf and docx"),
    "line.txt": (b"a" * (limits.PARAGRAPH_CHARACTERS + 1), "paragraph 1 has more than 100000 characters"),
    "many.txt": (b"a\n\n" * (limits.PARAGRAPHS + 1), "more than 100000 paragraphs"),
    "long.txt": ((b"a" * 90_000 + b"\n\n") * 230, "more than 20000000 characters"),
    "torn.pdf": (make_pdf(["words"])[:300], "damaged"),
    "head.pdf": (b"%PDF-1.7\n" + os.urandom(2000).replace(b"endobj", b""), "damaged"),
    "locked.pdf": (
        make_pdf(["x"], trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /O (12345678901234567890123456789012) "
                 "/U (12345678901234567890123456789012) /P -4 >> /ID [<00> <00>] "),
        "locked with a password",
    ),
    "picture.pdf": (make_pdf([""]), "holds no text"),
    "circle.pdf": (make_pdf(["x"]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), "damaged"),
    "torn.docx": (make_docx("words")[:-200], "damaged"),
    "hollow.docx": (zip_of("docProps/app.xml", 2**20), "damaged"),
    "bomb.docx": (zip_of("word/media/x.xml", limits.UNPACKED_BYTES + 2**20), "unpacks to more than 300 MB"),
    "laughs.docx": (
        replace_part(make_docx("x"), "word/document.xml",
                     document_xml("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>").replace(b"?>", b"?>" + BOMB.encode(), 1)),
        "entities of its own",
    ),
    "laughs.html": (f"{BOMB.replace('DOCTYPE w', 'DOCTYPE html')}<html><p>&a9;</p></html>".encode(), "entities of its"),
    "named.html": (b'<html><meta charset="klingon"><p>x</p></html>', "not in the encoding it names (klingon)"),
    "odd.html": (b'<html><meta charset="utf-8"><p>caf\xe9</p></html>', "not in the encoding it names (utf-8)"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_clear_line(name: str, tmp_path: Path) -> None:
    content, reason = HOSTILE[name]
    with pytest.raises(IngestError) as caught:
        parse(write(tmp_path, name, content))
    assert reason in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_takes_too_long_is_broken_off(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(IngestError, match="more than 1 seconds"):
        parse(write(tmp_path, "deep.html", SLOW), seconds=1)
    assert time.monotonic() - began < 10


def test_a_file_that_takes_too_much_memory_is_broken_off(tmp_path: Path) -> None:
    """290 MB of empty paragraphs, which a tree of them multiplies."""
    part = document_xml("<w:p/>" * (280 * 2**20 // 6))
    path = write(tmp_path, "wide.docx", replace_part(make_docx("x"), "word/document.xml", part))
    assert path.stat().st_size < 2 * 2**20
    with pytest.raises(IngestError, match=r"1 GiB|damaged"):
        parse(path)


def test_a_file_over_fifty_megabytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES + 1)
    with pytest.raises(IngestError, match="more than 50 MB"):
        parse(path)


@pytest.mark.parametrize("name", ["missing.txt", "folder.txt", "pipe.txt", "null.txt"])
def test_what_is_no_file_is_refused_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "null.txt").symlink_to("/dev/zero")
    with pytest.raises(IngestError, match=r"cannot be opened|is not a file"):
        parse(tmp_path / name)


def test_an_upload_is_told_by_the_name_it_came_with(tmp_path: Path) -> None:
    path = write(tmp_path, "upload.tmp", "one\n\ntwo")
    assert [block.text for block in parse(path, name="note.md")] == ["one", "two"]


def test_the_reading_process_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    seen: list[bytes] = []

    def look(_passed: float) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text().split()
        seen.extend(Path(f"/proc/{child}/environ").read_bytes() for child in children)

    with pytest.raises(IngestError, match="more than 2 seconds"):
        parse(write(tmp_path, "deep.html", SLOW), progress=look, seconds=2)
    assert any(b"PATH=" in environment for environment in seen)
    assert not any(b"secret" in environment for environment in seen)
