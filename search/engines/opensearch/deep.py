"""Pages far down, where OpenSearch wants to be told what the page before ended with.

https://docs.opensearch.org/2.19/search-plugins/searching-data/paginate/#the-search_after-parameter
"""

import hashlib
import json
import time
from collections import OrderedDict
from threading import RLock
from typing import Any

from django.utils.translation import gettext as _

from search.engines.opensearch.reader import Query, Reader
from search.query import QueryLimit

DEEPEST = 10_000  # hits that can be asked for by their number
MOST_KEPT = 500
LIMIT = 4.0  # seconds


class Deep:
    """Remembers where pages ended, so that who turns them one by one does not begin at the top each time."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._ends: OrderedDict[tuple[str, int], list[Any]] = OrderedDict()

    def page(self, reader: Reader, body: Query, start: int, size: int) -> list[dict[str, Any]]:
        """The hits from `start` on; raises QueryLimit when it takes too long to get there."""
        asked = {name: body[name] for name in ("query", "post_filter", "sort", "track_scores", "_source")}
        asked["track_total_hits"] = False
        name = hashlib.sha256(f"{reader.state.index}{reader.state.seen}{json.dumps(asked)}".encode()).hexdigest()
        place, after = self._nearest(name, start)
        end = time.monotonic() + LIMIT
        while place < start:
            step = min(DEEPEST, start - place)
            hits = self._next(reader, asked | {"_source": False}, after, step)
            if len(hits) < step:
                return []
            place, after = place + step, hits[-1]["sort"]
            self._keep(name, place, after)
            if time.monotonic() > end:
                raise QueryLimit(_("This page is too far down; narrow the search, or sort it the other way."))
        hits = self._next(reader, asked, after, size)
        if hits:
            self._keep(name, start + len(hits), hits[-1]["sort"])
        return hits

    @staticmethod
    def _next(reader: Reader, asked: Query, after: list[Any], size: int) -> list[dict[str, Any]]:
        return reader.search(asked | {"size": size} | ({"search_after": after} if after else {}))["hits"]["hits"]

    def _nearest(self, name: str, start: int) -> tuple[int, list[Any]]:
        with self._lock:
            places = [place for kept, place in self._ends if kept == name and place <= start]
            return (max(places), self._ends[name, max(places)]) if places else (0, [])

    def _keep(self, name: str, place: int, after: list[Any]) -> None:
        with self._lock:
            self._ends[name, place] = after
            self._ends.move_to_end((name, place))
            while len(self._ends) > MOST_KEPT:
                self._ends.popitem(last=False)
