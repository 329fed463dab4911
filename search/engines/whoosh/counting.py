"""The filters of a request as masks, and the facets: each counted without its own choice."""

import numpy as np

from governance import m49
from search.engines.whoosh.fields import RECORDS, FieldValues
from search.engines.whoosh.snapshot import Snapshot
from search.filing import FACETS
from search.request import SearchRequest
from search.results import Count

YEAR = "year"
_AROUND = {region for _name, region in m49.SUBREGIONS.values()}
FARTHEST = 2200  # an open end is not counted year by year


class Filtering:
    """The masks of one request over one snapshot."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest) -> None:
        self.snapshot = snapshot
        values = FieldValues(snapshot)
        self.masks = {name: values.having(name, chosen) for name, chosen in request.filters.items()}
        if request.year_min is not None or request.year_max is not None:
            self.masks[YEAR] = values.years(request.year_min, request.year_max)
        if request.in_force_on:
            self.masks["in_force_on"] = values.in_force_on(request.in_force_on)

    def mask(self, leave_out: str = "") -> np.ndarray:
        """Documents that pass every filter but one."""
        kept = [mask for name, mask in self.masks.items() if name != leave_out]
        return np.logical_and.reduce([self.snapshot.live, *kept])

    def counts(self, matching: np.ndarray) -> dict[str, list[Count]]:
        """The facets of the documents that match the words."""
        everything = self.mask() & matching
        facets = {}
        for name in (*FACETS, YEAR):
            among = self.mask(name) & matching if name in self.masks else everything
            facets[name] = self._years(among) if name == YEAR else self._values(name, among)
        return facets

    def _values(self, name: str, among: np.ndarray) -> list[Count]:
        pairs, values = self.snapshot.facets[name], self.snapshot.codes.values[name]
        counts = np.bincount(pairs.codes[among[pairs.ids]], minlength=len(values))
        found = [Count(values[code], int(counts[code])) for code in np.flatnonzero(counts)]
        if name == "region":
            found = [count for count in found if count.value not in _AROUND]  # counted in their sub-regions
        if name in RECORDS:  # a filter takes only what the public may see; the index has nothing else
            found = [count for count in found if (name, count.value) in self.snapshot.titles]
        return sorted(found, key=lambda count: (-count.count, count.value))

    def _years(self, among: np.ndarray) -> list[Count]:
        """Documents by year: those with a date that may lie in it."""
        runs = self.snapshot.years
        runs = runs[among[runs[:, 0]]] if runs.size else runs
        if not runs.size:
            return []
        ends = np.concatenate([runs[:, 1], runs[:, 2]])
        ends = ends[(ends > 0) & (ends < FARTHEST)]
        if not ends.size:
            return []
        first, last = int(ends.min()), int(ends.max())
        begun = np.bincount(np.clip(runs[:, 1], first, last + 1) - first, minlength=last - first + 2)
        over = np.bincount(np.clip(runs[:, 2] + 1, first, last + 1) - first, minlength=last - first + 2)
        counts = np.cumsum(begun - over)[: last - first + 1]
        return [Count(str(first + n), int(counts[n])) for n in reversed(np.flatnonzero(counts > 0))]
