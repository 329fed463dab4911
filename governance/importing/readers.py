"""From a file to a sheet or to documents: which reader takes it is told by its content, not by its name alone."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from governance.importing import bounded, delimited
from governance.importing.sheets import MAX_BYTES, MAX_ROWS, ReadError, Sheet
from governance.knowledge import files

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
DOCUMENTS = (".yaml", ".yml", ".jsonl")
DEEPEST = 30  # levels of a YAML file; a document has five
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


@dataclass
class Content:
    """What a file holds: one sheet, or documents."""

    sheet: Sheet | None = None
    documents: list[files.Entry] | None = None


def read(path: Path, sheet: str = "") -> Content:
    """Read a file of any known kind; `sheet` names a sheet of a workbook. Raises ReadError.

    A large one is read in a process of its own, with bounds on time and memory.
    """
    return bounded.read(path, sheet) if bounded.is_large(path) else read_here(path, sheet)


def read_here(path: Path, sheet: str = "") -> Content:
    """As `read`, in this process."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES and path.is_file() else b""
    except OSError as error:
        raise ReadError(
            _("%(path)s cannot be read: %(error)s") % {"path": path.name, "error": error.strerror}
        ) from error
    if size > MAX_BYTES:
        raise ReadError(_("The file is larger than %d MB. Split it into several.") % (MAX_BYTES // 1024 // 1024))
    suffix = path.suffix.casefold()
    _refuse_wrong_kind(data, suffix)
    if suffix in DOCUMENTS:
        return Content(documents=_documents(path, data))
    if suffix in (".xlsx", ".xlsm"):
        from governance.importing import workbook  # openpyxl is large, and few processes read a workbook

        return Content(sheet=workbook.read(data, path.stem, sheet))
    return Content(sheet=delimited.read(data, path.stem))


def _refuse_wrong_kind(data: bytes, suffix: str) -> None:
    """Raise ReadError when content and name do not fit, naming the way out."""
    is_zip = data.startswith(_ZIP)
    if suffix not in (*TABLES, *DOCUMENTS):
        raise ReadError(
            _("Files ending in “%s” cannot be imported. Save the table as .xlsx or .csv.") % (suffix or "…")
        )
    if not data.strip():
        raise ReadError(_("The file is empty."))
    if data.startswith(_OLE):
        raise ReadError(_("This is an old Excel workbook or one with a password. Save it as .xlsx without a password."))
    if data.startswith(_PDF):
        raise ReadError(_("This is a PDF. A table must be saved as .xlsx or .csv."))
    if suffix in (".xlsx", ".xlsm") and not is_zip:
        raise ReadError(
            _("The name ends in %s, but this is not an Excel workbook. Is it a CSV file? Then name it .csv.") % suffix
        )
    if suffix not in (".xlsx", ".xlsm") and is_zip:
        raise ReadError(
            _("The name ends in %s, but this is an Excel workbook or a zip. Name a workbook .xlsx.") % suffix
        )


def _documents(path: Path, data: bytes) -> list[files.Entry]:
    if path.suffix.casefold() != ".jsonl":
        _refuse_aliases(data)
    try:
        entries = list(files.read(path))
    except (files.FileError, UnicodeDecodeError, RecursionError) as error:
        raise ReadError(str(error).replace(str(path), path.name)) from error
    if len(entries) > MAX_ROWS:
        raise ReadError(_("The file has more than %d documents. Split it into several.") % MAX_ROWS)
    return entries


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _refuse_aliases(data: bytes) -> None:
    """YAML's references make few bytes mean gigabytes, and what is nested without end breaks the parser's own stack:
    documents need neither."""
    depth = 0
    try:
        for event in yaml.parse(data, Loader=files.TextLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise ReadError(_("Line %d is nested too deeply for a document.") % _line_of(event))
            if isinstance(event, yaml.AliasEvent):
                raise ReadError(
                    _("Line %d refers to another place of the file (*name). Write the value out.") % _line_of(event)
                )
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ReadError(_("The file is not readable YAML: %s") % error) from error
