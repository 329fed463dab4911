"""The filters of a request, and the facets: each counted without its own choice."""

import numpy as np

from governance import m49
from search.engines.whoosh.fields import RECORDS, FieldValues
from search.engines.whoosh.snapshot import Snapshot
from search.request import YEAR, SearchRequest
from search.results import Count

_AROUND = {region for _name, region in m49.SUBREGIONS.values()}
FARTHEST = 2200  # an open end is not counted year by year


class Filtering:
    """The filters of one request over one snapshot, as masks over all documents."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest) -> None:
        self.snapshot, self.wanted = snapshot, request.facets
        values = FieldValues(snapshot)
        self.masks = {name: values.having(name, chosen) for name, chosen in request.filters.items()}
        if request.year_min is not None or request.year_max is not None:
            self.masks[YEAR] = values.years(request.year_min, request.year_max)
        if request.in_force_on:
            self.masks["in_force_on"] = values.in_force_on(request.in_force_on)

    def passing(self, ids: np.ndarray, leave_out: str = "") -> np.ndarray | slice:
        """Where those of some documents stand that pass every filter but one."""
        masks = [mask[ids] for name, mask in self.masks.items() if name != leave_out]
        return np.flatnonzero(np.logical_and.reduce(masks)) if masks else slice(None)

    def counts(self, matching: np.ndarray, passing: np.ndarray) -> dict[str, list[Count]]:
        """The facets that were asked for; `matching`: documents that match the words, `passing`: and the filters."""
        facets = {}
        for name in self.wanted:
            ids = matching[self.passing(matching, name)] if name in self.masks else passing
            facets[name] = self._years(ids) if name == YEAR else self._values(name, ids)
        return facets

    def _values(self, name: str, ids: np.ndarray) -> list[Count]:
        totals: dict[str, int] = {}
        for segment, _span, inner in self.snapshot.parts(ids):
            column, values = segment.facets[name], segment.values[name]
            if not values:
                continue
            codes = column.single[inner] if column.single is not None else column.of(inner)[0] + 1
            counts = np.bincount(codes, minlength=len(values) + 1)[1:]
            some = np.flatnonzero(counts)
            for code, count in zip(some.tolist(), counts[some].tolist(), strict=True):
                totals[values[code]] = totals.get(values[code], 0) + count
        found = [Count(value, count) for value, count in totals.items()]
        if name == "region":
            found = [count for count in found if count.value not in _AROUND]  # counted in their sub-regions
        if name in RECORDS:  # a filter takes only what the public may see; the index has nothing else
            found = [count for count in found if self.snapshot.titled(name, count.value) is not None]
        return sorted(found, key=lambda count: (-count.count, count.value))

    def _years(self, ids: np.ndarray) -> list[Count]:
        """Documents by year: those with a date that may lie in it."""
        parts = [segment.years.of(inner)[0] for segment, _span, inner in self.snapshot.parts(ids)]
        runs = np.concatenate(parts).reshape(-1, 2) if parts else np.zeros((0, 2), dtype=np.int32)
        ends = runs[(runs > 0) & (runs < FARTHEST)]
        if not ends.size:
            return []
        first, last = int(ends.min()), int(ends.max())
        begun = np.bincount(np.clip(runs[:, 0], first, last + 1) - first, minlength=last - first + 2)
        over = np.bincount(np.clip(runs[:, 1] + 1, first, last + 1) - first, minlength=last - first + 2)
        counts = np.cumsum(begun - over)[: last - first + 1]
        return [Count(str(first + n), int(counts[n])) for n in reversed(np.flatnonzero(counts > 0))]
