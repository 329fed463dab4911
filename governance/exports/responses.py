"""Answers in one format each, of any records in any order: lists and search make theirs with these."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation

from governance import data
from governance.exports import atom, bibtex, csl, csvs, identity, ris
from governance.exports.formats import FORMATS, Format
from governance.exports.reference import SITE, absolute, describe, labels
from governance.knowledge import dump_many
from governance.models import Record

LANGUAGE = "en"  # data is the same in every interface language


@dataclass(frozen=True)
class Paging:
    """Which page of how many, and the totals that a feed tells."""

    number: int
    pages: int
    total: int
    size: int


def table(name: str, records: Iterable[Record]) -> StreamingHttpResponse:
    """CSV, line by line; `name` is that of the file."""
    lines = _in_language(csvs.stream(dump_many(records)))
    response = StreamingHttpResponse(lines, content_type=f"{FORMATS['csv'].content_type}; header=present")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _in_language(parts: Iterator[str]) -> Iterator[str]:
    """Go through `parts` with the language of data active, also after the view has returned."""
    while True:
        with translation.override(LANGUAGE):
            part = next(parts, None)
        if part is None:
            return
        yield part


def references(chosen: Format, name: str, records: Iterable[Record], total: int) -> HttpResponse:
    """BibTeX, RIS or CSL-JSON of the records; says so when `total` is more than they are."""
    documents = list(dump_many(records))
    named = labels(documents)
    described = [describe(document, named) for document in documents]
    remark = ""
    if total > len(documents):
        remark = f"The first {len(documents)} of {total} records; the whole is at {absolute('/data/knowledge.zip')}"
    if chosen.name == "bib":
        text = bibtex.write(described, remark)
    else:
        text = {"csl": csl.write, "ris": ris.write}[chosen.name](described)
    response = file(chosen, name, text)
    response["X-Total-Count"] = str(total)
    if remark:
        response["X-Note"] = remark
    return response


def file(chosen: Format, name: str, text: str) -> HttpResponse:
    """A text in a format, to be saved by a browser where it would not show it."""
    response = HttpResponse(text, content_type=chosen.content_type)
    if chosen.saved:
        response["Content-Disposition"] = f'attachment; filename="{name}.{chosen.name}"'
    return response


def feed(
    request: HttpRequest, title: str, entries: Iterable[tuple[str, dict]], paging: Paging, updated: datetime
) -> HttpResponse:
    """An Atom feed of one page of a list; its id is the list's address without page and language."""
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    made = atom.Feed(
        id=f"tag:{identity.host()},{identity.STARTED}:{_path(request).strip('/')}?{query.urlencode()}",
        title=f"{SITE}: {title}",
        updated=updated,
        links=_links(request, paging),
        total=paging.total,
        start=(paging.number - 1) * paging.size + 1 if paging.total else 0,
        size=paging.size,
    )
    return HttpResponse(atom.write(made, entries), content_type=FORMATS["atom"].content_type)


def _links(request: HttpRequest, paging: Paging) -> dict[str, str]:
    """Addresses by relation; the page for people is the alternate one."""

    def address(number: int, format_: str = "atom") -> str:
        query = request.GET.copy()
        for name, value in (("page", str(number) if number > 1 else ""), ("format", format_)):
            query.pop(name, None)
            if value:
                query[name] = value
        return absolute(_path(request)) + (f"?{query.urlencode()}" if query else "")

    links = {"self": address(paging.number), "alternate": address(paging.number, ""), "first": address(1)}
    if paging.number > 1:
        links["previous"] = address(paging.number - 1)
    if paging.number < paging.pages:
        links["next"] = address(paging.number + 1)
    return links | {"last": address(paging.pages)}


def _path(request: HttpRequest) -> str:
    """The path of this request without the language in front."""
    match = request.resolver_match
    return reverse(match.view_name, args=match.args, kwargs=match.kwargs) if match else request.path


def refused(name: str, message: str) -> HttpResponse:
    """400 for one parameter."""
    return data.error("invalid", message, 400, {name: message})
