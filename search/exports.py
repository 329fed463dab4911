"""Search results as files and feeds: what was found, in the formats that every list has.

Tables and references have each record once, at the place of its best hit; a feed has an entry for every hit.
"""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from governance import data
from governance.browse.filters import how_many_pages
from governance.exports import formats, identity, responses
from governance.exports.answers import LARGEST
from governance.exports.formats import Format
from governance.exports.reference import changed
from governance.knowledge import dump_many
from governance.models import Record
from search import api
from search.engines import Busy
from search.finding import find
from search.page import SearchPage
from search.query import QueryLimit
from search.request import SearchRequest
from search.results import Hit, Results


def twin(request: HttpRequest) -> HttpResponseBase:
    """The search page as data, in the format asked for; errors in the one shape."""
    try:
        chosen = formats.wanted(request, formats.LIST)
    except formats.UnknownFormat as error:
        return responses.refused("format", str(error))
    if chosen.name == "json":
        return api.results(request)
    wanted = SearchRequest.read(request.GET)
    if wanted.problems:
        return data.error("invalid", _("The query cannot be used as it is."), 400, wanted.problems)
    try:
        whole = wanted if chosen.name == "atom" else replace(wanted, page=1, page_size=LARGEST)
        results = find(whole)
    except QueryLimit as limit:
        return responses.refused("q", str(limit))
    except Busy as problem:
        return api.busy(problem)
    with translation.override(responses.LANGUAGE):
        return api.untagged(_written(request, chosen, wanted, results), SearchPage(wanted, request.GET, results))


def _written(request: HttpRequest, chosen: Format, wanted: SearchRequest, results: Results) -> HttpResponseBase:
    if chosen.name == "atom":
        return _feed(request, wanted, results)
    records = _records(results.hits)
    if chosen.name == "csv":
        return responses.table("search", records)
    left_out = max(0, results.count - LARGEST)
    return responses.references(chosen, "search", records, len(records) + left_out)


def _records(hits: list[Hit]) -> list[Record]:
    """The records that were found, each once, in the order of their best hits."""
    keys = list(dict.fromkeys(hit.record for hit in hits))
    found = Record.objects.visible_to(None).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _feed(request: HttpRequest, wanted: SearchRequest, results: Results) -> HttpResponseBase:
    pages = max(1, -(-results.count // wanted.page_size))
    if wanted.page > pages:
        return data.error("not-found", how_many_pages(pages), 404, {"page": str(pages)})
    records = _records(results.hits)
    documents = dict(zip((record.pk for record in records), dump_many(records), strict=True))
    slugs = identity.first_slugs(documents)
    entries = [_entry(hit, documents[hit.record], slugs) for hit in results.hits if hit.record in documents]
    newest: datetime = max((changed(document) for _id, document in entries), default=timezone.now())
    paging = responses.Paging(wanted.page, pages, results.count, wanted.page_size)
    return responses.feed(request, f"search: {wanted.q}" if wanted.q else "search", entries, paging, newest)


def _entry(hit: Hit, document: dict, slugs: dict[int, str]) -> tuple[str, dict]:
    """A hit as an entry: a provision or passage under its own title and address, at its record's time."""
    record_id = identity.tag(document["type"], slugs.get(hit.record, document["slug"]))
    if not hit.parent:
        return record_id, document
    title = f"{hit.parent['title']}, {hit.title}"
    part = {**document, "title": title, "url": hit.url, "summary": strip_tags(hit.snippet)}
    return f"{record_id}/{hit.slug}", part
