"""Paragraphs of a text, in order; the n-th block is paragraph n.

The rule for plain text and Markdown: the blocks between blank lines, each stripped, empty ones dropped, counted from
1. Readers of other formats yield what their format calls a paragraph. Nothing here needs Django: this runs in the
process that reads files.
"""

import re
from enum import StrEnum
from typing import NamedTuple


class Form(StrEnum):
    """What the file itself says a block is; a source's own lists of residue and footnotes stand above it."""

    BODY = "body"
    HEADING = "heading"
    FOOTNOTE = "footnote"
    FURNITURE = "furniture"  # navigation, page head and foot: proposed as residue, and body until that is accepted


class Block(NamedTuple):
    text: str
    form: Form = Form.BODY


class Unreadable(Exception):
    """A file cannot be brought in; `code` says why, `values` fill the message that `process` words for it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


_BLANK_LINES = re.compile(r"\n\s*\n")
_HEADING = re.compile(r"#{1,6}[ \t]+\S[^\n]*")
_FOOTNOTE = re.compile(r"<sup>\s*[\w*†‡]{1,4}\s*</sup>\s*\S|\[\^[^\]\s]{1,20}\]:")
# What a database cannot hold or a page cannot show: control characters but tab and line feed, lone surrogates.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def split(text: str) -> list[str]:
    """The blocks of a plain text by the rule above."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [block for part in _BLANK_LINES.split(text) if (block := part.strip())]


def form_of(text: str) -> Form:
    """What a block of Markdown shows itself to be."""
    if _HEADING.fullmatch(text):
        return Form.HEADING
    return Form.FOOTNOTE if _FOOTNOTE.match(text) else Form.BODY


def clean(text: str) -> str:
    """The text without characters that can be neither kept nor shown."""
    return _UNFIT.sub("", text).strip()
