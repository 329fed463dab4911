"""Which number each paragraph of a new text gets, so that anchors that readers and citations use stay true."""

from collections import defaultdict, deque
from collections.abc import Collection, Sequence

from governance.ingest.folding import fold


def number(old: Sequence[tuple[int, str]], new: Sequence[str], taken: Collection[int] = ()) -> list[int]:
    """The numbers of the `new` paragraphs, given the `old` ones as (number, text) in their order.

    Without old ones that is 1, 2, 3 … . Else a paragraph whose words are unchanged keeps its number wherever it now
    stands; one that stands where an old one is gone takes that one's number, as its new wording; any other gets a
    number that was never used, `taken` ones neither.
    """
    texts = [fold(text) for _, text in old]
    places: dict[str, deque[int]] = defaultdict(deque)
    for index, text in enumerate(texts):
        places[text].append(index)
    kept: list[int | None] = [places[folded].popleft() if places.get(folded := fold(text)) else None for text in new]
    free = set(range(len(old))) - {place for place in kept if place is not None}
    following = max([number for number, _ in old] + list(taken), default=0) + 1 if old else 1
    numbers, before = [], -1
    for place in kept:
        if place is None and before + 1 in free:
            place = before + 1
            free.discard(place)
        if place is None:
            numbers.append(following)
            following += 1
        else:
            numbers.append(old[place][0])
            before = place
    return numbers
