"""Records as tables and documents: what `import_records` takes, so that a file can go out, be edited and come back.

Columns are headed by field keys, which import knows in every language. Cells are guarded against formulas.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from django.db.models import QuerySet

from governance.importing.cells import guard
from governance.importing.directory import Directory, join
from governance.importing.fields import NAMES, PARTICIPATION
from governance.importing.merge import SIDES
from governance.knowledge import compact, dump_many, own
from governance.knowledge.sections import child_model
from governance.models.vocabulary import Act, Type

CITED = ("title", "kind", "level", "binding", "summary")
FORMATS = (".csv", ".xlsx", ".yaml")
_PER_TYPE = {
    Type.ACTOR: ("website",),
    Type.EVENT: ("place",),
    Type.PRACTICE: ("place",),
    Type.TOPIC: ("parent",),
    Type.PRINCIPLE: ("parent",),
}
_TABLES = {
    PARTICIPATION: ("record", "party", "act", "role", "from", "until", "effect", "note", "cite"),
    NAMES: ("record", "text", "language", "kind", "cite"),
}


def export(path: Path, table_type: str, records: QuerySet) -> int:
    """Write records, or the participation or names of records, to a file by its suffix; return the number of rows."""
    documents = (own(document) for document in dump_many(records, public=False))
    if path.suffix == ".yaml":
        return _write_yaml(path, documents)
    heads, rows = _table(table_type, [compact(document) for document in documents])
    return (_write_xlsx if path.suffix == ".xlsx" else _write_csv)(path, heads, rows)


def _table(table_type: str, documents: list[dict]) -> tuple[tuple[str, ...], Iterable[dict[str, str]]]:
    directory = Directory()
    if table_type in _TABLES:
        return _TABLES[table_type], _item_rows(table_type, documents, directory)
    rows = [_record_row(document, directory) for document in documents]
    return _heads(table_type, rows), rows


def _heads(table_type: str, rows: list[dict[str, str]]) -> tuple[str, ...]:
    """Columns in a fixed order; those of dates, identifiers, names and sources only where some record has one."""
    used = {key for row in rows for key, value in row.items() if value}
    first = ("slug", "state", *(key for field in CITED for key in (field, f"{field}.cite")), "body")
    first += (*_PER_TYPE.get(Type(table_type), ()), "parties", "topics", "principles")
    always = {"slug", "title", "kind", "summary"}
    rest = sorted(used - set(first))
    return (*(key for key in first if key in used or key in always), *rest)


def _record_row(document: dict, directory: Directory) -> dict[str, str]:
    row = {"slug": f"{document['type']}/{document['slug']}", "body": _plain(document.get("body"))}
    for field in CITED:
        value = document.get(field)
        row[field] = _plain(value)
        row[f"{field}.cite"] = _cites(value.get("cite", [])) if isinstance(value, dict) else ""
    for field in _PER_TYPE.get(Type(document["type"]), ()):
        row[field] = _plain(document.get(field))
    for key in ("topics", "principles"):
        row[key] = join([item["slug"] for item in document.get(key) or []])
    grouped: dict[str, list[str]] = {}
    for item in document.get("dates") or []:
        grouped.setdefault(f"date.{item['event']}", []).append(item["value"])
    for item in document.get("identifiers") or []:
        grouped.setdefault(f"identifier.{item['scheme']}", []).append(item["value"])
    for item in document.get("names") or []:
        if (item.get("language") or "en") == "en":
            grouped.setdefault(f"name.{item['kind']}", []).append(item["text"])
    row |= {key: join(values) for key, values in grouped.items()}
    row["parties"] = join(list(_parties(document, directory)))
    return row


def _parties(document: dict, directory: Directory) -> Iterator[str]:
    """Parties as the column of all parties takes them; whoever takes part in another way stands in its own table."""
    acts = {Type.INSTRUMENT: SIDES, Type.ACTOR: (Act.MEMBER,)}.get(document["type"], (Act.PARTICIPANT,))
    found = [item["party"] for item in document.get("participation") or [] if item["act"] in acts]
    yield from (_party(reference, directory) for reference in dict.fromkeys(found))


def _party(reference: str, directory: Directory) -> str:
    """The title where it leads back to the same party, else the reference."""
    known = directory.countries.names.by_slug(reference) or directory.actors.by_slug(reference)
    if known is None:
        return reference
    found = directory.try_party(known.title)
    return known.title if found and found.reference == reference else reference


def _item_rows(table_type: str, documents: list[dict], directory: Directory) -> Iterator[dict[str, str]]:
    for document in documents:
        record = f"{document['type']}/{document['slug']}"
        for item in document.get(table_type) or []:
            row = {key: str(item.get(key) or "") for key in _TABLES[table_type]}
            row |= {"record": record, "cite": _cites(item.get("cite") or [])}
            if table_type == PARTICIPATION:
                row["party"] = _party(item["party"], directory)
            else:
                row["language"] = row["language"] or "en"
            yield row


def _plain(value: Any) -> str:
    value = value.get("value") if isinstance(value, dict) else value
    return "" if value is None else str(value).strip()


def _cites(written: list[str]) -> str:
    """Citations in one cell: a line for each, since a quote may hold a semicolon."""
    return "\n".join(written)


def _write_csv(path: Path, heads: tuple[str, ...], rows: Iterable[dict[str, str]]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
        writer = csv.writer(file)
        writer.writerow(heads)
        return sum(1 for row in rows if writer.writerow([guard(row.get(key, "")) for key in heads]))


def _write_xlsx(path: Path, heads: tuple[str, ...], rows: Iterable[dict[str, str]]) -> int:
    from openpyxl import Workbook  # large, and few processes write a workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Records")
    sheet.freeze_panes = "A2"
    sheet.append(list(heads))
    count = 0
    for row in rows:
        sheet.append([_text_cell(sheet, row.get(key, "")) for key in heads])
        count += 1
    book.save(path)
    return count


def _text_cell(sheet, value: str):
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, guard(value) or None)
    if value:
        cell.data_type = "s"  # text, whatever it looks like
    return cell


class _Dumper(yaml.SafeDumper):
    """Writes every value out: import takes no references within a file."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write_yaml(path: Path, documents: Iterable[dict]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            file.write(yaml.dump([compact(document)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120))
            count += 1
    return count


def records_of(table_type: str, user=None, everything: bool = False) -> QuerySet:
    """The records that a table is made from: those `user` may see, or with `everything` all, drafts too."""
    from governance.models import Record

    if table_type in _TABLES:
        all_ = Record.objects.filter(
            **{f"{'participation' if table_type == PARTICIPATION else 'names'}__isnull": False}
        ).distinct()
        all_ = all_.of_types(Type.INSTRUMENT, Type.ACTOR, Type.EVENT, Type.PRACTICE)
    else:
        all_ = child_model(table_type).objects.all()
    return (all_ if everything else all_.visible_to(user)).order_by("type", "slug")
