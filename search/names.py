"""Names as they are searched: each with its language, and an abbreviation with and without its plural s."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from governance.models.vocabulary import NameKind

# How late a name is suggested while typing, after official ones.
_LATER = {NameKind.PLAIN: 2, NameKind.HISTORIC: 1, NameKind.ALIAS: 1}
_EVERYDAY = _LATER[NameKind.PLAIN]


@dataclass(frozen=True)
class Text:
    """A text in a language; a name that must match as it is (an abbreviation) is not `stemmed`."""

    text: str
    language: str = "en"
    stemmed: bool = True


def names_as_texts(items: Iterable[dict]) -> Iterator[Text]:
    """The names of a document as texts."""
    for item in items:
        for text in spellings(item["text"], item["kind"]):
            yield Text(text, item["language"].split("-")[0], stemmed=item["kind"] != NameKind.ABBREVIATION)


def spellings(name: str, kind: str) -> list[str]:
    """A name, and for an abbreviation its other number: SDG for SDGs, RCPs for RCP."""
    if kind == NameKind.ABBREVIATION:
        if re.fullmatch(r"[A-Z]{2,}s", name):
            return [name, name[:-1]]
        if re.fullmatch(r"[A-Z]{2,}", name):
            return [name, f"{name}s"]
    return [name]


def suggested(title: str, shown: dict[str, Any]) -> dict[str, int]:
    """What a record is suggested by while typing, and how late each comes."""
    names = {text: _LATER.get(kind, 0) for text, _language, kind in reversed(shown.get("names", []))}
    return dict.fromkeys(shown.get("identifiers", []), 0) | names | {title: 0}


def worth(name: str, later: int, prior: float, is_whole: bool, is_first: bool) -> tuple:
    """How good a suggestion a name is that has what is typed, the lesser the better, the name last: what is typed
    itself (`is_whole`), names before everyday words, at the beginning (`is_first`), official, of a favoured type,
    short."""
    return not is_whole, later >= _EVERYDAY, not is_first, later, -prior, len(name), name
