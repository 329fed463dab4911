"""Finding, as pages and the API do it: with the index up to date, and showing only what is public."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from governance.models import Change, Record
from search.engines import Busy, IndexUnusable, get_engine
from search.parser import parse
from search.request import SearchRequest
from search.results import Results, Suggestion
from search.sync import heal, try_to_catch_up

ATTEMPTS = 3
LONGEST_START = 100
Answer = TypeVar("Answer")


def find(request: SearchRequest) -> Results:
    """Answer a request. Raises QueryLimit when it costs too much, Busy when the index is being built for too long."""
    parsed = parse(request.q)
    results = _up_to_date(lambda: get_engine().search(request, parsed))
    behind = not Change.objects.reached_by(results.position)
    return replace(_public(results), behind=behind).saying(*request.notices, *parsed.notices)


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """Names to go to while typing; only of records that the public may see, so none while the index is behind and
    cannot be brought forward in time: raises Busy then."""
    return _up_to_date(lambda: get_engine().suggest(text[:LONGEST_START], limit), strictly=True)


def _up_to_date(ask: Callable[[], Answer], strictly: bool = False) -> Answer:
    """Ask the engine once its index says what the database says; an unusable index is made anew. Raises Busy where it
    cannot be, or is damaged again and again; `strictly`, where it stays behind as well."""
    for _attempt in range(ATTEMPTS):
        try:
            is_level = Change.objects.reached_by(get_engine().status().position) or try_to_catch_up()
            if strictly and not is_level:
                raise Busy("the search index is behind")
            return ask()
        except IndexUnusable as problem:
            heal(problem)
    try:
        return ask()
    except IndexUnusable as problem:
        raise Busy(str(problem)) from problem


def _public(results: Results) -> Results:
    """Leave out what is no longer public: when the index could not be brought up to date, it must not tell of it."""
    ids = {hit.record for hit in results.hits}
    public = set(Record.objects.visible_to(None).filter(pk__in=ids).values_list("pk", flat=True))
    if ids <= public:
        return results
    hits = [hit for hit in results.hits if hit.record in public]
    return results.without_hidden(hits)
