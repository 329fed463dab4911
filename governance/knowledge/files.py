"""Files of documents: YAML as people write it, JSON lines as `dump_knowledge` writes it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml


class TextLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """Reads every scalar as text: YAML 1.1 would turn Norway's `NO` into false and `1.10` into 1.1."""

    yaml_implicit_resolvers: dict = {}


class FileError(ValueError):
    """A file cannot be read; the message names the file, the line and what is wrong."""


@dataclass(frozen=True)
class Entry:
    """One document and where it stands, for messages."""

    document: dict
    where: str


def read(path: Path) -> Iterator[Entry]:
    """Yield the documents of a `.yaml` or `.jsonl` file, or of all such files below a folder in order of their names.

    Raises FileError for a file that is missing, damaged or of another kind.
    """
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml", ".jsonl"))
        if not files:
            raise FileError(f"{path}: no .yaml or .jsonl file in this folder")
        for file in files:
            yield from read(file)
    elif not path.exists():
        raise FileError(f"{path}: there is no such file or folder")
    elif path.suffix in (".yaml", ".yml"):
        yield from _yaml(path)
    elif path.suffix == ".jsonl":
        yield from _json_lines(path)
    else:
        raise FileError(f"{path}: only .yaml and .jsonl files are read")


def _yaml(path: Path) -> Iterator[Entry]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=TextLoader) or []  # noqa: S506, a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise FileError(f"{path}: {error}") from error
    if not isinstance(data, list):
        raise FileError(f"{path}: a file is a list of documents; start each with “- type: …”")
    for number, document in enumerate(data, 1):
        yield Entry(document, f"{path.name}, document {number}")


def _json_lines(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield Entry(json.loads(line), f"{path.name}, line {number}")
                except (ValueError, RecursionError) as error:
                    raise FileError(f"{path.name}, line {number}: {error}") from error


def line(document: dict) -> str:
    """Write one document as a JSON line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def in_load_order(entries: Iterable[Entry]) -> list[Entry]:
    """Sort documents so that most references lead back: levels and sources first, then places, ideas, actors, texts."""
    order = ("level", "source", "country", "principle", "topic", "actor", "instrument", "event", "practice")
    rank = {type_: n for n, type_ in enumerate(order)}
    return sorted(entries, key=lambda e: rank.get(e.document.get("type") if isinstance(e.document, dict) else "", -1))
