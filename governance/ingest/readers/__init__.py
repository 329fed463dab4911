"""One reader for each format: bytes in, blocks out, `Unreadable` for what cannot be read; and how a format is told."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from governance.ingest.blocks import Block, Unreadable

FORMATS = {
    ".txt": "text", ".md": "text", ".markdown": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip
_HTML_FILE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HTML_PART = re.compile(rb"<(?:p|div|h[1-6]|ul|ol|li|table|article|section|main|span|a|br)\b[^<]*>", re.I)
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 and UTF-32 are full of zero bytes and are text all the same


def read(data: bytes, suffix: str) -> Iterator[Block]:
    """The blocks of a file whose name ends in `suffix`; raises Unreadable, also when the content is of another type."""
    expected, found = FORMATS[suffix], format_of(data)
    if found == "text" and expected == "html" and _HTML_PART.search(data):
        found = "html"
    if found != expected:
        raise Unreadable("mismatch", suffix=suffix, found=found)
    reader: Callable[[bytes], Iterator[Block]] = import_module(f"governance.ingest.readers.{expected}").read
    return reader(data)


def format_of(data: bytes) -> str:
    """What the content is, whatever the name says: pdf, docx, zip, html, text or binary."""
    if data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx" if b"word/document.xml" in data else "zip"
    if data.startswith(_BYTE_ORDER):
        return "text"
    if b"\x00" in data:
        return "binary"
    return "html" if _HTML_FILE.match(data[:4096].removeprefix(b"\xef\xbb\xbf")) else "text"
