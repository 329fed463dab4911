"""The fields that a column can be matched to, for each kind of table, and the headings by which people call them.

A field is named by a key: `title`, `date.signed`, `identifier.unts`, `name.official.fr`, `party.1`. Headings are
compared without case, accents and punctuation (`governance.importing.names.fold`).
"""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from governance.importing.names import fold, without_footnotes
from governance.models.vocabulary import DateEvent, NameKind, Scheme, Type

PARTICIPATION, NAMES, STATUS = "participation", "names", "status-table"
RECORD_TYPES = tuple(type_.value for type_ in Type if type_ not in (Type.COUNTRY, Type.LEVEL, Type.SOURCE))
TABLE_TYPES = (*RECORD_TYPES, PARTICIPATION, NAMES, STATUS)
SIDES = 4

_COMMON = {
    "slug": "slug|address|record slug|id",
    "title": "title|title of agreement|title of instrument|title of the agreement|heading|agreement|instrument|agreement title|instrument title|name of agreement|name of the agreement|name of instrument|name of the instrument|intitule|titre|titulo",
    "kind": "kind|type|kind of instrument|type of instrument|type of agreement|instrument type|agreement type|category|form",
    "summary": "summary|description|abstract|about|content|main content|resume|resumen",
    "body": "body|text|full text|details",
    "cite": "cite|citation|citations|source|sources|reference|references|evidence|source code",
    "topics": "topics|topic|theme|themes|subject|subjects|thematic area|thematic areas|keywords",
    "principles": "principles|principle|guiding principles",
    "names": "names|other names|also known as|aka|aliases|alias|alternative names",
    "state": "state|review state",
}
_OF_TYPE = {
    Type.INSTRUMENT: {
        "level": "level|level of cooperation|cooperation level|scope|geographic scope",
        "binding": "binding|legal force|binding or non binding|legally binding|bindingness|legal status|nature",
    },
    Type.ACTOR: {
        "title": "title|name|actor|organisation|organization|body|name of actor|name of organisation|name of organization|process|forum|agency",
        "kind": "kind|type|type of actor|kind of actor|actor type|category|type of organisation|type of organization",
        "level": "level|level of cooperation|scope",
        "website": "website|web site|homepage|web|url|web address|site",
        "date.established": "established|founded|established in|year of establishment|founded in|created|since|date|year",
    },
    Type.EVENT: {
        "title": "title|name|event|name of event|meeting|conference",
        "kind": "kind|type|type of event|event type|category",
        "level": "level|level of cooperation|scope",
        "place": "place|location|city|venue|where",
        "date.held": "held|date|dates|held on|year|when",
    },
    Type.PRACTICE: {
        "title": "title|name|practice|case|case study",
        "kind": "kind|type|category",
        "place": "place|location|city|where",
    },
    Type.PRINCIPLE: {"title": "title|name|principle", "parent": "parent|broader|broader principle"},
    Type.TOPIC: {"title": "title|name|topic", "parent": "parent|broader|broader topic"},
}  # fmt: skip
_DATES = {
    "signed": "signed|date signed|signed on|signature|date of signature|signing date|signature date|date of signing|firma",
    "adopted": "adopted|adopted on|date of adoption|adoption|adoption date|date adopted",
    "in-force": "in force|entry into force|date of entry into force|entered into force|in force since|effective date|effective|eif|force date|in force from",
    "applied": "applied|applied from|applicable from|provisional application",
    "concluded": "concluded|date concluded|concluded on|date|year|date of agreement|year of agreement|date of conclusion",
    "ended": "ended|end|end date|expired|expiry|expiry date|expires|valid until",
    "terminated": "terminated|termination|date of termination",
    "published": "published|publication date|date of publication",
    "opened": "opened for signature|open for signature",
}
_IDENTIFIERS = {
    "un-symbol": "un symbol|document symbol|symbol",
    "unts": "unts|unts citation|un treaty series|unts volume and page",
    "unts-registration": "unts registration|registration number|unts registration number|registration no",
    "mtdsg": "mtdsg|mtdsg chapter|chapter",
    "celex": "celex|celex number",
    "ilo": "ilo|ilo number|convention number",
    "oj": "oj|official journal",
    "url": "link|url|web link|address of text|text link|hyperlink|website|web address",
}
_NAMES = {
    "official": "official name|official title|full title|full name|long title",
    "short": "short name|short title",
    "abbreviation": "abbreviation|acronym|abbr|initials",
    "historic": "former name|former names|historic name|previous name",
    "alias": "alias name|also called",
}
_SIDES = (
    "country {n}|country {a}|party {n}|party {a}|side {n}|side {a}|state {n}|state {a}|partner {n}|partner {a}|"
    "contracting party {n}|contracting party {a}|pays {n}|pais {n}"
)
_SIDE_WORDS = {
    "party.1": "country of origin|origin country|origin|sending country|source country|home country",
    "party.2": "country of destination|destination country|destination|receiving country|host country|partner country|country of employment",
}
_ROLES = "role {n}|role {a}|role of country {n}|role of country {a}|role of party {n}|role of party {a}"
_PARTIES = "parties|countries|contracting parties|members|member states|states parties|participants|signatories|between"
_PARTICIPATION = {
    "record": "record|instrument|process|agreement|treaty|convention|event|forum|instrument or process",
    "party": "party|country|state|participant|member|member state|actor|name",
    "act": "act|status|action|kind of participation|type of participation|participation|capacity|as",
    "role": "role",
    "from": "from|since|start|date|start date|joined|from date|date of act",
    "until": "until|to|end|end date|left|until date",
    "effect": "effect|effective|entry into force|in force|effective date|date of effect|in force from",
    "note": "note|notes|remark|remarks|comment|comments",
    "cite": _COMMON["cite"],
}
_NAME_ROWS = {
    "record": "record|record address|of|instrument|actor|instrument or actor",
    "text": "text|name|title",
    "language": "language|lang|langue|idioma",
    "kind": "kind|type|kind of name|type of name",
    "cite": _COMMON["cite"],
}


@dataclass(frozen=True)
class Field:
    """A field of a table type: its key, how it is called for people, and the headings it is known by."""

    key: str
    label: str
    headings: tuple[str, ...]


@cache
def fields_of(table_type: str) -> dict[str, Field]:
    """All fields that columns of a table of this type can be matched to, by key."""
    written = _written(table_type)
    return {
        key: Field(key, label(key), tuple(heading_key(h) for h in [*headings.split("|"), key.replace(".", " ")]))
        for key, headings in written.items()
    }


def _written(table_type: str) -> dict[str, str]:
    if table_type == PARTICIPATION:
        return _PARTICIPATION
    if table_type == NAMES:
        return _NAME_ROWS
    found = {**_COMMON, **_OF_TYPE.get(Type(table_type), {})}
    for event in DateEvent.values:
        found.setdefault(f"date.{event}", _DATES.get(event, event) if table_type == Type.INSTRUMENT else event)
    found |= {f"identifier.{scheme}": _IDENTIFIERS.get(scheme, scheme) for scheme in Scheme.values}
    found |= {f"name.{kind}": _NAMES.get(kind, f"{kind} name") for kind in NameKind.values}
    for n in range(1, SIDES + 1):
        places = {"n": n, "a": chr(96 + n)}
        found[f"party.{n}"] = "|".join(filter(None, (_SIDES.format(**places), _SIDE_WORDS.get(f"party.{n}"))))
        found[f"role.{n}"] = _ROLES.format(**places)
    found["parties"] = _PARTIES
    found |= {f"{key}.cite": f"{key} cite|{key} source" for key in ("title", "kind", "level", "binding", "summary")}
    return found


def heading_key(heading: str) -> str:
    """A heading as it is compared: folded, without footnote marks and remarks in brackets."""
    shorter = without_footnotes(heading).split("(")[0] or heading
    numbered = heading.strip()[-1:].isdigit()  # “Country 1” keeps its number
    return " ".join(fold(heading if numbered else shorter).split())


def label(key: str) -> str:
    """A field's name for people: “date.signed” is “Date: signed”."""
    part, _dot, rest = key.partition(".")
    labels = {
        "slug": _("Address (slug)"), "title": _("Title"), "kind": _("Kind"), "level": _("Level"), "binding": _("Legal force"),
        "summary": _("Summary"), "body": _("Text"), "cite": _("Sources"), "topics": _("Topics"), "principles": _("Principles"),
        "names": _("Other names"), "state": _("State (not imported)"), "website": _("Website"), "place": _("Place"),
        "parent": _("Broader"), "date": _("Date"), "identifier": _("Identifier"), "name": _("Name"), "party": _("Party"),
        "role": _("Role"), "parties": _("Parties (all of them)"), "record": _("Record"), "act": _("Act"), "from": _("From"),
        "until": _("Until"), "effect": _("In effect from"), "note": _("Note"), "text": _("Name"), "language": _("Language"),
    }  # fmt: skip
    if rest == "cite":
        return _("Sources of: %s") % labels.get(part, part)
    if not rest:
        return labels.get(key, key)
    values = {"date": DateEvent, "identifier": Scheme, "name": NameKind}.get(part)
    first, _dot, language = rest.partition(".")
    said = str(values(first).label) if values and first in values.values else first
    return f"{labels.get(part, part)}: {said}" + (f" ({language})" if language else "")
