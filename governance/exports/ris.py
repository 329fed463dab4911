"""RIS, which reference managers import: https://en.wikipedia.org/wiki/RIS_(file_format)

The tags are those that Zotero maps to a field of the item type, so that nothing ends in a note of raw lines: a text is
`GOVDOC` or `RPRT` (kind, number, institution), a page `ELEC` or `BLOG` (kind, site). All identifiers go to `M1`, which
becomes Zotero's "Extra".
"""

from collections.abc import Iterator

from governance.exports.reference import Parts, Reference

TYPES = {
    "treaty": "GOVDOC", "regulation": "GOVDOC", "report": "RPRT", "article": "JOUR", "post": "BLOG", "page": "ELEC",
}  # fmt: skip


def entry(reference: Reference) -> str:
    """One entry, from TY to ER."""
    return (
        "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in _lines(reference) if value) + "ER  - \r\n"
    )


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES[reference.category]
    yield "ID", reference.key
    yield "TI", reference.title
    yield "ST", reference.short
    for name in reference.authors:
        # A comma would part a body's name into a person's.
        yield "AU", name.replace(", ", " – ") if "," in name else name
    if reference.is_page:
        yield "T2", reference.body
    else:
        yield "PB", reference.body
        yield "SN", reference.number
    if reference.category != "article":
        yield "M3", reference.kind
    if reference.dates:
        yield "PY", f"{reference.dates[0][0]:04}"
        yield "DA", _date(reference.dates[0])
    yield "UR", reference.url
    yield "Y2", _date((reference.accessed.year, reference.accessed.month, reference.accessed.day))
    yield "AB", reference.abstract
    for keyword in reference.keywords:
        yield "KW", keyword
    yield "LA", "en"
    for scheme, value in reference.identifiers:
        yield "M1", f"{scheme}: {value}"
    yield "N1", reference.note


def _date(parts: Parts) -> str:
    """`1951/07/28/`: always four parts, the unknown ones empty."""
    padded = [f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:]), "", ""]
    return "/".join([*padded[:3], ""])


def write(references: list[Reference]) -> str:
    """All entries, an empty line between them."""
    return "\r\n".join(entry(reference) for reference in references)
