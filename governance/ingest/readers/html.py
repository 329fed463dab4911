"""HTML: every block element that holds text of its own is a paragraph, a table row is one.

Scripts, styles and comments are no text. What stands in navigation, page heads and feet, forms and buttons is kept and
proposed as page residue.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

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


class _Place(NamedTuple):
    """What a tag means for the text right below it; made from its parent's place, so that deep pages are cheap."""

    block: Tag | None = None
    cell: Tag | None = None
    row: Tag | None = None
    form: Form = Form.BODY
    is_text: bool = True
    is_raised: bool = False
    is_as_typed: bool = False

    def below(self, tag: Tag) -> "_Place":
        """The place of a tag in this one."""
        place = self
        if tag.name in _NO_TEXT:
            return place._replace(is_text=False)
        if tag.name == "tr":
            # In a row that holds blocks (a page laid out as a table) each cell stands for itself.
            place = place._replace(row=tag if tag.find(list(_BLOCKS)) is None else None)
        if tag.name in _CELLS:
            place = place._replace(block=place.row or tag, cell=tag if place.row else None)
        elif tag.name in _BLOCKS:
            place = place._replace(block=tag, cell=None)
        if tag.name in _HEADINGS:
            place = place._replace(form=Form.HEADING)
        elif tag.name in _FURNITURE and place.form == Form.BODY:
            place = place._replace(form=Form.FURNITURE)
        return place._replace(
            is_raised=place.is_raised or tag.name == "sup", is_as_typed=place.is_as_typed or tag.name == "pre"
        )


def read(data: bytes) -> Iterator[Block]:
    text = _decoded(data)
    if _OWN_ENTITIES.search(text):
        raise Unreadable("entities")
    soup = BeautifulSoup(text, "html.parser")
    places = {id(soup): _Place()}
    paragraph = _Paragraph()
    for node in soup.descendants:
        place = places[id(node.parent)]
        if isinstance(node, Tag):
            places[id(node)] = place.below(node)
            if node.name in _BLOCKS:
                yield from paragraph.finish()
            elif node.name == "br":
                paragraph.pieces.append("\n")
        elif type(node) is NavigableString and place.is_text:  # comments and declarations are subclasses
            yield from paragraph.take(node, place)
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
        self.place = _Place()

    def take(self, string: str, place: _Place) -> Iterator[Block]:
        """Add one string; yields the paragraph before it when the string lies in another block."""
        if place.block is not self.place.block:
            yield from self.finish()
            self.place = place
        if place.cell is not self.place.cell and string.strip():
            before = "".join(self.pieces).strip()
            self.pieces = [before, " | "] if before else []
            self.place = place
        text = str(string) if place.is_as_typed else re.sub(r"[ \t\r\n\f]+", " ", string)
        self.pieces.append(f"<sup>{text.strip()}</sup>" if place.is_raised and text.strip() else text)

    def finish(self) -> Iterator[Block]:
        """Yield what was gathered, if it is any text, and start anew."""
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(self.pieces)).strip()
        if text:
            yield Block(text, self.place.form)
        self.pieces, self.place = [], _Place()
