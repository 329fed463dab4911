"""What differs between two documents of a record, field by field, and how two edits of one text are brought together.

Both work on the compact form, where a value's evidence is part of it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from governance.knowledge import compact
from governance.knowledge.form import LISTS

# What makes a row the same row in both documents; then, for what is left over, what makes it a corrected one.
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "names": (("text", "language"), ("kind", "language")),
    "identifiers": (("scheme", "value"), ("scheme",)),
    "dates": (("event", "value"), ("event",)),
    "relations": (("predicate", "to"), ("to",)),
    "participation": (("party", "act"), ("party",)),
    "provisions": (("slug",), ("label",)),
    "principles": (("slug",), ("slug",)),
    "topics": (("slug",), ("slug",)),
    "caveats": (("kind", "text"), ("kind", "field")),
}


@dataclass(frozen=True)
class Difference:
    """One field or row that differs: its place in the document, and what stood there before and after (or None).

    `moved` rows say the same and only stand elsewhere in their list.
    """

    place: str
    before: Any
    after: Any
    moved: bool = False

    @property
    def field(self) -> str:
        return self.place.split("/")[1]


def differences(before: dict, after: dict) -> list[Difference]:
    """List what differs between two documents, in either form, in the order of the document."""
    old, new = compact(before) if before else {}, compact(after) if after else {}
    return list(_differences(old, new))


def _differences(old: dict, new: dict) -> Iterator[Difference]:
    scalars = [key for key in dict.fromkeys([*new, *old]) if key not in LISTS and key != "type"]
    for key in scalars:
        if old.get(key) != new.get(key):
            yield Difference(f"/{key}", old.get(key), new.get(key))
    for key in LISTS:
        yield from _rows(key, old.get(key) or [], new.get(key) or [])


def _rows(key: str, old: list[dict], new: list[dict]) -> Iterator[Difference]:
    pairs = pair(key, old, new)
    order = [pairs[n] for n in range(len(new)) if n in pairs]
    stayed = _rising(order)
    for n, row in enumerate(new):
        place = f"/{key}/{n}"
        if n not in pairs:
            yield Difference(place, None, row)
        elif old[pairs[n]] != row:
            yield Difference(place, old[pairs[n]], row)
        elif pairs[n] not in stayed:
            yield Difference(place, row, row, moved=True)
    gone = set(range(len(old))) - set(pairs.values())
    for n in sorted(gone):
        yield Difference(f"/{key}/{n}", old[n], None)


def pair(key: str, old: list[dict], new: list[dict]) -> dict[int, int]:
    """Find for each new row the old one it is: `{index in new: index in old}`."""
    pairs: dict[int, int] = {}
    same, corrected = KEYS[key]
    _match(old, new, pairs, repr)
    for fields in (same, corrected):
        _match(old, new, pairs, partial(_key, fields=fields))
    return pairs


def _key(row: dict, fields: tuple[str, ...]) -> tuple:
    return tuple(row.get(field) for field in fields)


def _match(old: list[dict], new: list[dict], pairs: dict[int, int], key: Callable[[dict], Any]) -> None:
    free: dict[Any, list[int]] = {}
    taken = set(pairs.values())
    for n, row in enumerate(old):
        if n not in taken:
            free.setdefault(key(row), []).append(n)
    for n, row in enumerate(new):
        if n not in pairs and free.get(key(row)):
            pairs[n] = free[key(row)].pop(0)


def _rising(numbers: list[int]) -> set[int]:
    """The longest run of numbers that rise: rows that kept their order while others moved around them."""
    lasts: list[int] = []  # of the best run of each length
    runs: list[list[int]] = []
    for number in numbers:
        length = bisect_left(lasts, number)
        run = [*(runs[length - 1] if length else []), number]
        lasts[length : length + 1], runs[length : length + 1] = [number], [run]
    return set(runs[-1] if runs else [])


def merge(base: dict, mine: dict, theirs: dict) -> tuple[dict, list[Difference]]:
    """Bring two edits of `base` together, field by field and list by list, all in the compact form.

    What only one side changed is taken from that side; what both changed stays as `mine` and is listed, with `theirs`
    as the state before.
    """
    merged: dict[str, Any] = {}
    clashes: list[Difference] = []
    for key in dict.fromkeys([*mine, *theirs, *base]):
        here, there, before = mine.get(key), theirs.get(key), base.get(key)
        if here == there or there == before:
            value = here
        elif here == before:
            value = there
        else:
            value = here
            clashes += _rows(key, there or [], here or []) if key in LISTS else [Difference(f"/{key}", there, here)]
        if value not in (None, [], ""):
            merged[key] = value
    return merged, clashes
