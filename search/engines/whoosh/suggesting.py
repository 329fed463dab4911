"""Suggestions while typing: names that begin with what is typed, then names with a word that does, then everyday words
for a record."""

from bisect import bisect_left
from collections.abc import Iterator

from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot
from search.names import worth
from search.ranking import TYPE_PRIORS
from search.results import Suggestion
from search.text import words

SHORTEST = 2
MOST_READ = 400  # entries of a segment looked at for one answer


class _Keys:
    """The sorted suggestions of a segment."""

    def __init__(self, segment: Segment) -> None:
        self.text, self.ends, self.table = segment.suggested

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> bytes:
        return self.text[self.ends[place - 1] if place else 0 : self.ends[place]]


def suggest(snapshot: Snapshot, text: str, limit: int) -> list[Suggestion]:
    """At most `limit` suggestions, one for each record; none for fewer than two letters."""
    start = " ".join(words(text))
    if len(start) < SHORTEST:
        return []
    best: dict[int, tuple] = {}
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=False):
        for inner, value in _beginning(segment, start):
            number = base + inner
            if snapshot.live[number]:
                best[number] = min(value, best.get(number, value))
    chosen = sorted(best.items(), key=lambda item: item[1])[:limit]
    return [_suggestion(snapshot.row(number), value[-1]) for number, value in chosen]


def _beginning(segment: Segment, start: str) -> Iterator[tuple[int, tuple]]:
    """Documents with how good a suggestion each is: the lesser the better, the name last."""
    keys, types, values = _Keys(segment), segment.facets["type"], segment.values["type"]
    begin = start.encode()
    place = bisect_left(keys, begin)  # type: ignore[arg-type]
    for number in range(place, min(place + MOST_READ, len(keys))):
        rest, _zero, name = keys[number].partition(b"\0")
        if not rest.startswith(begin):
            break
        word, later, document = keys.table[number].tolist()
        codes = types.items[types.starts[document] : types.starts[document + 1]].tolist()
        prior = max((TYPE_PRIORS.get(values[code], 0.7) for code in codes), default=0.7)
        yield document, worth(name.decode(), later, prior, rest == begin, word == 0)


def _suggestion(row: dict, name: str) -> Suggestion:
    return Suggestion(name, row["title"], row["type"], row["url"])
