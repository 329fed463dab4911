"""The search page and the suggestions while typing."""

from typing import TypeVar

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

Answer = TypeVar("Answer", bound=HttpResponse)
MOST_SUGGESTED = 6


@require_safe
def search_page(request: HttpRequest) -> HttpResponseBase:
    """`/search/`: everything, found by words and narrowed by facets; the same as data where data is asked for."""
    if data.wants_data(request):
        return exports.twin(request)
    wanted = SearchRequest.read(request.GET)
    try:
        results, beginning = find(wanted), _beginning(wanted)
    except QueryLimit as limit:
        return _unanswered(request, wanted, str(limit), 400)
    except Busy as problem:
        response = _unanswered(request, wanted, str(problem.apology), 503)
        response["Retry-After"] = str(problem.retry_after)
        return response
    page = SearchPage(wanted, request.GET, results, beginning or [])
    if wanted.page > page.pages:
        raise Http404(how_many_pages(page.pages))
    response = render(request, "search/results.html", {"search": page, "wanted": wanted})
    return api.untagged(_forgotten(response, beginning), page)


def _beginning(wanted: SearchRequest) -> list[Suggestion] | None:
    """Names that begin with what was typed: what a browser without scripts was not offered while typing."""
    return _suggested(wanted.q, MOST_SUGGESTED) if wanted.q and wanted.page == 1 else []


def _suggested(text: str, most: int) -> list[Suggestion] | None:
    """Suggestions, or None where they are not to be had now: nothing else has to wait for them."""
    try:
        return suggest(text, most)
    except (Busy, QueryLimit):
        return None


def _forgotten(response: Answer, found: list[Suggestion] | None) -> Answer:
    """Nobody keeps an answer without the suggestions that were not to be had: the next time they may be."""
    if found is None:
        response["Cache-Control"] = "no-store"
    return response


def _unanswered(request: HttpRequest, wanted: SearchRequest, message: str, status: int) -> HttpResponse:
    return render(request, "search/results.html", {"wanted": wanted, "fault": message}, status=status)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """`/search/suggest/?q=`: names that begin with what is typed, as JSON."""
    found = _suggested(request.GET.get("q", ""), api.SUGGESTIONS)
    rows = [api.suggestion(item) | {"url": localised(item.url)} for item in found or []]
    answer = {"query": request.GET.get("q", ""), "suggestions": rows}
    return _forgotten(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}), found)
