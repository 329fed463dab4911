"""Which number each paragraph of a new text gets, so that anchors that readers and citations use stay true."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from itertools import count, groupby

from governance.ingest.folding import fold

ALIKE = 0.5  # of the words of two paragraphs together, both have: one is the other's new wording
REACH = 50  # paragraphs looked at for a new wording


def number(old: Sequence[tuple[int, str]], new: Sequence[str], taken: Collection[int] = ()) -> list[int]:
    """The numbers of the `new` paragraphs, given the `old` ones as (number, text) in their order.

    Without old ones, or with nothing of them left, that is 1, 2, 3 … . Else a paragraph whose words are unchanged keeps
    its number wherever it now stands; a new wording keeps the number of what it replaces; any other gets a number that
    was never used, `taken` ones neither.
    """
    before, after = [fold(text) for _, text in old], [fold(text) for text in new]
    origin = _unchanged(before, after)
    origin |= dict(_reworded(before, after, origin))
    if not origin:
        return list(range(1, len(new) + 1))
    fresh = count(max(max(number for number, _ in old), *taken, 0) + 1)
    return [old[origin[place]][0] if place in origin else next(fresh) for place in range(len(new))]


def _unchanged(before: list[str], after: list[str]) -> dict[int, int]:
    """Places of the new text and of the old, where the words are the same; the first to the first, and so on."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for place, text in enumerate(before):
        places[text].append(place)
    return {place: places[text].popleft() for place, text in enumerate(after) if places.get(text)}


def _reworded(before: list[str], after: list[str], origin: dict[int, int]) -> Iterator[tuple[int, int]]:
    """The same for new wordings: what stands, between paragraphs that were kept, where others are gone."""
    gone = set(range(len(before))) - set(origin.values())
    for is_new, run in groupby(range(len(after)), lambda place: place not in origin):
        places = list(run)
        if is_new:
            start = origin[places[0] - 1] + 1 if places[0] else 0
            lost: list[int] = []
            while start + len(lost) in gone:
                lost.append(start + len(lost))
            gone.difference_update(lost)
            yield from _paired(before, after, places, lost)


def _paired(before: list[str], after: list[str], places: list[int], lost: list[int]) -> Iterator[tuple[int, int]]:
    """As many for as many: each in its turn. Else only those that share most of their words."""
    if len(places) == len(lost):
        yield from zip(places, lost, strict=True)
        return
    first = 0
    for old_place in lost:
        for index in range(first, min(first + REACH, len(places))):
            if _alike(before[old_place], after[places[index]]):
                yield places[index], old_place
                first = index + 1
                break


def _alike(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return len(words & others) >= ALIKE * len(words | others)
