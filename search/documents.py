"""From a record's document to what is searched: one search document for the record, one for each of its parts.

A part is a hit of its own with an address of its own: a provision under its instrument, later a passage under its
source (`PARTS`). What a part does not say itself (level, countries, dates …) it has from its record.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace

from django.utils import translation

from governance.knowledge import dump_many
from governance.models import Record
from governance.models.vocabulary import KIND_LABELS, Binding, NameKind, Type
from search import identifiers
from search.context import Context
from search.dates import Calendar
from search.names import Text, names_as_texts, spellings
from search.text import key as name_key

PROVISION = "provision"
BATCH = 200
FACETS = ("type", "kind", "level", "binding", "principle", "topic", "actor", "country", "region", "source")
RANKS = {NameKind.ALIAS: 3, NameKind.HISTORIC: 3, NameKind.PLAIN: 2}
FIRST_RANK, LAST_RANK = 4, 1


@dataclass(frozen=True)
class SearchDocument:
    """What an engine is given. `zones`: texts by how much a match in them counts; `exact`: the forms a name or an
    identifier is filed under, with a rank (4 is its title, 1 is furthest off); `facets`: values to count and filter by;
    `shown`: what a result displays; `mention`: whatever of it stands in the documents of other records."""

    key: str
    record: int
    type: str
    slug: str
    title: str
    url: str
    zones: dict[str, tuple[Text, ...]]
    exact: dict[str, int]
    facets: dict[str, tuple[str, ...]]
    calendar: Calendar
    shown: dict
    parent: dict | None = None
    carried: dict[str, int] = field(default_factory=dict)
    mention: str = ""

    @property
    def digest(self) -> str:
        """A fingerprint of all of it, by which a stale copy is known."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def documents_of(records: Iterable[Record]) -> Iterator[SearchDocument]:
    """Yield the search documents of `records`, which must all be visible to the public, in batches of few queries."""
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield from _batch(batch)
            batch = []
    yield from _batch(batch)


def _batch(records: list[Record]) -> list[SearchDocument]:
    with translation.override("en"):  # whoever indexes, in whatever language, writes the same
        return list(_documents(records))


def _documents(records: list[Record]) -> Iterator[SearchDocument]:
    ids = {(record.type, record.slug): record.pk for record in records}
    dumped = list(dump_many(records, public=True))
    context = Context.of(dumped)
    for document in dumped:
        whole = _whole(document, ids[document["type"], document["slug"]], context)
        yield whole
        for parts in PARTS.get(document["type"], ()):
            yield from parts(document, whole, context)


def _whole(document: dict, pk: int, context: Context) -> SearchDocument:
    facets = _facets(document, context)
    calendar = Calendar.of(document)
    title, names = document["title"], document["names"]
    return SearchDocument(
        key=f"r{pk}",
        record=pk,
        type=document["type"],
        slug=document["slug"],
        title=title,
        url=document["url"],
        zones={
            "title": (Text(title),),
            "names": tuple(names_as_texts(item for item in names if item["kind"] != NameKind.PLAIN)),
            "plain": tuple(names_as_texts(item for item in names if item["kind"] == NameKind.PLAIN)),
            "identifiers": _texts(_identifiers(document), stemmed=False),
            "dates": _texts(calendar.words, stemmed=False),
            "summary": _texts([document["summary"]]),
            "body": _texts([prose(document["body"]), *_extras(document)]),
            "tags": _texts(_tags(document, facets, context)),
            "context": tuple(_kin(document, context)),
            "related": _texts(_related(document, context)),
            "evidence": _texts(_evidence(document)),
        },
        exact=_exact(document),
        facets=facets,
        calendar=calendar,
        shown={
            "kind": document["kind"], "level": document["level"], "year": calendar.year,
            "summary": document["summary"], "body": prose(document["body"]),
            "names": [[item["text"], item["language"], item["kind"]] for item in names],
            "identifiers": [item["value"] for item in document["identifiers"]],
        },
        mention=_mention(document),
    )  # fmt: skip


def _provisions(document: dict, whole: SearchDocument, context: Context) -> Iterator[SearchDocument]:
    parent = {"type": whole.type, "slug": whole.slug, "title": whole.title, "url": whole.url}
    family = [item for item in document["names"] if item["kind"] in (NameKind.SHORT, NameKind.ABBREVIATION)]
    called = dict.fromkeys([whole.title, *(item["text"] for item in family if item["language"] == "en")])
    for provision in document["provisions"]:
        label, slug = provision["label"], provision["slug"]
        principles = tuple(item["slug"] for item in provision["principles"])
        title = f"{label} – {provision['heading']}" if provision["heading"] else label
        facets = whole.facets | {"type": (PROVISION,), "principle": principles}
        tags = [context.title(Type.PRINCIPLE, slug) for slug in principles]
        yield replace(
            whole,
            key=f"{whole.key}/{slug}",
            type=PROVISION,
            slug=slug,
            title=title,
            url=provision["url"],
            zones={
                "title": (Text(title),),
                "summary": _texts([provision["gist"]]),
                "tags": _texts(tags),
                "parent": (Text(whole.title), *whole.zones["names"], *whole.zones["identifiers"]),
                "context": tuple(name for slug in principles for name in context.names_of(Type.PRINCIPLE, slug)),
            },
            exact={
                f"name={name_key(text)}": FIRST_RANK
                for name in called
                for text in (f"{label} {name}", f"{name} {label}")
            },
            facets=facets,
            shown={"kind": None, "level": document["level"], "year": whole.calendar.year, "summary": provision["gist"]},
            parent=parent,
            carried={item["slug"]: _STRENGTHS.get(item["strength"], 1) for item in provision["principles"]},
            mention="",
        )


_STRENGTHS = {"explicit": 3, "implied": 2, "interpreted": 1}
PARTS: dict[str, tuple[Callable[[dict, SearchDocument, Context], Iterator[SearchDocument]], ...]] = {
    Type.INSTRUMENT: (_provisions,),
}


def _texts(texts: Iterable[str], stemmed: bool = True) -> tuple[Text, ...]:
    return tuple(Text(text, stemmed=stemmed) for text in texts if text)


def _identifiers(document: dict) -> list[str]:
    own = [document.get(name) for name in ("iso2", "iso3", "code")]
    return [*(item["value"] for item in document["identifiers"]), *(value for value in own if value)]


def _extras(document: dict) -> list[str]:
    """What only some types have, and notes."""
    names = ("place", "author", "publisher", "date_stated", "date_inferred", "address", "website")
    texts = [document.get(name) for name in names]
    texts += [item["note"] for key in ("dates", "participation", "relations") for item in document[key]]
    return [text for text in texts if text]


def _facets(document: dict, context: Context) -> dict[str, tuple[str, ...]]:
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


KIN = {
    "defines",
    "defined-by",
    "part-of",
    "example-of",
    "adopted",
    "reviews",
    "follows-up",
    "implements",
    "supplements",
}


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


def _exact(document: dict) -> dict[str, int]:
    filed: dict[str, int] = {}
    for item in document["names"]:
        for text in spellings(item["text"], item["kind"]):
            _file(filed, f"name={name_key(text)}", RANKS.get(item["kind"], FIRST_RANK))
    for item in document["identifiers"]:
        for form in identifiers.keys(item["scheme"], item["value"]):
            _file(filed, form, FIRST_RANK)
    for name in ("iso2", "iso3", "code"):
        if document.get(name):
            _file(filed, f"name={name_key(document[name])}", LAST_RANK)
    _file(filed, f"name={name_key(document['title'])}", FIRST_RANK)
    _file(filed, f"name={name_key(document['slug'])}", LAST_RANK)
    return filed


def _file(filed: dict[str, int], form: str, rank: int) -> None:
    if not form.endswith("="):
        filed[form] = max(rank, filed.get(form, 0))


def _mention(document: dict) -> str:
    names = [[item["text"], item["language"], item["kind"]] for item in document["names"]]
    parts = [document["slug"], document["title"], names, document.get("parent"), document.get("region")]
    return json.dumps(parts, ensure_ascii=False)


_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"^\s{0,3}(?:[>#]+|[-*+]|\d+\.)\s+|[*_`|]{1,3}", re.MULTILINE)


def prose(markdown: str) -> str:
    """The words of a Markdown text, without its signs."""
    return " ".join(_SIGNS.sub(" ", _LINK.sub(r"\1", markdown or "")).split())
