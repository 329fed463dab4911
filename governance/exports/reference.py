"""A record as something that is cited: the description that BibTeX, RIS, CSL-JSON and Dublin Core have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as format_date

from governance import edtf
from governance.models import Record
from governance.models.vocabulary import KIND_LABELS, LEADING_EVENTS, NameKind, Scheme, State, Type

SITE = "Global Migration Governance"
TREATIES = {
    "treaty", "convention", "protocol", "agreement", "bilateral-agreement", "memorandum-of-understanding",
}  # fmt: skip
LEADING_SCHEMES = (
    Scheme.UN_SYMBOL, Scheme.CELEX, Scheme.UNTS, Scheme.ILO, Scheme.OJ, Scheme.UNTS_REGISTRATION, Scheme.MTDSG,
    Scheme.OTHER,
)  # fmt: skip
SOURCES = {"journal-article": "article", "blog-article": "post", "reference": "page"}

Parts = tuple[int, ...]
Labels = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Reference:
    """`category` is treaty, regulation, report, article, post or page; `dates` are one day, month or year, or two.

    `body` is who adopted, wrote for or published it; `state` the day of the record's last change, `accessed` today.
    """

    key: str
    category: str
    title: str
    short: str
    kind: str
    authors: tuple[str, ...]
    body: str
    dates: tuple[Parts, ...]
    circa: bool
    number: str
    identifiers: tuple[tuple[str, str], ...]
    url: str
    abstract: str
    keywords: tuple[str, ...]
    state: date
    accessed: date

    @property
    def is_page(self) -> bool:
        """Is it a web page, with a site in place of a publisher?"""
        return self.category in ("article", "post", "page")

    @property
    def note(self) -> str:
        """What no field of a citation format holds: where the description is from and of which day, all identifiers."""
        said = f"{self.kind}. " if self.kind else ""
        said += f"Record of {SITE}, state of {day(self.state)}."
        return " ".join([said, *(f"{scheme}: {value}." for scheme, value in self.identifiers)])


def absolute(path: str) -> str:
    """The public address of a path of this site."""
    return settings.SITE_URL + path


def day(value: date) -> str:
    return format_date(value, "j F Y")


def kind_label(document: dict) -> str:
    """How the kind of a record reads: Convention, Consultative process; its type where it has no kind."""
    label = KIND_LABELS.get((Type(document["type"]), document.get("kind") or ""))
    return str(label or document.get("kind") or Type(document["type"]).label)


def changed(document: dict) -> datetime:
    """The moment of a document's last change."""
    return datetime.fromisoformat(document["updated"])


def leading_date(document: dict) -> str:
    """The EDTF text of the date by which a record is known: adopted before in force; empty when it has none."""
    rank = {event: n for n, event in enumerate(LEADING_EVENTS)}
    dates = [item for item in document.get("dates", ()) if item["event"] in rank]
    stated = document.get("date_stated") or document.get("date_inferred") or ""
    return min(dates, key=lambda item: rank[item["event"]])["value"] if dates else stated


def date_parts(text: str) -> tuple[Parts, ...]:
    """`1951-07-28` → ((1951, 7, 28),), `2018/2030` → ((2018,), (2030,)); nothing for what is not a plain date."""
    try:
        edtf.span(text)
        ends = [end.strip("~?%") for end in text.split("/") if end not in ("", "..")]
        return tuple(tuple(int(part) for part in end.split("-")) for end in ends)
    except ValueError:
        return ()


def labels(documents: Iterable[dict]) -> Labels:
    """The titles of the principles and topics that the documents name, for keywords."""
    wanted = {(type_, slug) for d in documents for type_, slug in _tags(d)}
    found = Record.objects.filter(state=State.PUBLISHED, type__in=(Type.PRINCIPLE, Type.TOPIC))
    rows = found.filter(slug__in={slug for _type, slug in wanted}).values_list("type", "slug", "title")
    return {(type_, slug): title for type_, slug, title in rows if (type_, slug) in wanted}


def _tags(document: dict) -> list[tuple[str, str]]:
    return [(type_, slug) for type_ in ("principle", "topic") for slug in document.get(f"{type_}s", ())]


def describe(document: dict, named: Labels | None = None, provision: dict | None = None) -> Reference:
    """Describe a record from its full document, or one of its provisions; `named` are the titles of its keywords."""
    text = leading_date(document)
    tags = [("principle", carried["slug"]) for carried in provision["principles"]] if provision else _tags(document)
    identifiers = tuple((str(Scheme(i["scheme"]).label), i["value"]) for i in document.get("identifiers", ()))
    return Reference(
        key=f"{document['type']}-{document['slug']}" + (f"-{provision['slug']}" if provision else ""),
        category=_category(document),
        title=_title(document, provision),
        short=_short(document),
        kind=kind_label(document),
        authors=_authors(document),
        body=_body(document),
        dates=date_parts(text),
        circa=text.endswith(("~", "?", "%")),
        number=number(document),
        identifiers=identifiers,
        url=absolute((provision or document)["url"]),
        abstract=provision["gist"] if provision else document["summary"],
        keywords=tuple((named or {}).get(tag, tag[1].replace("-", " ")) for tag in tags),
        state=changed(document).date(),
        accessed=timezone.now().date(),
    )


def cited_title(document: dict) -> str:
    """The title to cite: of an instrument its official English one, where it is known."""
    official = _name(document, NameKind.OFFICIAL) if document["type"] == Type.INSTRUMENT else ""
    return official or document["title"]


def _title(document: dict, provision: dict | None) -> str:
    title = cited_title(document)
    if not provision:
        return title
    return ", ".join([title, ": ".join(filter(None, (provision["label"], provision["heading"])))])


def _short(document: dict) -> str:
    """The abbreviation, else the title here where another one is cited."""
    title = document["title"]
    return _name(document, NameKind.ABBREVIATION) or (title if title != cited_title(document) else "")


def _category(document: dict) -> str:
    kind = document.get("kind")
    if document["type"] == Type.INSTRUMENT:
        return "treaty" if kind in TREATIES else "regulation" if kind == "regulation" else "report"
    if document["type"] == Type.SOURCE:
        return SOURCES.get(kind or "", "report")
    return "page"


def _authors(document: dict) -> tuple[str, ...]:
    """A source's author, else the bodies that adopted an instrument."""
    if document.get("author"):
        return (document["author"],)
    return tuple(dict.fromkeys(r["title"] for r in document.get("relations", ()) if r["predicate"] == "adopted-by"))


def _body(document: dict) -> str:
    if document["type"] in (Type.INSTRUMENT, Type.SOURCE):
        return document.get("publisher") or "; ".join(() if document.get("author") else _authors(document))
    return SITE


def number(document: dict) -> str:
    """The identifier by which a text is cited: a UN symbol before a treaty series number."""
    by_scheme = {i["scheme"]: i["value"] for i in reversed(document.get("identifiers", ()))}
    return next((by_scheme[scheme] for scheme in LEADING_SCHEMES if scheme in by_scheme), "")


def _name(document: dict, kind: NameKind) -> str:
    """The first English name of a kind, or nothing."""
    names = document.get("names", ())
    return next((n["text"] for n in names if n["kind"] == kind and n["language"] == "en"), "")
