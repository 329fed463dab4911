"""CSV as RFC 4180 has it (commas, CRLF, quotes doubled), UTF-8, with one stated list of columns.

A cell that starts like a formula gets an apostrophe in front, or a spreadsheet would run it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
from collections.abc import Callable, Iterable, Iterator

from governance.exports.reference import absolute, leading_date, number
from governance.models.vocabulary import NameKind

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BETWEEN = "; "


def _joined(key: str, part: str = "") -> Callable[[dict], str]:
    return lambda document: BETWEEN.join(item[part] if part else item for item in document.get(key, ()))


def _of_kind(kind: str) -> Callable[[dict], str]:
    return lambda document: BETWEEN.join(n["text"] for n in document["names"] if n["kind"] == kind)


COLUMNS: dict[str, Callable[[dict], str | None]] = {
    "type": lambda document: document["type"],
    "slug": lambda document: document["slug"],
    "url": lambda document: absolute(document["url"]),
    "title": lambda document: document["title"],
    "official_names": _of_kind(NameKind.OFFICIAL),
    "abbreviations": _of_kind(NameKind.ABBREVIATION),
    "kind": lambda document: document["kind"],
    "level": lambda document: document["level"],
    "binding": lambda document: document["binding"],
    "date": leading_date,
    "dates": lambda document: BETWEEN.join(f"{d['event']} {d['value']}" for d in document["dates"]),
    "number": number,
    "identifiers": lambda document: BETWEEN.join(f"{i['scheme']} {i['value']}" for i in document["identifiers"]),
    "countries": lambda document: BETWEEN.join(dict.fromkeys(c["iso2"] for c in document["countries"])),
    "principles": _joined("principles"),
    "topics": _joined("topics"),
    "sources": lambda document: BETWEEN.join(dict.fromkeys(c["source"] for c in document["citations"])),
    "caveats": lambda document: str(len(document["caveats"])),
    "summary": lambda document: document["summary"],
    "updated": lambda document: document["updated"],
}


class _Line:
    """A file that hands back what is written to it, for the csv module."""

    def write(self, text: str) -> str:
        return text


def guard(value: object) -> str:
    """The text of a cell, made harmless to spreadsheets."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Rows to CSV lines, one at a time, every cell guarded."""
    writer = csv.writer(_Line())
    return (writer.writerow([guard(cell) for cell in row]) for row in rows)


def stream(documents: Iterable[dict]) -> Iterator[str]:
    """The table of records: a header, then a line for each document, as they come."""
    yield from lines([COLUMNS])
    yield from lines([column(document) for column in COLUMNS.values()] for document in documents)
