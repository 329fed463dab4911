"""All published knowledge as one zip of CSV tables with a Frictionless descriptor (https://specs.frictionlessdata.io/).

One table per list of a document; `type` and `slug` lead from each back to `records.csv`.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from governance.exports import csvs
from governance.exports.jsonld import LICENCE
from governance.exports.reference import SITE, absolute

KEY = ("type", "slug")


def _of_list(key: str, *columns: str) -> tuple[tuple[str, ...], Callable[[dict], Iterator[list]]]:
    def rows(document: dict) -> Iterator[list]:
        for item in document[key]:
            yield [document["type"], document["slug"], *(item[_key(column)] for column in columns)]

    return (*KEY, *columns), rows


def _key(column: str) -> str:
    """The name in the document: in a table, the other record's type and slug need names of their own."""
    return "slug" if column == "provision" else column.removeprefix("other_")


def _tags(key: str):
    def rows(document: dict) -> Iterator[list]:
        for n, slug in enumerate(document[key]):
            strength = [document["strengths"].get(slug, "")] if key == "principles" else []
            yield [document["type"], document["slug"], slug, *strength, document["bases"].get(f"{key}/{n}", "")]

    return (*KEY, key[:-1], *(("strength",) if key == "principles" else ()), "basis"), rows


def _carried(document: dict) -> Iterator[list]:
    for provision in document["provisions"]:
        for item in provision["principles"]:
            yield [document["type"], document["slug"], provision["slug"], item["slug"], item["strength"], item["basis"]]


def _bases(document: dict) -> Iterator[list]:
    for field, basis in document["bases"].items():
        yield [document["type"], document["slug"], f"/{field}", basis]


TABLES = {
    "records": (tuple(csvs.COLUMNS), lambda document: iter([[column(document) for column in csvs.COLUMNS.values()]])),
    "names": _of_list("names", "text", "language", "kind", "basis"),
    "identifiers": _of_list("identifiers", "scheme", "value", "basis"),
    "dates": _of_list("dates", "event", "value", "note", "basis"),
    "relations": _of_list("relations", "predicate", "direction", "other_type", "other_slug", "date", "note", "basis"),
    "participation": _of_list(
        "participation", "other_type", "other_slug", "act", "role", "from", "until", "effect", "note", "basis"
    ),
    "provisions": _of_list("provisions", "provision", "label", "heading", "gist", "url", "basis"),
    "provision_principles": ((*KEY, "provision", "principle", "strength", "basis"), _carried),
    "principles": _tags("principles"),
    "topics": _tags("topics"),
    "caveats": _of_list("caveats", "kind", "field", "text"),
    "citations": _of_list("citations", "field", "source", "paragraph", "locator", "quote", "stance"),
    "bases": ((*KEY, "field", "basis"), _bases),
}


def write(documents: Iterable[dict], path: Path, position: str, at: datetime) -> None:
    """Write the package to `path`; the same documents and the same moment give the same bytes."""
    texts = {name: io.StringIO(newline="") for name in TABLES}
    writers = {name: csv.writer(text) for name, text in texts.items()}
    for name, (columns, _rows) in TABLES.items():
        writers[name].writerow(columns)
    for document in documents:
        for name, (_columns, rows) in TABLES.items():
            writers[name].writerows([csvs.guard(cell) for cell in row] for row in rows(document))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "datapackage.json", json.dumps(descriptor(position, at), ensure_ascii=False, indent=1) + "\n", at)
        for name, text in texts.items():
            _add(archive, f"{name}.csv", text.getvalue(), at)


def _add(archive: zipfile.ZipFile, name: str, text: str, at: datetime) -> None:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    archive.writestr(entry, text.encode())


def descriptor(position: str, at: datetime) -> dict:
    """The content of `datapackage.json`."""
    return {
        "profile": "tabular-data-package",
        "name": "global-migration-governance",
        "title": SITE,
        "description": (
            "Every published record. A cell that starts with =, +, -, @, tab or carriage return has an apostrophe in "
            "front, so that no spreadsheet runs it; take it off to have the value."
        ),
        "homepage": settings.SITE_URL + "/",
        "version": position,
        "created": at.isoformat(timespec="seconds"),
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Attribution 4.0"}],
        "sources": [{"title": SITE, "path": absolute("/data/knowledge.jsonl")}],
        "resources": [_resource(name, columns) for name, (columns, _rows) in TABLES.items()],
    }


def _resource(name: str, columns: tuple[str, ...]) -> dict:
    schema: dict = {"fields": [{"name": column, "type": _type(column)} for column in columns]}
    if name == "records":
        schema["primaryKey"] = list(KEY)
    else:
        schema["foreignKeys"] = [{"fields": list(KEY), "reference": {"resource": "records", "fields": list(KEY)}}]
    return {
        "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "dialect": {"lineTerminator": "\r\n"}, "schema": schema,
    }  # fmt: skip


def _type(column: str) -> str:
    return {"updated": "datetime", "paragraph": "integer", "caveats": "integer"}.get(column, "string")
