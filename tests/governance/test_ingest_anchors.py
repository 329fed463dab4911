"""Numbers stay with their words when a newer text comes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.ingest.anchors import number
from governance.ingest.blocks import Block, Form
from governance.ingest.residue import propose

OLD = [(1, "rivers join here"), (2, "the mill has wheels"), (3, "nobody counts the swallows"), (4, "rain again")]


def words(*numbers: int) -> list[str]:
    return [dict(OLD)[n] for n in numbers]


@pytest.mark.parametrize(
    ("new", "numbers"),
    [
        (words(1, 2, 3, 4), [1, 2, 3, 4]),
        (["a preface", *words(1, 2, 3, 4)], [5, 1, 2, 3, 4]),
        (words(1, 3, 4), [1, 3, 4]),
        (words(4, 1, 2, 3), [4, 1, 2, 3]),
        ([*words(1), "the mill has four wheels", *words(3, 4)], [1, 2, 3, 4]),
        ([*words(1), "something else altogether", *words(3, 4)], [1, 2, 3, 4]),
        ([*words(1), "new words", "the old mill has wheels", *words(3, 4)], [1, 5, 2, 3, 4]),
        ([*words(1), "new words", "more of them", *words(3, 4)], [1, 5, 6, 3, 4]),
        ([*words(1, 2, 3, 4), "an end"], [1, 2, 3, 4, 5]),
        (["  **Rivers** join here".lower(), *words(2, 3, 4)], [1, 2, 3, 4]),
        (["all", "is", "new", "in", "this", "text"], [1, 2, 3, 4, 5, 6]),
        ([], []),
    ],
)
def test_a_newer_text_is_numbered(new: list[str], numbers: list[int]) -> None:
    assert number(OLD, new) == numbers


def test_a_first_text_is_counted_from_one() -> None:
    assert number([], ["b", "a", "b"]) == [1, 2, 3]


def test_a_number_that_something_cites_is_not_given_to_new_words() -> None:
    assert number(OLD, [*words(1, 2, 3, 4), "an end"], taken={5, 7}) == [1, 2, 3, 4, 8]


def test_gone_numbers_are_not_given_out_again() -> None:
    assert number([(1, "rivers"), (9, "wheels")], ["rivers", "wheels", "rain"]) == [1, 9, 10]


TEXTS = st.lists(st.sampled_from(["rivers", "the mill", "swallows", "rain", "rain again", "wheels"]), max_size=12)


@given(old=TEXTS, new=TEXTS)
def test_numbers_are_unique_and_words_that_stay_keep_theirs(old: list[str], new: list[str]) -> None:
    before = list(enumerate(old, 1))
    numbers = number(before, new)
    assert len(set(numbers)) == len(new)
    after = dict(zip(numbers, new, strict=True))
    if set(old) & set(new):
        for text in set(old) & set(new):
            stayed = sum(after.get(n) == text for n, was in before if was == text)
            assert stayed == min(old.count(text), new.count(text))


def test_running_heads_rules_and_navigation_are_proposed() -> None:
    blocks = [
        "Journal of Mills, p. 3", "words", "---", "**Journal of Mills**, p. 4", "words again", "Journal of Mills, p. 5",
    ]  # fmt: skip
    numbered = [(n, Block(text)) for n, text in enumerate(blocks, 1)] + [(7, Block("Home", Form.FURNITURE))]
    found = {proposal.reason: proposal.numbers for proposal in propose(numbered, frozenset())}
    assert found == {"repeated": (1, 4, 6), "rule": (3,), "furniture": (7,)}
    assert propose(numbered, frozenset({1, 3, 4, 6, 7})) == []


def test_long_paragraphs_that_come_back_are_text() -> None:
    assert propose([(n, Block("word " * 100)) for n in range(1, 6)], frozenset()) == []
