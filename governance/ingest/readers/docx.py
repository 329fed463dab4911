"""Word documents: each paragraph of the body that is not empty, each table row, then the notes.

The running heads and feet of a docx lie outside its body and are not read. Text that tracked changes deleted is left
out, text they inserted is kept. A docx is a zip of XML: what it unpacks to is bounded before a part is opened, and a
part with a document type is refused, as ECMA-376 part 2 asks (10.2.6), since entities are how XML explodes.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from governance.ingest.blocks import Block, Form, Unreadable
from governance.ingest.limits import UNPACKED_BYTES

_P, _TR, _TC = qn("w:p"), qn("w:tr"), qn("w:tc")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_MARKS = frozenset({qn("w:footnoteReference"), qn("w:endnoteReference")})
_NOTES = (("/footnotes", qn("w:footnote")), ("/endnotes", qn("w:endnote")))


def read(data: bytes) -> Iterator[Block]:
    _refuse_bombs(data)
    document = docx.Document(io.BytesIO(data))
    headings = {s.style_id for s in document.styles if s.style_id and (s.name or "").startswith(("Heading", "Title"))}
    yield from _blocks(document.element.body, headings)
    for part in document.part.related_parts.values():
        for ending, tag in _NOTES:
            if str(part.partname).removesuffix(".xml").endswith(ending):
                yield from _notes(parse_xml(part.blob), tag)


def _refuse_bombs(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_BYTES:
            raise Unreadable("unpacked")
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    # A document type stands before the first element; UTF-16 has zero bytes between its letters.
                    if b"<!DOCTYPE" in part.read(65536).replace(b"\x00", b""):
                        raise Unreadable("entities")


def _blocks(body: Any, headings: set[str]) -> Iterator[Block]:
    for element in body.iter(_P, _TR):
        inside = {parent.tag for parent in element.iterancestors()}
        if inside & {_P, _TR, _FALLBACK}:  # a text box is read with its paragraph, a cell with its row
            continue
        if element.tag == _TR:
            cells = (" ".join(_text(cell).split()) for cell in element.iter(_TC))
            text, form = " | ".join(cell for cell in cells if cell), Form.BODY
        else:
            text, form = _text(element), Form.HEADING if element.style in headings else Form.BODY
        if text.strip():
            yield Block(text.strip(), form)


def _text(element: Any) -> str:
    """All text below an element, paragraphs in it on lines of their own."""
    pieces: list[str] = []
    for node in element.iter(qn("w:t"), _P, *_BREAKS, *_MARKS):
        if any(parent.tag == _FALLBACK for parent in node.iterancestors()):
            continue
        if node.tag == _P:
            pieces.append("\n" if pieces else "")
        elif node.tag in _MARKS:
            pieces.append(f"<sup>{node.get(qn('w:id'), '')}</sup>")
        elif node.tag in _BREAKS:
            # A tab stop in a paragraph's properties has the name of a tab in its text.
            pieces.append(_BREAKS[node.tag] if node.getparent().tag == qn("w:r") else "")
        else:
            pieces.append(node.text or "")
    return "".join(pieces)


def _notes(root: Any, tag: str) -> Iterator[Block]:
    for note in root.iter(tag):
        # Separator lines are kept as notes of a type of their own.
        if note.get(qn("w:type")) in (None, "normal") and (text := _text(note).strip()):
            yield Block(f"<sup>{note.get(qn('w:id'), '')}</sup> {text}", Form.FOOTNOTE)
