"""How rare what is asked for is."""

import json

from search.engines.opensearch.reader import Query, Reader


class Rarities:
    """What is not known yet is noted, to be counted in one go."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.counts: dict[str, int] = {}
        self.wanted: dict[str, Query] = {}

    def of(self, query: Query, otherwise: Query | None = None) -> float:
        """The weight of what passes a query, or another where nothing does; 1 as long as that is not known."""
        count = self._count(query)
        other = count if otherwise is None or otherwise == query else self._count(otherwise)
        return 1.0 if count is None or other is None else self.reader.rarity(count or other)

    def is_any(self, query: Query) -> bool:
        """Does anything pass a query? As long as that is not known, yes."""
        return self._count(query) != 0

    def _count(self, query: Query) -> int | None:
        name = json.dumps(query, sort_keys=True)
        if name not in self.counts:
            self.wanted[name] = query
        return self.counts.get(name)

    def settle(self) -> None:
        """Count what was asked for."""
        names, queries = list(self.wanted), list(self.wanted.values())
        counts = self.reader.count(queries) if queries else []
        self.counts |= dict(zip(names, counts, strict=True))
        self.wanted = {}
