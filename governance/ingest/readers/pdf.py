"""PDF: a paragraph is a run of lines set closer than the rest, or in one size; none reaches over a page's end.

A sentence cut by a page break is two paragraphs; the source's `joined` says that they belong together. The gaps come
from where each piece of text is set, see https://pypdf.readthedocs.io/en/stable/user/extract-text.html
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from governance.ingest.blocks import Block, Unreadable
from governance.ingest.limits import PDF_PAGES

WIDE = 1.3  # times the usual distance between lines: the next paragraph
LOOSE = 1.25  # times the distance usual in the document is the most that may be usual on a page
RESIZED = 1.15  # times the size of the line before: a heading, or the text after one


@dataclass
class _Line:
    text: str = ""
    height: float | None = None
    size: float = 0.0


def read(data: bytes) -> Iterator[Block]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        if len(reader.pages) > PDF_PAGES:
            raise Unreadable("pages", limit=PDF_PAGES)
        pages = [_lines(page) for page in reader.pages]
    except FileNotDecryptedError as error:
        raise Unreadable("encrypted") from error
    # A page of one-line paragraphs has no usual distance of its own.
    most = LOOSE * _usual([gap for lines in pages for gap in _drops(lines)])
    for lines in pages:
        yield from _paragraphs(lines, most)


def _lines(page) -> list[_Line]:
    lines = [_Line()]

    def take(text: str, matrix: list, text_matrix: list, font: object, size: float) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append(_Line())
            line = lines[-1]
            if part.strip() and line.height is None:
                line.height = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
                line.size = abs(size * (text_matrix[3] or 1) * (matrix[3] or 1))
            line.text += part

    page.extract_text(visitor_text=take)
    return [line for line in lines if line.height is not None]


def _paragraphs(lines: list[_Line], most: float) -> Iterator[Block]:
    gaps = _drops(lines)
    usual = min(_usual(gaps), most)
    gathered: list[str] = []
    for number, line in enumerate(lines):
        if number and _is_border(lines[number - 1], line, gaps[number - 1], usual):
            yield _block(gathered)
            gathered = []
        gathered.append(line.text.strip())
    if gathered:
        yield _block(gathered)


def _drops(lines: list[_Line]) -> list[float]:
    """How far each line is set below the one before."""
    return [(above.height or 0.0) - (below.height or 0.0) for above, below in pairwise(lines)]


def _usual(gaps: list[float]) -> float:
    """The distance of lines within a paragraph: of all downward ones, a quarter is smaller."""
    falling = sorted(gap for gap in gaps if gap > 0)
    return falling[len(falling) // 4] if falling else 0.0


def _is_border(above: _Line, below: _Line, gap: float, usual: float) -> bool:
    """Whether a paragraph ends between two lines; a line set higher than the one before begins a column."""
    if gap < -usual / 2 or gap > WIDE * usual:
        return True
    small, large = sorted((above.size, below.size))
    return gap > usual / 2 and large > RESIZED * small > 0


def _block(lines: list[str]) -> Block:
    return Block(re.sub(r"[ \t]+", " ", "\n".join(lines)))
