"""Suggestions while typing: names that begin with what is typed, then names with a word that does."""

from bisect import bisect_left
from functools import cached_property

from governance.models.vocabulary import NameKind
from search.engines.whoosh.snapshot import Snapshot
from search.provisions import PROVISION
from search.ranking import TYPE_PRIORS
from search.results import Suggestion
from search.text import words

SHORTEST = 2
MOST_READ = 400  # entries looked at for one answer
_LATER = {NameKind.PLAIN: 2, NameKind.HISTORIC: 1, NameKind.ALIAS: 1}


class Suggester:
    """The names of a snapshot, sorted by each of their words."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def entries(self) -> list[tuple[str, int, int, str, int]]:
        """(from a word on, place of that word, how far off the kind of name is, the name, document)."""
        found = []
        for number in range(self.snapshot.size):
            row = self.snapshot.row(number)
            if self.snapshot.live[number] and row["type"] != PROVISION:
                for text, later in self._names(number, row["title"]):
                    parts = words(text)
                    found += [(" ".join(parts[n:]), n, later, text, number) for n in range(min(len(parts), 8))]
        return sorted(found)

    def _names(self, number: int, title: str) -> list[tuple[str, int]]:
        shown = self.snapshot.shown(number)
        names = {text: _LATER.get(kind, 0) for text, _language, kind in reversed(shown.get("names", []))}
        return list((dict.fromkeys(shown.get("identifiers", []), 0) | names | {title: 0}).items())

    def find(self, text: str, limit: int) -> list[Suggestion]:
        """At most `limit` suggestions, one for each record; none for fewer than two letters."""
        start = " ".join(words(text))
        if len(start) < SHORTEST:
            return []
        place = bisect_left(self.entries, (start,))
        best: dict[int, tuple] = {}
        for entry in self.entries[place : place + MOST_READ]:
            if not entry[0].startswith(start):
                break
            rest, word, later, name, number = entry
            prior = TYPE_PRIORS.get(self.snapshot.row(number)["type"], 0.7)
            value = (rest != start, word > 0, later, -prior, len(name), name)
            best[number] = min(value, best.get(number, value))
        chosen = sorted(best.items(), key=lambda item: item[1])[:limit]
        return [self._suggestion(number, value[-1]) for number, value in chosen]

    def _suggestion(self, number: int, name: str) -> Suggestion:
        row = self.snapshot.row(number)
        return Suggestion(name, row["title"], row["type"], row["url"])
