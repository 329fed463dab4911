"""Levels, principles and topics as SKOS concept schemes (https://www.w3.org/TR/skos-reference/), written in Turtle."""

from collections.abc import Iterable, Iterator

from governance.exports.jsonld import LICENCE
from governance.exports.reference import SITE, absolute, kind_label
from governance.models.vocabulary import PLURALS, NameKind, Type

SCHEMES = {Type.LEVEL: "Levels of cooperation", Type.PRINCIPLE: "Principles", Type.TOPIC: "Topics"}
PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NOT_IN_IRI = '<>"{}|^`\\'


def literal(text: str, language: str = "") -> str:
    """A quoted string, with its language."""
    quoted = "".join(_ESCAPES.get(c, c if c >= " " else f"\\u{ord(c):04X}") for c in text)
    return f'"{quoted}"' + (f"@{language}" if language else "")


def iri(address: str) -> str:
    """An address between angle brackets; what may not stand there is percent-encoded."""
    return "<" + "".join(f"%{ord(c):02X}" if c in _NOT_IN_IRI or c <= " " else c for c in address) + ">"


def write(documents: Iterable[dict]) -> Iterator[str]:
    """Yield the Turtle text: prefixes, the three schemes, then each concept."""
    for name, address in PREFIXES.items():
        yield f"@prefix {name}: <{address}> .\n"
    yield "\n"
    for type_, title in SCHEMES.items():
        yield _block(_scheme(type_), [
            ("a", ["skos:ConceptScheme"]), ("skos:prefLabel", [literal(title, "en")]),
            ("dct:publisher", [literal(SITE, "en")]), ("dct:license", [iri(LICENCE)]),
        ])  # fmt: skip
    for document in documents:
        yield _concept(document)


def _scheme(type_: str) -> str:
    return iri(absolute(f"/{PLURALS[Type(type_)]}/"))


def _concept(document: dict) -> str:
    scheme = _scheme(document["type"])
    parent = document.get("parent")
    broader = [iri(absolute(f"/{PLURALS[Type(document['type'])]}/{parent}/"))] if parent else []
    preferred, other, hidden = _labels(document)
    return _block(iri(absolute(document["url"])), [
        ("a", ["skos:Concept"]),
        ("skos:inScheme", [scheme]),
        ("skos:topConceptOf", [] if parent else [scheme]),
        ("skos:broader", broader),
        ("skos:related", _related(document)),
        ("skos:notation", [literal(document["slug"])]),
        ("skos:prefLabel", preferred),
        ("skos:altLabel", other),
        ("skos:hiddenLabel", hidden),
        ("skos:definition", [literal(document["summary"], "en")] if document["summary"] else []),
        ("dct:type", [literal(kind_label(document), "en")]),
        ("dct:modified", [literal(document["updated"]) + "^^xsd:dateTime"]),
    ])  # fmt: skip


def _labels(document: dict) -> tuple[list[str], list[str], list[str]]:
    """Preferred, other and hidden labels: one preferred in each language, none that is two kinds at once (S13, S14)."""
    preferred = {"en": document["title"]}
    for name in document["names"]:
        if name["kind"] in (NameKind.OFFICIAL, NameKind.SHORT):
            preferred.setdefault(name["language"], name["text"])
    seen = set(preferred.items())
    other: list[str] = []
    hidden: list[str] = []
    for name in document["names"]:
        if (name["language"], name["text"]) not in seen:
            seen.add((name["language"], name["text"]))
            (hidden if name["kind"] == NameKind.PLAIN else other).append(literal(name["text"], name["language"]))
    return [literal(text, language) for language, text in preferred.items()], other, hidden


def _related(document: dict) -> list[str]:
    """Relations to another concept that say neither broader nor narrower (S27 forbids both at once)."""
    parent = (document["type"], document.get("parent"))
    found = [
        iri(absolute(f"/{PLURALS[Type(r['type'])]}/{r['slug']}/"))
        for r in document["relations"]
        if r["type"] in SCHEMES
        and r["predicate"] in ("related-to", "aligned-with")
        and (r["type"], r["slug"]) not in (parent, (document["type"], document["slug"]))
    ]
    return list(dict.fromkeys(found))


def _block(subject: str, statements: list[tuple[str, list[str]]]) -> str:
    lines = [f"    {predicate} {', '.join(objects)}" for predicate, objects in statements if objects]
    return f"{subject}\n" + " ;\n".join(lines) + " .\n\n"
