"""Files of documents: YAML as people write it, JSON lines as `dump_knowledge` writes it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from governance.knowledge.problems import reference_of

BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the quick one where PyYAML has it


class TextLoader(BaseLoader):
    """Reads every scalar as text: YAML 1.1 would turn Norway's `NO` into false and `1.10` into 1.1.

    Refuses tags, and keys that stand twice in one mapping, of which YAML would drop the first without a word.
    """

    yaml_implicit_resolvers: dict = {}
    yaml_constructors: dict = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is a word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” stands here twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag, _construct in (
    ("tag:yaml.org,2002:str", TextLoader.construct_yaml_str),
    ("tag:yaml.org,2002:seq", TextLoader.construct_yaml_seq),
    ("tag:yaml.org,2002:map", TextLoader.construct_yaml_map),
    (None, TextLoader.construct_undefined),
):
    TextLoader.add_constructor(_tag, _construct)


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
        files = sorted(p for p in path.rglob("*") if p.suffix in READERS and p.is_file())
        if not files:
            raise FileError(_("%s: no .yaml or .jsonl file in this folder") % path)
        for file in files:
            yield from read(file)
    elif not path.exists():
        raise FileError(_("%s: there is no such file or folder") % path)
    elif path.suffix not in READERS:
        raise FileError(_("%s: only .yaml and .jsonl files are read") % path)
    else:
        try:
            yield from READERS[path.suffix](path)
        except (OSError, UnicodeDecodeError) as error:
            raise FileError(f"{path}: {error}") from error


def _yaml(path: Path) -> Iterator[Entry]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=TextLoader) or []
    except (yaml.YAMLError, RecursionError) as error:
        raise FileError(f"{path}: {error}") from error
    if not isinstance(data, list):
        raise FileError(_("%s: a file is a list of documents; start each with “- type: …”") % path)
    for number, document in enumerate(data, 1):
        yield Entry(document, f"{path.name}, document {number}")


def _json_lines(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if text.strip():
                try:
                    yield Entry(json.loads(text), f"{path.name}, line {number}")
                except (ValueError, RecursionError) as error:
                    raise FileError(f"{path}, line {number}: {error}") from error


READERS = {".yaml": _yaml, ".yml": _yaml, ".jsonl": _json_lines}


def line(document: dict) -> str:
    """Write one document as a JSON line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def in_load_order(entries: Iterable[Entry]) -> list[Entry]:
    """Sort documents so that most references lead back: levels and sources first, then places, ideas, actors, texts."""
    order = ("level", "source", "country", "principle", "topic", "actor", "instrument", "event", "practice")
    rank = {type_: n for n, type_ in enumerate(order)}
    return sorted(entries, key=lambda entry: rank.get(reference_of(entry.document).partition("/")[0], -1))
