"""`GET /api/v1/search/`: search results as JSON, in the shape that the interface promises."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import data
from search.engines import Busy
from search.finding import find
from search.page import SearchPage
from search.query import QueryLimit
from search.request import SearchRequest
from search.results import Hit

Answer = TypeVar("Answer", bound=HttpResponseBase)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer with results, or 400 that names what is wrong, 404 past the last page, 503 while the index is built."""
    wanted = SearchRequest.read(request.GET)
    if wanted.problems:
        return data.error("invalid", _("The query cannot be used as it is."), 400, wanted.problems)
    try:
        page = SearchPage(wanted, request.GET, find(wanted))
    except QueryLimit as limit:
        return data.error("invalid", str(limit), 400, {"q": str(limit)})
    except Busy as problem:
        return data.error("busy", str(problem.apology), 503)
    if wanted.page > page.pages:
        return data.error("not-found", _("There are %d pages.") % page.pages, 404, {"page": str(page.pages)})
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
