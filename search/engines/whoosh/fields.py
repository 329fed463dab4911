"""`field:value` in a query, and the filters of a request: masks over the documents."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from governance.models.vocabulary import PLURALS
from search import identifiers
from search.dates import EARLIEST, LATEST
from search.engines.whoosh.snapshot import Snapshot
from search.filing import called
from search.query import Fuzzy, Phrase, Prefix, Term
from search.text import fold, key, words

RECORDS = ("level", "principle", "topic", "actor", "country", "source")  # facets whose values are records
_SINGULAR = {plural: str(type_) for type_, plural in PLURALS.items()} | {
    "provisions": "provision",
    "passages": "passage",
}


class FieldValues:
    """Finds documents by the values of their facets, years and identifiers."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def having(self, facet: str, values: Iterable[str]) -> np.ndarray:
        """Documents with any of the values."""
        codes = [self.snapshot.codes.find(facet, value) for value in values]
        pairs = self.snapshot.facets[facet]
        mask = np.zeros(self.snapshot.size, dtype=bool)
        mask[pairs.ids[np.isin(pairs.codes, codes)]] = True
        return mask & self.snapshot.live

    def years(self, low: int | None, high: int | None) -> np.ndarray:
        """Documents with a date that may lie in the years."""
        runs = self.snapshot.years
        first, last = EARLIEST if low is None else low, LATEST if high is None else high
        mask = np.zeros(self.snapshot.size, dtype=bool)
        mask[runs[(runs[:, 1] <= last) & (runs[:, 2] >= first), 0]] = True
        return mask & self.snapshot.live

    def in_force_on(self, day: date) -> np.ndarray:
        number = day.toordinal()
        force = self.snapshot.force
        return self.snapshot.live & (force[:, 0] <= number) & (number <= force[:, 1])

    def find(self, name: str, leaf: Term | Phrase | Prefix | Fuzzy) -> tuple[np.ndarray, str]:
        """Documents for `name:value`, and a notice when the value was taken for another one or there is none."""
        if name == "id":
            return self._identified(leaf.text), ""
        for facet in (name, "kind") if name == "type" else (name,):
            values = self._resolve(facet, leaf)
            if values:
                notice = ""
                if facet != name:
                    notice = _("There is no type “%(value)s”; these are of the kind: %(kinds)s.") % {
                        "value": leaf.text[:40],
                        "kinds": ", ".join(values),
                    }
                return self.having(facet, values), notice
        notice = _("There is no %(field)s “%(value)s”.") % {"field": name, "value": leaf.text[:40]}
        return np.zeros(self.snapshot.size, dtype=bool), notice

    def _resolve(self, facet: str, leaf: Term | Phrase | Prefix | Fuzzy) -> list[str]:
        """The values that `leaf` means: by its slug, by a name of the record, or by words of the slug."""
        known = self.snapshot.codes.values[facet]
        wanted = _SINGULAR.get(fold(leaf.text), fold(leaf.text)) if facet == "type" else fold(leaf.text)
        if isinstance(leaf, Prefix):
            return [value for value in known if fold(value).startswith(wanted)]
        same = [value for value in known if fold(value) == wanted or key(value) == key(wanted)]
        if same:
            return same
        if facet in RECORDS:
            named = self._named(facet, leaf.text)
            if named:
                return named
        asked = set(words(leaf.text))
        return [value for value in known if asked and asked <= set(words(value))]

    def _named(self, type_: str, text: str) -> list[str]:
        found = self.snapshot.posting("exact", called(text))
        rows = (self.snapshot.row(int(number)) for number in found.ids)
        return [row["slug"] for row in rows if row["type"] == type_]

    def _identified(self, text: str) -> np.ndarray:
        mask = np.zeros(self.snapshot.size, dtype=bool)
        for form in (*identifiers.recognise(text), called(text)):
            mask[self.snapshot.posting("exact", form).ids] = True
        return mask
