"""Texts as they are compared and as they are read: without Markdown, with one kind of quote, dash and space."""

import re
import unicodedata
from collections.abc import Iterator

_SUP = re.compile(r"<sup>(.*?)</sup>", re.I | re.S)
_NOTE = re.compile(r"\s*<sup>\s*(?:\d{1,3}|[a-z*†‡])\s*</sup>", re.I)
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.M)
_BROKEN = re.compile(r"(?<=\w)[-\u2010\u00ad]\s*\n\s*(?=\w)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_SAME = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʻʼ′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("\u2010\u2011\u2012–—―−", "-")
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def fold(text: str) -> str:
    """The text with what may differ between two copies of the same words made the same; letters keep their case."""
    text = _INVISIBLE.sub("", _HEADING.sub("", _SUP.sub(r"\1", text)))
    # Quotes and dashes first: NFKC would turn some into a space and an accent.
    text = unicodedata.normalize("NFKC", _EMPHASIS.sub("", text).translate(_SAME)).translate(_SAME)
    return " ".join(text.split())


def variants(text: str) -> Iterator[str]:
    """The folded text in all ways it can be read: marks of notes read or not, words broken at a line's end mended."""
    for unnoted in (text, _NOTE.sub("", text)):
        yield fold(unnoted)
        if _BROKEN.search(unnoted):
            yield fold(_BROKEN.sub("", unnoted))
            yield fold(_BROKEN.sub("-", unnoted))


def holds(text: str, quote: str) -> bool:
    """Whether the words of `quote` stand in `text`, whole words only; a note's digit may follow a word at once."""
    words = fold(quote)
    if not words:
        return True
    before = r"(?<![^\W\d_])" if words[0].isalpha() else r"(?<!\d)" if words[0].isdigit() else ""
    after = r"(?![^\W\d_])" if words[-1].isalpha() else r"(?!\d)" if words[-1].isdigit() else ""
    pattern = re.compile(before + re.escape(words) + after)
    return any(pattern.search(variant) for variant in variants(text))


def plain(text: str) -> str:
    """The text as a reader sees it: marks of Markdown gone, marks of notes raised."""
    text = _SUP.sub(lambda match: match[1].strip().translate(_RAISED), text)
    return _EMPHASIS.sub("", _HEADING.sub("", text)).strip()
