"""Names as they are searched: each with its language, and an abbreviation with and without its plural s."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from governance.models.vocabulary import NameKind

# How late a name is suggested while typing, after official ones; everyday words for a record come after all names.
LATER = {NameKind.PLAIN: 2, NameKind.HISTORIC: 1, NameKind.ALIAS: 1}
EVERYDAY = LATER[NameKind.PLAIN]


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
