"""Small files and records for the tests of ingesting; no sentence in them is anybody's."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx

from governance.models import Citation, Passage, Record, Source, Topic
from governance.models.vocabulary import State, Type

MOUNTAINS = "Rivers join below the old bridge.\n\nThe mill has three wheels.\n\nNobody counts the swallows.\n"


def make_source(code: str = "T1", **fields: Any) -> Source:
    given = {"title": f"Source {code}", "kind": "reference", "state": State.PUBLISHED, "rights": "open"}
    return Source.objects.create(type=Type.SOURCE, slug=code, **(given | fields))


def make_topic(slug: str = "mills", **fields: Any) -> Topic:
    given = {"title": slug.title(), "kind": "theme", "state": State.PUBLISHED}
    return Topic.objects.create(type=Type.TOPIC, slug=slug, **(given | fields))


def cite(record: Record, source: Source, paragraph: int | None = None, quote: str = "", **fields: Any) -> Citation:
    given = {"field": "/summary", "paragraph": paragraph, "quote": quote}
    return Citation.objects.create(record_id=record.pk, source=source, **(given | fields))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts_of(source: Source) -> dict[int, str]:
    """Number → text, in the order of the text."""
    return dict(Passage.objects.filter(source=source).order_by("position").values_list("number", "text"))


def make_pdf(*pages: Sequence[str], trailer: str = "") -> bytes:
    """A PDF of lines 14 points apart; an empty line leaves a gap, `#` in front of one sets it larger."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        height, drawn = 760, []
        for line in lines:
            size = 18 if line.startswith("#") else 11
            shown = line.lstrip("# ").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            drawn.append(f"BT /F1 {size} Tf 1 0 0 1 60 {height} Tm ({shown}) Tj ET" if line else "")
            height -= 14
        stream = "\n".join(drawn)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
            "/Encoding /WinAnsiEncoding >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R"
    return out + f"{end} {trailer}>>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def make_docx(*paragraphs: str, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document; `#` in front makes a heading, rows make a table at the end."""
    document = docx.Document()
    for text in paragraphs:
        if text.startswith("#"):
            document.add_heading(text.lstrip("# "), 1)
        else:
            document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def replace_part(data: bytes, name: str, content: bytes) -> bytes:
    """The zip with one of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member.filename, old.read(member))
        new.writestr(name, content)
    return out.getvalue()


def document_xml(body: str) -> bytes:
    """The main part of a docx with the given body."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'.encode()
