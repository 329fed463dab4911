"""The search page and the suggestions while typing."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance import data
from governance.browse.filters import how_many_pages
from governance.locales import localised
from search import api, exports
from search.engines import Busy
from search.finding import find, suggest
from search.page import SearchPage
from search.query import QueryLimit
from search.request import SearchRequest
from search.results import Suggestion

MOST_SUGGESTED = 6


@require_safe
def search_page(request: HttpRequest) -> HttpResponseBase:
    """`/search/`: everything, found by words and narrowed by facets; the same as data where data is asked for."""
    if data.wants_data(request):
        return exports.twin(request)
    wanted = SearchRequest.read(request.GET)
    try:
        page = SearchPage(wanted, request.GET, find(wanted), _beginning(wanted))
    except QueryLimit as limit:
        return _unanswered(request, wanted, str(limit), 400)
    except Busy as problem:
        response = _unanswered(request, wanted, str(problem.apology), 503)
        response["Retry-After"] = str(problem.retry_after)
        return response
    if wanted.page > page.pages:
        raise Http404(how_many_pages(page.pages))
    response = render(request, "search/results.html", {"search": page, "wanted": wanted})
    return api.untagged(response, page)


def _beginning(wanted: SearchRequest) -> list[Suggestion]:
    """Names that begin with what was typed: what a browser without scripts was not offered while typing."""
    return suggest(wanted.q, MOST_SUGGESTED) if wanted.q and wanted.page == 1 else []


def _unanswered(request: HttpRequest, wanted: SearchRequest, message: str, status: int) -> HttpResponse:
    return render(request, "search/results.html", {"wanted": wanted, "fault": message}, status=status)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """`/search/suggest/?q=`: names that begin with what is typed, as JSON."""
    try:
        found = suggest(request.GET.get("q", ""))
    except Busy:
        found = []
    rows = [api.suggestion(item) | {"url": localised(item.url)} for item in found]
    return JsonResponse(
        {"query": request.GET.get("q", ""), "suggestions": rows}, json_dumps_params={"ensure_ascii": False}
    )
