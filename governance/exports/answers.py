"""From a request for data to its answer: the format chosen, the documents written in it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from governance import data
from governance.browse.listing import Listing
from governance.exports import atom, bibtex, csl, csvs, formats, identity, jsonld, ris, states
from governance.exports.formats import Format
from governance.exports.reference import SITE, absolute, describe, labels
from governance.knowledge import dump, dump_many
from governance.models import Record

LARGEST = 1000  # entries of a list in one file; CSV, which is streamed, has them all
ALIGNED = "en"  # data is the same in every interface language


def of_record(request: HttpRequest, record: Any, provision: str = "") -> HttpResponse:
    """The data twin of a record, or of one of its provisions; `?at=` gives the state of an earlier day."""
    try:
        chosen = formats.wanted(request, formats.RECORD)
    except formats.UnknownFormat as error:
        return refused("format", str(error))
    with translation.override(ALIGNED):
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
        return refused("at", _("This is a day, written 2026-05-03."))
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
    return _file(chosen, reference.key, write([reference]))


def _provision(document: dict, provision: dict) -> dict:
    parent = {key: document[key] for key in ("type", "slug", "title", "url")}
    return {"type": "provision", **provision, "parent": parent, "updated": document["updated"]}


def of_list(request: HttpRequest, listing: Listing, title: str | Promise) -> HttpResponseBase:
    """The data twin of a list with its filters: JSON and Atom a page at a time, the others the whole result."""
    try:
        chosen = formats.wanted(request, formats.LIST)
    except formats.UnknownFormat as error:
        return refused("format", str(error))
    if listing.faults:
        return data.error("invalid", _("The query cannot be used as it is."), 400, listing.faults)
    with translation.override(ALIGNED):
        if chosen.name == "json":
            return data.answer(page_of(listing, lambda number: _page_address(request, number)))
        if chosen.name == "csv":
            return _table(chosen, str(listing.type), listing)
        if chosen.name == "atom":
            return _feed(chosen, request, listing, title)
        return _references(chosen, str(listing.type), listing)


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


def _table(chosen: Format, name: str, listing: Listing) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        _aligned(csvs.stream(dump_many(listing.records))), content_type=f"{chosen.content_type}; header=present"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _aligned(parts: Iterator[str]) -> Iterator[str]:
    """Go through `parts` with the language of data active, also after the view has returned."""
    while True:
        with translation.override(ALIGNED):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _references(chosen: Format, name: str, listing: Listing) -> HttpResponse:
    documents = list(dump_many(listing.records[:LARGEST]))
    named = labels(documents)
    references = [describe(document, named) for document in documents]
    total = listing.records.count()
    remark = ""
    if total > LARGEST:
        remark = f"The first {LARGEST} of {total} records; the whole is at {absolute('/data/knowledge.zip')}"
    if chosen.name == "bib":
        text = bibtex.write(references, remark)
    else:
        text = {"csl": csl.write, "ris": ris.write}[chosen.name](references)
    response = _file(chosen, name, text)
    response["X-Total-Count"] = str(total)
    if remark:
        response["X-Note"] = remark
    return response


def _file(chosen: Format, name: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type=chosen.content_type)
    if chosen.saved:
        response["Content-Disposition"] = f'attachment; filename="{name}.{chosen.name}"'
    return response


def _feed(chosen: Format, request: HttpRequest, listing: Listing, title: str | Promise) -> HttpResponseBase:
    if "ordering" not in request.GET:
        query = listing.data.copy()
        query["ordering"] = "-updated"  # a feed tells what is new
        listing = Listing(listing.filterset.queryset, listing.type, query)
    page = listing.page
    records = list(Record.objects.filter(pk__in=[r.pk for r in page]))
    slugs = identity.first_slugs(record.pk for record in records)
    by_pk = {record.pk: record for record in records}
    ordered = [by_pk[r.pk] for r in page]
    entries = [
        (identity.tag(record.type, slugs.get(record.pk, record.slug)), document)
        for record, document in zip(ordered, dump_many(ordered), strict=True)
    ]
    newest = listing.records.order_by("-updated").values_list("updated", flat=True).first()
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    feed = atom.Feed(
        id=f"tag:{identity.host()},{identity.STARTED}:{_path(request).strip('/')}?{query.urlencode()}",
        title=f"{SITE}: {title}",
        updated=newest or timezone.now(),
        links=_links(request, page),
        total=page.paginator.count,
        start=page.start_index(),
        size=page.paginator.per_page,
    )
    return HttpResponse(atom.write(feed, entries), content_type=chosen.content_type)


def _links(request: HttpRequest, page: Page) -> dict[str, str]:
    """Addresses by relation; the page of people is the alternate one."""

    def address(number: int, **changed: str) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        query["format"] = "atom"
        if number > 1:
            query["page"] = str(number)
        for name in changed:
            query.pop(name, None)
        return absolute(_path(request)) + (f"?{query.urlencode()}" if query else "")

    links = {"self": address(page.number), "alternate": address(page.number, format=""), "first": address(1)}
    if page.has_previous():
        links["previous"] = address(page.previous_page_number())
    if page.has_next():
        links["next"] = address(page.next_page_number())
    return links | {"last": address(page.paginator.num_pages)}


def _path(request: HttpRequest) -> str:
    """The path of this request without the language in front."""
    match = request.resolver_match
    return reverse(match.view_name, args=match.args, kwargs=match.kwargs) if match else request.path


def refused(name: str, message: str) -> HttpResponse:
    """400 for one parameter."""
    return data.error("invalid", message, 400, {name: message})
