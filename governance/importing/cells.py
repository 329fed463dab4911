"""Single cells: from what a file holds to clean text, and the guard that keeps a cell from starting a formula.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula
(https://owasp.org/www-community/attacks/CSV_Injection). An exported one gets an apostrophe in front, which import
takes off again; a text that begins with an apostrophe of its own gets one too, so that both ways give the same text.
"""

import unicodedata
from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None

GUARD = "'"
_STARTERS = tuple("=+-@\t\r\n'＝＋－＠")
_BLANK_WORDS = frozenset(
    {"-", "–", "—", "--", "n/a", "na", "n.a.", "n.d.", "nd", "none", "nil", "unknown", "tbd", "tbc", "…", "...", ".."}
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))


def text(cell: Cell) -> str:
    """The cell as clean text: whole numbers without `.0`, days as ISO dates, odd spaces made plain, ends stripped."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return tidy(str(cell))


def prose(cell: Cell) -> str:
    """The cell as text of several lines, its inner spaces kept: they mean something in Markdown."""
    return _readable(cell).strip() if isinstance(cell, str) else text(cell)


def tidy(value: str) -> str:
    """NFC, without invisible marks and control characters, spaces of all kinds made plain; lines are kept."""
    return "\n".join(" ".join(line.split()) for line in _readable(value).split("\n")).strip()


def _readable(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    value = unicodedata.normalize("NFC", value.translate(_INVISIBLE)).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_plain, value))


def _plain(letter: str) -> str:
    if letter == "\n":
        return letter
    category = unicodedata.category(letter)
    if category == "Zs" or letter == "\t":
        return " "
    return "" if category == "Cc" else letter


def is_blank_word(value: str) -> bool:
    """Is it one of the marks by which people say that there is nothing: “n/a”, “–”, “unknown”?"""
    return value.casefold() in _BLANK_WORDS


def guard(value: str) -> str:
    """The text as it may stand in an exported cell; `unguard` gives it back."""
    return GUARD + value if value.lstrip(" ").startswith(_STARTERS) else value


def unguard(value: str) -> str:
    """The text that `guard` was given; texts that no export wrote stay as they are."""
    rest = value.removeprefix(GUARD)
    return rest if rest != value and rest.lstrip(" ").startswith(_STARTERS) else value


def is_formula(value: str) -> bool:
    """Would a spreadsheet calculate this cell?"""
    return value.startswith("=")
