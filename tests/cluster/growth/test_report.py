"""Where a curve reaches a limit is read between the sizes that were measured, and guessed beyond them."""

import json
import math

import pytest

from tests.cluster.growth.report import FIGURES, TITLES, reached


def test_between_two_sizes_as_a_straight_line_in_powers() -> None:
    size, power = reached([(100, 1.0), (10_000, 100.0), (100_000, 50.0)], 10.0)
    assert (size, power) == (pytest.approx(1000), pytest.approx(1))


def test_beyond_the_last_size_as_between_the_last_two() -> None:
    size, power = reached([(1, 7.0), (100, 10.0), (10_000, 100.0)], 1000.0)
    assert (size, power) == (pytest.approx(1_000_000), pytest.approx(0.5))


def test_never_where_it_does_not_grow() -> None:
    assert reached([(100, 10.0), (1000, 5.0)], 20.0)[0] == math.inf


def test_the_figures_kept_are_of_the_engines_that_are_told_of() -> None:
    sizes = json.loads(FIGURES.read_text())["sizes"]
    assert sizes
    assert all(set(engines) <= set(TITLES) for engines in sizes.values())
