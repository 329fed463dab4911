"""What a snapshot keeps in memory: bounded, made once, and never written to."""

import numpy as np
import pytest

from search.engines.whoosh.kept import Kept

BIG = np.zeros(4000, dtype=np.uint8)


def single(array: np.ndarray) -> tuple[np.ndarray]:
    return (array,)


def test_what_was_not_asked_for_the_longest_goes_first():
    kept, made = Kept(12_000), []

    def ask(key: str) -> None:
        kept.get(key, lambda: made.append(key) or BIG.copy(), single)

    for key in ("one", "two", "one", "three", "one", "two"):
        ask(key)
    assert made == ["one", "two", "three", "two"]
    assert kept.bytes <= kept.most


def test_what_is_larger_than_all_there_is_room_for_is_made_each_time():
    kept = Kept(100)
    assert kept.get("one", BIG.copy, single) is not kept.get("one", BIG.copy, single)
    assert kept.bytes == 0


def test_nobody_writes_to_what_is_kept():
    found = Kept().get("one", BIG.copy, single)
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1
