"""JSON-LD in the words of https://schema.org: Legislation for binding texts, CreativeWork, Organization, DefinedTerm …

The context is written out, not fetched: what is read offline says the same.
"""

from collections.abc import Callable
from typing import Any

from governance.exports.reference import Labels, absolute, date_parts, kind_label, labels, leading_date
from governance.models.vocabulary import PLURALS, Binding, NameKind, Scheme, Type

CONTEXT = {
    "@vocab": "https://schema.org/",
    "url": {"@type": "@id"},
    "sameAs": {"@type": "@id"},
    "license": {"@type": "@id"},
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PASSED = ("adopted", "signed", "concluded", "endorsed")


def item(document: dict, named: Labels | None = None) -> dict:
    """A record as a node; `named` are the titles of its principles and topics (looked up when left out)."""
    named = labels([document]) if named is None else named
    type_, more = _KINDS.get(document["type"], ("CreativeWork", _work))
    if document["type"] == Type.INSTRUMENT and document["binding"] == Binding.BINDING:
        type_, more = "Legislation", _legislation
    node = (
        {"@context": CONTEXT, "@id": absolute(document["url"]), "@type": type_}
        | _common(document, named)
        | more(document)
    )
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def of_provision(document: dict, provision: dict) -> dict:
    """A provision as a node of its own, part of its instrument."""
    type_ = "Legislation" if document["binding"] == Binding.BINDING else "CreativeWork"
    whole = {"@id": absolute(document["url"]), "@type": type_, "name": document["title"]}
    principles = [("principle", carried["slug"]) for carried in provision["principles"]]
    named = labels([{"principles": [slug for _type, slug in principles]}])
    about = [_term(type_, slug, named) for type_, slug in principles]
    return {"@context": CONTEXT, **_provision(provision, type_), "isPartOf": whole, "about": about}


def _common(document: dict, named: Labels) -> dict[str, Any]:
    about = [_term(type_, slug, named) for type_ in ("principle", "topic") for slug in document.get(f"{type_}s", ())]
    return {
        "name": document["title"],
        "alternateName": [
            {"@language": n["language"], "@value": n["text"]} for n in document["names"] if n["kind"] != NameKind.PLAIN
        ],
        "description": document["summary"],
        "url": absolute(document["url"]),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": i["scheme"], "value": i["value"]} for i in document["identifiers"]
        ],
        "sameAs": [
            *([document["website"]] if document.get("website") else []),
            *(i["value"] for i in document["identifiers"] if i["scheme"] in (Scheme.ELI, Scheme.URL)),
        ],
        "subjectOf" if document["type"] in (Type.ACTOR, Type.COUNTRY, Type.EVENT) else "about": about,
    }


def _term(type_: str, slug: str, named: Labels) -> dict:
    address = absolute(f"/{PLURALS[Type(type_)]}/{slug}/")
    return {"@id": address, "@type": "DefinedTerm", "name": named.get((type_, slug), slug)}


def _node(type_: str, item: dict) -> dict:
    return {"@id": absolute(f"/{PLURALS[Type(item['type'])]}/{item['slug']}/"), "@type": type_, "name": item["title"]}


def _related(document: dict, *predicates: str) -> list[dict]:
    return [
        {"@id": absolute(f"/{PLURALS[Type(r['type'])]}/{r['slug']}/"), "name": r["title"]}
        for r in document["relations"] if r["predicate"] in predicates
    ]  # fmt: skip


def _work(document: dict) -> dict:
    return {
        "genre": kind_label(document),
        "dateModified": document["updated"],
        "datePublished": _date(leading_date(document)),
        "author": [{"@type": "Organization", "name": document["author"]}] if document.get("author") else [],
        "publisher": [{"@type": "Organization", "name": document["publisher"]}] if document.get("publisher") else
        [_node("Organization", r) for r in document["relations"] if r["predicate"] == "adopted-by"],
        "isPartOf": _related(document, "part-of"),
        "isBasedOn": [document["address"]] if document.get("address") else _related(document, "builds-on", "draws-on"),
        "spatialCoverage": [_country(c["iso2"]) for c in document["countries"]],
        "hasPart": [_provision(p, "CreativeWork") for p in document["provisions"]],
        "license": LICENCE if document["type"] != Type.SOURCE else "",
    }  # fmt: skip


def _legislation(document: dict) -> dict:
    by_event = {d["event"]: _date(d["value"]) for d in reversed(document["dates"])}
    return _work(document) | {
        "legislationType": kind_label(document),
        "legislationIdentifier": [i["value"] for i in document["identifiers"] if i["scheme"] != Scheme.URL],
        "legislationDate": next((by_event[event] for event in PASSED if event in by_event), ""),
        "legislationDateOfApplicability": by_event.get("applied", by_event.get("in-force", "")),
        "legislationPassedBy": [
            _node("Organization", r) for r in document["relations"] if r["predicate"] == "adopted-by"
        ],
        "legislationChanges": _related(document, "revises", "supplements"),
        "legislationRepeals": _related(document, "repeals", "replaces"),
        "hasPart": [_provision(p, "Legislation") for p in document["provisions"]],
    }


def _provision(item: dict, type_: str) -> dict:
    node = {
        "@id": absolute(item["url"]), "@type": type_, "name": item["label"], "headline": item["heading"],
        "description": item["gist"],
    }  # fmt: skip
    return {key: value for key, value in node.items() if value}


def _organization(document: dict) -> dict:
    founded = next((d["value"] for d in document["dates"] if d["event"] in ("established", "launched")), "")
    ended = next((d["value"] for d in document["dates"] if d["event"] == "ended"), "")
    members = [p for p in document["participation"] if p["act"] in ("member", "party", "participant")]
    return {
        "additionalType": kind_label(document),
        "foundingDate": _date(founded),
        "dissolutionDate": _date(ended),
        "member": [_node("Country" if p["type"] == Type.COUNTRY else "Organization", p) for p in members],
        "parentOrganization": _related(document, "part-of"),
    }


def _defined_term(document: dict) -> dict:
    return {
        "termCode": document["slug"],
        "inDefinedTermSet": absolute(f"/{PLURALS[Type(document['type'])]}/"),
        "additionalType": kind_label(document),
    }


def _event(document: dict) -> dict:
    dates = date_parts(leading_date(document))
    ends = ["-".join(f"{part:02}" for part in parts) for parts in dates]
    hosts = [p for p in document["participation"] if p["act"] in ("host", "co-host", "chair", "co-chair")]
    return {
        "additionalType": kind_label(document),
        "startDate": ends[0] if ends else "",
        "endDate": ends[1] if len(ends) > 1 else "",
        "location": {"@type": "Place", "name": document["place"]} if document.get("place") else {},
        "organizer": [_node("Country" if p["type"] == Type.COUNTRY else "Organization", p) for p in hosts],
    }


def _country(iso2: str) -> dict:
    return {"@id": absolute(f"/countries/{iso2}/"), "@type": "Country"}


def _place(document: dict) -> dict:
    codes = (("iso-alpha2", "iso2"), ("iso-alpha3", "iso3"), ("m49", "m49"))
    known = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": document[key]}
        for scheme, key in codes
        if document[key]
    ]
    return {"identifier": known}


def _date(text: str) -> str:
    """The first day, month or year of an EDTF text, as ISO 8601."""
    parts = date_parts(text)
    return "-".join(f"{part:02}" for part in parts[0]) if parts else ""


_KINDS: dict[str, tuple[str, Callable[[dict], dict]]] = {
    Type.ACTOR: ("Organization", _organization),
    Type.PRINCIPLE: ("DefinedTerm", _defined_term),
    Type.TOPIC: ("DefinedTerm", _defined_term),
    Type.LEVEL: ("DefinedTerm", _defined_term),
    Type.EVENT: ("Event", _event),
    Type.COUNTRY: ("Country", _place),
}
