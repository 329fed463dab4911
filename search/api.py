"""`/api/v1/search/` and `/api/v1/suggestions/`: what is found as JSON, in the shape that the interface promises."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from governance import data
from governance.api import parameters as p
from governance.api.base import ReadView, whole
from governance.api.errors import Refused
from governance.browse.filters import how_many_pages
from search import api_shapes as shapes
from search.engines import Busy
from search.finding import LONGEST_START, find, suggest
from search.labels import TYPE_LABELS
from search.page import SearchPage
from search.query import LONGEST, QueryLimit
from search.request import FILTERS, NAMES, SearchRequest
from search.results import Hit, Suggestion

Answer = TypeVar("Answer", bound=HttpResponseBase)
SUGGESTIONS = 8


class SearchResults(ReadView):
    """Everything, found by words and narrowed by facets; the best match first."""

    parameters = tuple(sorted(NAMES - set(FILTERS) - {"format"}))
    repeatable = tuple(FILTERS)

    @extend_schema(
        operation_id="search", tags=["Search"], parameters=[*shapes.PARAMETERS],
        responses=p.answers("SearchPage", 400, 404, 429, 503),
    )  # fmt: skip
    def get(self, request) -> HttpResponse:
        faults = {
            name: _("This has no value; leave the name out.")
            for name, values in request.GET.lists()
            if name != "q" and "" in values
        }
        if len(request.GET.get("q", "")) > LONGEST:
            faults["q"] = _("The search is longer than %d characters; shorten it.") % LONGEST
        if faults:
            raise Refused(faults)
        return results(request)


class Suggestions(ReadView):
    """Names that begin with what is typed, or have a word that does; the best known first."""

    parameters = ("q", "limit")

    @extend_schema(
        operation_id="suggest", tags=["Search"], parameters=[shapes.START, shapes.LIMIT],
        responses=p.answers("SuggestionList", 400, 429, 503),
    )  # fmt: skip
    def get(self, request) -> HttpResponse:
        text = request.GET.get("q", "")
        if len(text) > LONGEST_START:
            raise Refused({"q": _("This is longer than %d characters; shorten it.") % LONGEST_START})
        try:
            found = suggest(text, whole(request, "limit", SUGGESTIONS, shapes.MOST_SUGGESTIONS))
        except QueryLimit as limit:
            return limited(limit)
        except Busy as problem:
            return busy(problem)
        return Response({"query": text, "suggestions": [suggestion(item) for item in found]})


def suggestion(item: Suggestion) -> dict:
    """A suggestion as data: the text that matched, and the record it leads to."""
    return {
        "text": item.text, "title": item.title, "type": item.type, "label": str(TYPE_LABELS[item.type]),
        "url": item.url,
    }  # fmt: skip


def busy(problem: Busy) -> HttpResponse:
    response = data.error("busy", str(problem.apology), 503, {"retry_after": problem.retry_after})
    response["Retry-After"] = str(problem.retry_after)
    return response


def limited(limit: QueryLimit) -> HttpResponse:
    return data.error("invalid", str(limit), 400, {"q": str(limit)})


def results(request: HttpRequest) -> HttpResponse:
    """Answer with results, or 400 that names what is wrong, 404 past the last page, 503 while the index is built."""
    wanted = SearchRequest.read(request.GET)
    if wanted.problems:
        return data.error("invalid", _("The query cannot be used as it is."), 400, wanted.problems)
    try:
        page = SearchPage(wanted, request.GET, find(wanted))
    except QueryLimit as limit:
        return limited(limit)
    except Busy as problem:
        return busy(problem)
    if wanted.page > page.pages:
        return data.error("not-found", how_many_pages(page.pages), 404, {"page": str(page.pages)})
    return untagged(data.answer(document(request, page)), page)


def untagged(response: Answer, page: SearchPage) -> Answer:
    """Keep an answer from an index that is behind from being taken for the current one: give it a tag of its own."""
    if page.results.behind:
        response["ETag"] = f'W/"behind-{page.results.position}"'
    return response


def document(request: HttpRequest, page: SearchPage) -> dict:
    """A page of results as the JSON document of the interface."""
    address = request.build_absolute_uri(request.path)
    return {
        "query": page.request.q,
        "count": page.results.count,
        "next": f"{address}?{page.later}" if page.later else None,
        "previous": f"{address}?{page.earlier}" if page.earlier else None,
        "notices": list(page.results.notices),
        "suggestion": page.results.suggestion,
        "facets": {
            facet.name: [
                {"value": choice.value, "label": choice.label, "count": choice.count, "selected": choice.selected}
                for choice in facet.choices
            ]
            for facet in page.facets
        },
        "results": [_result(hit) for hit in page.results.hits],
    }


def _result(hit: Hit) -> dict:
    result = {
        "type": hit.type, "slug": hit.slug, "title": hit.title, "url": hit.url, "snippet": hit.snippet,
        "score": hit.score, "level": hit.level, "kind": hit.kind, "year": hit.year,
    }  # fmt: skip
    if hit.parent:
        result["parent"] = {name: hit.parent[name] for name in ("type", "slug", "title")}
    return result
