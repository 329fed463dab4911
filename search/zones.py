"""The words of a record's document, by how much a match in them counts."""

import re
from collections.abc import Iterable, Iterator

from governance.models.vocabulary import KIND_LABELS, NameKind, Type
from search.context import Context
from search.dates import Calendar
from search.filing import DEFINES
from search.names import Text, names_as_texts

# Relations to what a record stands for or belongs to.
KIN = frozenset(
    ("defined-by", "part-of", "example-of", "adopted", "reviews", "follows-up", "implements", "supplements")
)

Zones = dict[str, tuple[Text, ...]]


def zones_of(document: dict, facets: dict[str, tuple[str, ...]], calendar: Calendar, context: Context) -> Zones:
    """Return the zones of a record: its own words, and those of what it is linked to."""
    names = document["names"]
    return {
        "title": (Text(document["title"]),),
        "names": tuple(names_as_texts(item for item in names if item["kind"] != NameKind.PLAIN)),
        "plain": (
            *names_as_texts(item for item in names if item["kind"] == NameKind.PLAIN),
            *_defined(document, context),
        ),
        "identifiers": texts(_identifiers(document), stemmed=False),
        "dates": texts(calendar.words, stemmed=False),
        "summary": texts([document["summary"]]),
        "body": texts([prose(document["body"]), *_extras(document)]),
        "tags": texts(_tags(document, facets, context)),
        "context": tuple(_kin(document, context)),
        "related": texts(_related(document, context)),
        "evidence": texts(_evidence(document)),
    }


def texts(words: Iterable[str], stemmed: bool = True) -> tuple[Text, ...]:
    """English texts, without the empty ones."""
    return tuple(Text(text, stemmed=stemmed) for text in words if text)


def _identifiers(document: dict) -> list[str]:
    own = [document.get(name) for name in ("iso2", "iso3", "code")]
    return [*(item["value"] for item in document["identifiers"]), *(value for value in own if value)]


def _extras(document: dict) -> list[str]:
    """What only some types have, and notes."""
    names = ("place", "author", "publisher", "date_stated", "date_inferred", "address", "website")
    texts = [document.get(name) for name in names]
    texts += [item["note"] for key in ("dates", "participation", "relations") for item in document[key]]
    return [text for text in texts if text]


def _tags(document: dict, facets: dict, context: Context) -> Iterator[str]:
    """Words for what a record is and what it is filed under."""
    yield str(KIND_LABELS.get((document["type"], document["kind"]), ""))
    yield str(document["binding"] or "")
    if document["level"]:
        yield context.title(Type.LEVEL, document["level"])
    for type_ in (Type.PRINCIPLE, Type.TOPIC, Type.COUNTRY):
        for slug in facets[type_]:
            yield context.title(type_, slug)
    for item in document["countries"]:
        yield context.title(Type.COUNTRY, item["iso2"])


def _related(document: dict, context: Context) -> Iterator[str]:
    for item in (*document["relations"], *document["participation"]):
        yield " ".join([item["title"], *context.abbreviations(item["type"], item["slug"])])
        yield item.get("role", "")
    yield from context.acts_of(document["type"], document["slug"])
    for provision in document["provisions"]:
        yield " ".join((provision["label"], provision["heading"], provision["gist"]))


def _defined(document: dict, context: Context) -> Iterator[Text]:
    """What that is called which a definition defines: whoever asks for one wants the other."""
    own = {item["text"] for item in document["names"]}
    for item in document["relations"]:
        if item["predicate"] == DEFINES:
            yield from (name for name in context.names_of(item["type"], item["slug"]) if name.text not in own)


def _kin(document: dict, context: Context) -> Iterator[Text]:
    """Names of what a record stands for or belongs to, so that it is found with whatever people call that."""
    for type_, key in ((Type.PRINCIPLE, "principles"), (Type.TOPIC, "topics")):
        for slug in document[key]:
            yield from context.names_of(type_, slug)
    for item in document["relations"]:
        if item["predicate"] in KIN:
            yield from context.names_of(item["type"], item["slug"])


def _evidence(document: dict) -> Iterator[str]:
    """Short phrases as the sources have them, and what is disputed."""
    for item in document["citations"]:
        yield item["quote"]
    for caveat in document["caveats"]:
        yield caveat["text"]
        for part in caveat["citations"]:
            yield part["quote"]


_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"^\s{0,3}(?:[>#]+|[-*+]|\d+\.)\s+|[*_`|]{1,3}", re.MULTILINE)


def prose(markdown: str) -> str:
    """The words of a Markdown text, without its signs."""
    return " ".join(_SIGNS.sub(" ", _LINK.sub(r"\1", markdown or "")).split())
