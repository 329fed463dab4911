"""A cell that goes out comes back the same, and starts no formula on the way."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.importing.cells import guard, text, tidy, unguard
from governance.importing.directory import join, split


@given(st.text())
@example("=1+1")
@example("'=1+1")
@example("''")
@example(" =1+1")
@example("+49 30")
def test_what_is_guarded_comes_back(value: str) -> None:
    assert unguard(guard(value)) == value


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text())
def test_a_guarded_cell_starts_no_formula(first: str, rest: str) -> None:
    assert guard(first + rest).startswith("'")


@pytest.mark.parametrize("value", ["'s-Hertogenbosch", "Côte d'Ivoire", "plain", ""])
def test_an_apostrophe_that_no_export_wrote_stays(value: str) -> None:
    assert unguard(value) == value


@given(st.lists(st.text(st.characters(exclude_characters="\n\\", exclude_categories=["C", "Z"]), min_size=1)))
def test_a_list_in_one_cell_comes_apart_as_it_was_put_together(parts: list[str]) -> None:
    assert split(join(parts)) == parts


def test_invisible_and_odd_spaces_are_made_plain() -> None:
    assert tidy("\ufeffLabour\u00a0 agreement\u200b \x07") == "Labour agreement"
    assert text(2018.0) == "2018"
