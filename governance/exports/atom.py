"""An Atom feed (RFC 4287) of a list, paged by links (RFC 5005), with totals (https://github.com/dewitt/opensearch)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, register_namespace

from governance.exports import xml
from governance.exports.reference import SITE, absolute, changed, kind_label

ATOM, OPENSEARCH = "http://www.w3.org/2005/Atom", "http://a9.com/-/spec/opensearch/1.1/"


@dataclass(frozen=True)
class Feed:
    """What the head of a feed says; `links` are addresses by relation (self, alternate, next …)."""

    id: str
    title: str
    updated: datetime
    links: Mapping[str, str]
    total: int
    start: int
    size: int


def write(feed: Feed, entries: Iterable[tuple[str, dict]]) -> bytes:
    """The feed; `entries` are pairs of a lasting id and a full document."""
    register_namespace("", ATOM)
    register_namespace("opensearch", OPENSEARCH)
    root = Element(_(ATOM, "feed"))
    xml.add(root, _(ATOM, "id"), feed.id)
    xml.add(root, _(ATOM, "title"), feed.title)
    xml.add(root, _(ATOM, "updated"), _moment(feed.updated))
    xml.add(xml.add(root, _(ATOM, "author")), _(ATOM, "name"), SITE)
    for relation, address in feed.links.items():
        media_type = "text/html" if relation == "alternate" else "application/atom+xml"
        xml.add(root, _(ATOM, "link"), rel=relation, href=address, type=media_type)
    xml.add(root, _(OPENSEARCH, "totalResults"), str(feed.total))
    xml.add(root, _(OPENSEARCH, "startIndex"), str(feed.start))
    xml.add(root, _(OPENSEARCH, "itemsPerPage"), str(feed.size))
    for id_, document in entries:
        _entry(root, id_, document)
    return xml.write(root)


def _entry(root: Element, id_: str, document: dict) -> None:
    entry = xml.add(root, _(ATOM, "entry"))
    xml.add(entry, _(ATOM, "id"), id_)
    xml.add(entry, _(ATOM, "title"), document["title"])
    xml.add(entry, _(ATOM, "updated"), _moment(changed(document)))
    xml.add(entry, _(ATOM, "link"), rel="alternate", href=absolute(document["url"]), type="text/html")
    for name, value in (("type", document["type"]), ("kind", document["kind"]), ("level", document["level"])):
        if value:
            label = kind_label(document) if name == "kind" else value
            xml.add(entry, _(ATOM, "category"), term=value, scheme=absolute(f"/about/#{name}"), label=label)
    xml.add(entry, _(ATOM, "summary"), document["summary"])


def _(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
