"""Finding, as pages and the API do it: read the query, have the index up to date, search, and show only what is public."""

import logging

from governance.models import Change, Record
from search.engines import IndexUnusable, get_engine
from search.parser import parse
from search.request import SearchRequest
from search.results import Results, Suggestion
from search.sync import heal, try_to_catch_up

log = logging.getLogger(__name__)
ATTEMPTS = 3


def find(request: SearchRequest) -> Results:
    """Answer a request. Raises QueryLimit when it costs too much, Busy when the index is being built for too long."""
    parsed = parse(request.q)
    results = _current(lambda: get_engine().search(request, parsed))
    return _public(results).saying(*parsed.notices)


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """Names to go to while typing; only of records that the public may see."""
    _current(lambda: get_engine().status())
    return get_engine().suggest(text[:100], limit)


def _current(ask):
    """Ask the engine, and ask again after bringing the index up to date when it was behind."""
    for attempt in range(ATTEMPTS):
        try:
            answer = ask()
        except IndexUnusable as problem:
            heal(problem)
            continue
        if answer.position == Change.objects.head() or attempt:
            return answer
        try_to_catch_up()
    return ask()


def _public(results: Results) -> Results:
    """Leave out what is no longer public: when the index could not be brought up to date, it must not tell of it."""
    ids = {hit.record for hit in results.hits}
    public = set(Record.objects.visible_to(None).filter(pk__in=ids).values_list("pk", flat=True))
    if ids <= public:
        return results
    hits = [hit for hit in results.hits if hit.record in public]
    return results.without_hidden(hits)
