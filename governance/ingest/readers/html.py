"""HTML: every block element that holds text of its own is a paragraph, a table row is one.

Scripts, styles and comments are no text. What stands in navigation, page heads and feet, forms and buttons is kept and
proposed as page residue.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString

from governance.ingest.blocks import Block, Form, Unreadable

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li",
    "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
    "ul",
}  # fmt: skip
_NO_TEXT = frozenset({"head", "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select"})
_FURNITURE = frozenset({"nav", "header", "footer", "aside", "form", "button", "menu"})
_CELLS = frozenset({"td", "th"})
_OWN_ENTITIES = re.compile(r"<!DOCTYPE[^>\[]*\[|<!ENTITY", re.I)


def read(data: bytes) -> Iterator[Block]:
    text = _decoded(data)
    if _OWN_ENTITIES.search(text):
        raise Unreadable("entities")
    paragraph = _Paragraph()
    for node in BeautifulSoup(text, "html.parser").descendants:
        if isinstance(node, Tag):
            if node.name in _BLOCKS:
                yield from paragraph.finish()
            elif node.name == "br":
                paragraph.pieces.append("\n")
        elif type(node) is NavigableString:  # comments, declarations and scripts are subclasses
            yield from paragraph.take(node)
    yield from paragraph.finish()


def _decoded(data: bytes) -> str:
    """UTF-8, or what a byte order mark or the page itself names; raises Unreadable when the bytes are not that."""
    body, marked = EncodingDetector.strip_byte_order_mark(data)
    named = marked or EncodingDetector.find_declared_encoding(body, is_html=True) or "utf-8"
    try:
        return body.decode(named)
    except (LookupError, UnicodeDecodeError) as error:
        raise Unreadable("declared", encoding=str(named)[:40]) from error


class _Paragraph:
    """The text gathered since the last border between blocks."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.block: Tag | None = None
        self.cell: Tag | None = None
        self.form = Form.BODY
        self.simple_rows: dict[int, bool] = {}

    def take(self, string: NavigableString) -> Iterator[Block]:
        """Add one string; yields the paragraph before it when the string lies in another block."""
        lineage = list(string.parents)
        names = {tag.name for tag in lineage}
        if names & _NO_TEXT:
            return
        block, cell = self._place(lineage)
        if block is not self.block:
            yield from self.finish()
            self.block, self.form = block, _form(names)
        if cell is not self.cell and string.strip():
            self.pieces.append(" | " if self.cell is not None else "")
            self.cell = cell
        text = str(string) if "pre" in names else re.sub(r"[ \t\r\n\f]+", " ", string)
        self.pieces.append(f"<sup>{text.strip()}</sup>" if "sup" in names and text.strip() else text)

    def _place(self, lineage: list[Tag]) -> tuple[Tag | None, Tag | None]:
        """The block a string belongs to, and its cell where that block is a whole row.

        In a row that holds blocks (a page laid out as a table) each cell stands for itself.
        """
        for tag in lineage:
            if tag.name in _CELLS:
                row = tag.find_parent("tr")
                if row is None or not self._is_simple(row):
                    return tag, None
                return row, tag
            if tag.name in _BLOCKS:
                return tag, None
        return None, None

    def _is_simple(self, row: Tag) -> bool:
        if id(row) not in self.simple_rows:
            self.simple_rows[id(row)] = row.find(list(_BLOCKS)) is None
        return self.simple_rows[id(row)]

    def finish(self) -> Iterator[Block]:
        """Yield what was gathered, if it is any text, and start anew."""
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(self.pieces)).strip()
        if text:
            yield Block(text, self.form)
        self.pieces, self.block, self.cell, self.form = [], None, None, Form.BODY


def _form(names: set[str]) -> Form:
    if names & _HEADINGS:
        return Form.HEADING
    return Form.FURNITURE if names & _FURNITURE else Form.BODY
