"""The answers of OAI-PMH as XML, valid against http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd."""

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, register_namespace

from governance.exports import oai, xml
from governance.exports.jsonld import LICENCE
from governance.exports.reference import SITE, Labels, absolute, describe, labels
from governance.knowledge import dump_many
from governance.models.vocabulary import Type

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ADMIN = "curators"


def respond(arguments: dict[str, list[str]], now: datetime) -> bytes:
    """Answer a request; every error of the protocol is an answer too."""
    for prefix, namespace in (("", OAI), ("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
        register_namespace(prefix, namespace)
    root = Element(f"{{{OAI}}}OAI-PMH", {f"{{{XSI}}}schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"})
    _add(root, "responseDate", _second(now))
    request = _add(root, "request", absolute("/oai"))
    try:
        read = oai.read(arguments)
        verb = arguments["verb"][0]
        answer = Element(f"{{{OAI}}}{verb}")
        _VERBS[verb](answer, read)
    except oai.Fault as fault:
        if fault.code not in ("badVerb", "badArgument"):
            _say(request, arguments)
        _add(root, "error", fault.message, code=fault.code)
    else:
        _say(request, arguments)
        root.append(answer)
    return xml.write(root)


def _say(request: Element, arguments: dict[str, list[str]]) -> None:
    for name, values in arguments.items():
        request.set(name, xml.clean(values[0]))


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    return xml.add(parent, f"{{{OAI}}}{name}", text, **attributes)


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _identify(answer: Element, arguments: Mapping[str, str]) -> None:
    _add(answer, "repositoryName", SITE)
    _add(answer, "baseURL", absolute("/oai"))
    _add(answer, "protocolVersion", "2.0")
    _add(answer, "adminEmail", f"{ADMIN}@{oai.identity.host()}")
    _add(answer, "earliestDatestamp", _second(oai.earliest() or datetime.now(UTC)))
    _add(answer, "deletedRecord", "persistent")
    _add(answer, "granularity", "YYYY-MM-DDThh:mm:ssZ")


def _formats(answer: Element, arguments: Mapping[str, str]) -> None:
    if "identifier" in arguments:
        oai.get(arguments["identifier"])
    made = _add(answer, "metadataFormat")
    _add(made, "metadataPrefix", oai.PREFIX)
    _add(made, "schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    _add(made, "metadataNamespace", OAI_DC)


def _sets(answer: Element, arguments: Mapping[str, str]) -> None:
    if "resumptionToken" in arguments:
        raise oai.Fault("badResumptionToken", "The list of sets is given whole.")
    for type_ in Type:
        made = _add(answer, "set")
        _add(made, "setSpec", type_.value)
        _add(made, "setName", str(type_.label))


def _identifiers(answer: Element, arguments: Mapping[str, str]) -> None:
    page = oai.harvest(dict(arguments))
    for item in page.items:
        _header(answer, item)
    _token(answer, page)


def _records(answer: Element, arguments: Mapping[str, str]) -> None:
    page = oai.harvest(dict(arguments))
    _write_records(answer, page.items)
    _token(answer, page)


def _record(answer: Element, arguments: Mapping[str, str]) -> None:
    _write_records(answer, [oai.get(arguments["identifier"])])


def _write_records(answer: Element, items: list[oai.Item]) -> None:
    public = [item.record for item in items if not item.deleted]
    documents = list(dump_many(public))
    named = labels(documents)
    by_record = dict(zip((record.pk for record in public), documents, strict=True))
    for item in items:
        record = _add(answer, "record")
        _header(record, item)
        if not item.deleted:
            _dublin_core(_add(record, "metadata"), by_record[item.record.pk], named)


def _header(parent: Element, item: oai.Item) -> None:
    header = _add(parent, "header", **({"status": "deleted"} if item.deleted else {}))
    _add(header, "identifier", item.identifier)
    _add(header, "datestamp", _second(item.at))
    _add(header, "setSpec", item.record.type)


def _token(answer: Element, page: oai.Page) -> None:
    """A token while there is more; at the end of a list that had several pages an empty one."""
    if page.following or page.before:
        token = page.following.token if page.following else ""
        _add(answer, "resumptionToken", token, completeListSize=str(page.total), cursor=str(page.before))


def _dublin_core(parent: Element, document: dict, named: Labels) -> None:
    """Unqualified Dublin Core: https://www.dublincore.org/specifications/dublin-core/dces/"""
    reference = describe(document, named)
    dc = xml.add(parent, f"{{{OAI_DC}}}dc")
    dc.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    official = [n["text"] for n in document["names"] if n["kind"] == "official" and n["text"] != document["title"]]
    dates = ["-".join(f"{part:02}" for part in parts) for parts in reference.dates]
    for name, values in (
        ("title", [document["title"], *official]),
        ("creator", reference.authors),
        ("subject", reference.keywords),
        ("description", [document["summary"]]),
        ("publisher", [reference.body]),
        ("date", ["/".join(dates)]),
        ("type", [reference.kind]),
        ("identifier", [reference.url, *(value for _scheme, value in reference.identifiers)]),
        ("language", ["en"]),
        ("relation", [r["title"] for r in document["relations"] if r["direction"] == "forward"]),
        ("coverage", dict.fromkeys(c["iso2"] for c in document["countries"])),
        ("rights", [LICENCE]),
    ):
        for value in values:
            if value:
                xml.add(dc, f"{{{DC}}}{name}", value)


_VERBS = {
    "Identify": _identify, "ListMetadataFormats": _formats, "ListSets": _sets, "ListIdentifiers": _identifiers,
    "ListRecords": _records, "GetRecord": _record,
}  # fmt: skip
