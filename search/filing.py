"""What a record's document is filed under: names and identifiers it is called by, facets, what others say of it."""

import json
import re

from governance.models.vocabulary import Binding, NameKind, Type
from search import identifiers
from search.context import Context
from search.names import spellings
from search.text import fold, key

FACETS = ("type", "kind", "level", "binding", "principle", "topic", "actor", "country", "region", "source")
RANKS = {NameKind.ALIAS: 3, NameKind.HISTORIC: 3, NameKind.PLAIN: 2}
FIRST_RANK, SOURCE_RANK, LAST_RANK = 4, 2, 1


def called(name: str) -> str:
    """The form a name is filed under, the same for every spelling of it; empty for a name without letters."""
    form = key(name)
    return f"name={form}" if form else ""


_ARTICLE = re.compile(r"^(?:the|an?)\s+")
# How parts of instruments are shortened; a part with what may stand between it and its instrument.
_SHORT = {"art": "article", "arts": "article", "articulo": "article", "para": "paragraph", "par": "paragraph",
          "obj": "objective", "chap": "chapter", "ch": "chapter"}  # fmt: skip
_PART = re.compile(
    rf"\b(article|paragraph|objective|chapter|{'|'.join(_SHORT)})\b[.\s]*(\d+|[ivx]+)\b[,\s]*"
    r"(?:of\s+)?(?:the\s+)?"
)


def forms_of(text: str) -> set[str]:
    """The forms under which a record, or a part of one, may be filed that people call `text`."""
    if not text:
        return set()
    bare = _ARTICLE.sub("", fold(text))
    spelled = _PART.sub(lambda found: f"{_SHORT.get(found[1], found[1])} {found[2]} ", bare)
    return {*map(called, {text, bare, spelled}), *identifiers.recognise(text)} - {""}


# By its number people ask for what a resolution passed as much as for the resolution.
PASSED_BY = ("endorsed-by", "affirmed-by")


def exact_of(document: dict, context: Context) -> dict[str, int]:
    """Every form that a record is called by, with its rank: 4 for its title, 1 for what is furthest off."""
    filed: dict[str, int] = {}
    for item in document["names"]:
        for text in spellings(item["text"], item["kind"]):
            _file(filed, called(text), RANKS.get(item["kind"], FIRST_RANK))
    for item in document["identifiers"]:
        for form in sorted(identifiers.keys(item["scheme"], item["value"])):
            _file(filed, form, FIRST_RANK)
    for item in document["relations"]:
        if item["predicate"] in PASSED_BY:
            for scheme, value in context.identifiers_of(item["type"], item["slug"]):
                for form in sorted(identifiers.keys(scheme, value)):
                    _file(filed, form, LAST_RANK)
    for name in ("iso2", "iso3", "code"):
        if document.get(name):
            _file(filed, called(document[name]), LAST_RANK)
    # What a source is called is often what it tells of: the record itself comes first then.
    _file(filed, called(document["title"]), SOURCE_RANK if document["type"] == Type.SOURCE else FIRST_RANK)
    _file(filed, called(document["slug"]), LAST_RANK)
    return filed


DEFINES = "defines"
DEFINED = 4


def carried_of(document: dict) -> dict[str, int]:
    """The principles that a definition defines: it comes next to them, before the provisions that carry them."""
    told = ((item["predicate"], item["type"], item["slug"]) for item in document["relations"])
    return {slug: DEFINED for predicate, type_, slug in told if (predicate, type_) == (DEFINES, Type.PRINCIPLE)}


def _file(filed: dict[str, int], form: str, rank: int) -> None:
    if form:
        filed[form] = max(rank, filed.get(form, 0))


def facets_of(document: dict, context: Context) -> dict[str, tuple[str, ...]]:
    """The values a record is counted and filtered by, as the lists of records count them."""
    parties = [(item["type"], item["slug"]) for item in document["participation"]]
    countries = [slug for type_, slug in parties if type_ == Type.COUNTRY]
    areas = [*(context.region(slug) for slug in countries), document.get("region") or ""]
    binding = document["binding"] or (Binding.UNSTATED if document["type"] == Type.INSTRUMENT else "")
    found = {
        "type": [document["type"]],
        "kind": [document["kind"]],
        "level": context.levels(document["level"]),
        "binding": [binding],
        "principle": document["principles"],
        "topic": document["topics"],
        "actor": [slug for type_, slug in parties if type_ == Type.ACTOR],
        "country": countries,
        "region": [code for area in areas for code in context.areas(area)],
        "source": _sources(document),
    }
    return {name: tuple(dict.fromkeys(str(value) for value in values if value)) for name, values in found.items()}


def _sources(document: dict) -> list[str]:
    cited = [*document["citations"], *(part for caveat in document["caveats"] for part in caveat["citations"])]
    return [item["source"] for item in cited]


def mention_of(document: dict) -> str:
    """All of a record that stands in the search documents of others, to see whether they must be made anew."""
    names = [[item["text"], item["language"], item["kind"]] for item in document["names"]]
    numbers = [[item["scheme"], item["value"]] for item in document["identifiers"]]
    parts = [document["slug"], document["title"], names, numbers, document.get("parent"), document.get("region")]
    return json.dumps(parts, ensure_ascii=False)
