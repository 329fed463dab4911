"""From a request for data to its answer: the format chosen, the documents written in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from governance import data
from governance.browse.listing import Listing
from governance.exports import bibtex, csl, formats, identity, jsonld, responses, ris, states
from governance.exports.formats import Format
from governance.exports.reference import describe, labels
from governance.exports.responses import LANGUAGE
from governance.knowledge import dump, dump_many
from governance.models import Record

LARGEST = 1000  # entries of a list in one file; CSV, which is streamed, has them all


def of_record(request: HttpRequest, record: Any, provision: str = "") -> HttpResponse:
    """The data twin of a record, or of one of its provisions; `?at=` gives the state of an earlier day."""
    try:
        chosen = formats.wanted(request, formats.RECORD)
    except formats.UnknownFormat as error:
        return responses.refused("format", str(error))
    with translation.override(LANGUAGE):
        found = _document(request, record)
        if isinstance(found, HttpResponse):
            return found
        item = next((p for p in found.get("provisions", ()) if p["slug"] == provision), None) if provision else None
        if provision and item is None:
            return data.error("not-found", _("This instrument has no such provision here."), 404)
        return _record_as(chosen, found, item)


def _document(request: HttpRequest, record: Any) -> dict | HttpResponse:
    if "at" not in request.GET:
        return dump(record)
    try:
        day = datetime.strptime(request.GET["at"], "%Y-%m-%d").date()
    except ValueError:
        return responses.refused("at", _("This is a day, written 2026-05-03."))
    if day > timezone.now().date():
        return data.error("not-found", _("This day is still to come."), 404)
    revision = states.state_on(record, day)
    if revision is None:
        first = states.first_day(record)
        message = _("This record was not public at the end of that day.")
        return data.error("not-found", message, 404, {"first": first.isoformat()} if first else {})
    return states.document_of(record, revision)


def _record_as(chosen: Format, document: dict, provision: dict | None) -> HttpResponse:
    if chosen.name == "json":
        return data.answer(_provision(document, provision) if provision else document)
    if chosen.name == "jsonld":
        response = data.answer(jsonld.of_provision(document, provision) if provision else jsonld.item(document))
        response["Content-Type"] = chosen.media_type
        return response
    reference = describe(document, labels([document]), provision)
    write = {"csl": csl.write, "bib": bibtex.write, "ris": ris.write}[chosen.name]
    return responses.file(chosen, reference.key, write([reference]))


def _provision(document: dict, provision: dict) -> dict:
    parent = {key: document[key] for key in ("type", "slug", "title", "url")}
    return {"type": "provision", **provision, "parent": parent, "updated": document["updated"]}


def of_list(request: HttpRequest, listing: Listing, title: str | Promise) -> HttpResponseBase:
    """The data twin of a list with its filters: JSON and Atom a page at a time, the others the whole result."""
    try:
        chosen = formats.wanted(request, formats.LIST)
    except formats.UnknownFormat as error:
        return responses.refused("format", str(error))
    if listing.faults:
        return data.error("invalid", _("The query cannot be used as it is."), 400, listing.faults)
    with translation.override(LANGUAGE):
        if chosen.name == "json":
            return data.answer(page_of(listing, lambda number: _page_address(request, number)))
        if chosen.name == "atom":
            return _feed(request, listing, title)
        if chosen.name == "csv":
            return responses.table(str(listing.type), listing.records)
        return responses.references(chosen, str(listing.type), listing.records[:LARGEST], listing.records.count())


def page_of(listing: Listing, address: Callable[[int], str]) -> dict:
    """One page of a list as the interface words it; `address` gives that of another page. Raises Http404."""
    page = listing.page
    records = Record.objects.in_bulk([record.pk for record in page])
    return {
        "count": page.paginator.count,
        "next": address(page.next_page_number()) if page.has_next() else None,
        "previous": address(page.previous_page_number()) if page.has_previous() else None,
        "results": list(dump_many(records[record.pk] for record in page)),
    }


def _page_address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _feed(request: HttpRequest, listing: Listing, title: str | Promise) -> HttpResponse:
    if "ordering" not in request.GET:
        query = listing.data.copy()
        query["ordering"] = "-updated"  # a feed tells what is new
        listing = Listing(listing.filterset.queryset, listing.type, query)
    page = listing.page
    records = Record.objects.in_bulk([record.pk for record in page])
    ordered = [records[record.pk] for record in page]
    slugs = identity.first_slugs(records)
    ids = [identity.tag(record.type, slugs.get(record.pk, record.slug)) for record in ordered]
    newest = listing.records.order_by("-updated").values_list("updated", flat=True).first()
    paging = responses.Paging(page.number, page.paginator.num_pages, page.paginator.count, page.paginator.per_page)
    entries = zip(ids, dump_many(ordered), strict=True)
    return responses.feed(request, str(title), entries, paging, newest or timezone.now())
