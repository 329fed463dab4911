"""`field:value` in a query, and the filters of a request: masks over the documents."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from governance.models.vocabulary import PLURALS
from search import identifiers
from search.dates import EARLIEST, LATEST
from search.engines.whoosh.segment import Segment
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
        wanted = frozenset(values)

        def having() -> np.ndarray:
            return self.snapshot.whole(lambda segment: self._having(segment, facet, wanted))

        return self.snapshot.kept.get((facet, wanted), having, lambda mask: (mask,))

    @staticmethod
    def _having(segment: Segment, facet: str, wanted: frozenset[str]) -> np.ndarray:
        codes = [code for code, value in enumerate(segment.values[facet]) if value in wanted]
        column = segment.facets[facet]
        if column.single is not None:
            return np.isin(column.single, [code + 1 for code in codes])
        mask = np.zeros(segment.size, dtype=bool)
        mask[column.owners[np.isin(column.items, codes)]] = True
        return mask

    def years(self, low: int | None, high: int | None) -> np.ndarray:
        """Documents with a date that may lie in the years."""
        first, last = EARLIEST if low is None else low, LATEST if high is None else high

        def within(segment: Segment) -> np.ndarray:
            begins, ends = segment.years.items[::2], segment.years.items[1::2]
            mask = np.zeros(segment.size, dtype=bool)
            mask[segment.years.owners[::2][(begins <= last) & (ends >= first)]] = True
            return mask

        return self.snapshot.whole(within)

    def in_force_on(self, day: date) -> np.ndarray:
        number = day.toordinal()
        return self.snapshot.whole(lambda segment: (segment.force[:, 0] <= number) & (number <= segment.force[:, 1]))

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
        known = list(dict.fromkeys(value for segment in self.snapshot.segments for value in segment.values[facet]))
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
        ids, _ranks = self.snapshot.called(called(text))
        return [self.snapshot.row(int(n))["slug"] for n in ids if self.snapshot.has_type(int(n), type_)]

    def _identified(self, text: str) -> np.ndarray:
        forms = (*identifiers.recognise(text), called(text))
        return self.snapshot.mask(np.concatenate([self.snapshot.called(form)[0] for form in forms]))
