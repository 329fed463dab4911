"""From text to the words that are searched: the same for indexing, for queries and for highlighting.

Nothing is thrown away here: stop words are kept (a name or a phrase needs them), and beside each word as it stands
there are its stems by language, so that an exact match can count for more. Unicode: NFKC, https://unicode.org/reports/tr15/.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_INVISIBLE = "\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_LETTER = f"(?:[^\\W_]|[{_MARKS}{_INVISIBLE}])"
_HYPHEN = "-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHE = "'\u2018\u2019\u02bc\uff07"
_CHUNK = re.compile(rf"{_LETTER}+(?:[{_HYPHEN}{_APOSTROPHE}./+\uff0e\uff0f]{_LETTER}+)*")
_PART = re.compile(rf"{_LETTER}+")
_DROPPED = re.compile(f"[{_INVISIBLE}]")
_HYPHENS = re.compile(f"[{_HYPHEN}]")
_APOSTROPHES = re.compile(f"[{_APOSTROPHE}]")
HAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NO_KEY = re.compile(r"[^\w/+]|_|(?<!\d)[/+]|[/+](?!\d)")
_SHORT = 100  # letters of a text whose words are remembered: the words of a query are asked for several times
_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
    "ى": "ي", "ة": "ه", "ٱ": "ا", "ک": "ك", "ی": "ي", "ء": None,
    **{chr(0x0660 + n): str(n) for n in range(10)}, **{chr(0x06F0 + n): str(n) for n in range(10)},
})  # fmt: skip


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` without what spellings differ in: case, accents, width, ligatures, Arabic letter forms."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).casefold()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    text = _APOSTROPHES.sub("'", _HYPHENS.sub("-", text.translate(_LETTERS)))
    return unicodedata.normalize("NFC", text)


class Token(NamedTuple):
    """A word of a text: its folded form, its place among the words, and where it stands in the text.

    `whole` marks a second form beside the parts: `nonrefoulement` for non-refoulement, `a/res/73/195` for a symbol.
    It stands at the place of its first part and, so that a phrase may go on after it, at that of its last.
    """

    text: str
    position: int
    start: int
    end: int
    whole: bool = False


def belongs(character: str) -> bool:
    """May this stand inside a word or between joined words? Anything else separates words."""
    return _CHUNK.fullmatch(f"a{character}a") is not None


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of `text` in order, hyphenated words and symbols in parts and whole."""
    position = 0
    for chunk in _CHUNK.finditer(text):
        word = chunk.group()
        if word.isascii() and word.isalpha():  # most words: nothing to fold or to split
            yield Token(word.lower(), position, chunk.start(), chunk.end())
            position += 1
            continue
        found = list(_split(word, chunk.start(), position))
        yield from found
        position = max((token.position for token in found), default=position - 1) + 1


def _split(chunk: str, start: int, position: int) -> Iterator[Token]:
    if "." in chunk and re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", chunk):
        yield Token(fold(chunk).replace(".", ""), position, start, start + len(chunk))
        return
    parts = list(_parts(chunk, start, position))
    if len(parts) > 1:
        yield from _wholes(chunk, start, position, parts)
    yield from parts


def _parts(chunk: str, start: int, position: int) -> Iterator[Token]:
    for part in _PART.finditer(chunk):
        folded = fold(part.group())
        begin, end = start + part.start(), start + part.end()
        after_apostrophe = part.start() and _APOSTROPHES.match(chunk[part.start() - 1])
        if not folded or (after_apostrophe and folded == "s"):
            continue
        if HAN.search(folded):
            for n, character in enumerate(folded):
                if n + 1 < len(folded):
                    yield Token(folded[n : n + 2], position, begin, end, True)
                yield Token(character, position, begin, end)
                position += 1
            continue
        yield Token(folded, position, begin, end)
        position += 1


def _wholes(chunk: str, start: int, position: int, parts: list[Token]) -> Iterator[Token]:
    end = start + len(chunk)
    whole = fold(chunk)
    if re.search(r"\d", whole) and re.search(r"[/+]", whole):
        yield Token(whole, position, start, end, True)
        tail = re.search(r"/(\d+/\d+)$", whole)
        if tail:
            yield Token(tail.group(1), parts[-2].position, parts[-2].start, end, True)
    elif "-" in whole and not re.search("[/+']", whole):
        joined = whole.replace("-", "").replace(".", "")
        yield Token(joined, position, start, end, True)
        yield Token(joined, parts[-1].position, start, end, True)


def words(text: str) -> list[str]:
    """The folded words of `text` in order, without the second forms."""
    return list(_words(text)) if len(text) <= _SHORT else [token.text for token in tokens(text) if not token.whole]


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text) if not token.whole)


def key(text: str) -> str:
    """Return what two spellings of one name share: letters and digits only, with `/` and `+` between digits.

    `Non-refoulement`, `non refoulement` and `nonrefoulement` have one key; so have `R-SAG` and `RSAG`.
    """
    folded = fold(text)
    return folded if folded.isalnum() else _NO_KEY.sub("", folded)
