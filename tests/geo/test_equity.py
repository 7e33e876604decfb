"""Evenness is as hand-made cases show, and keeps to its own nature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.accessibility import two_step_floating_catchment
from geo.equity import gini, lorenz


def test_gini_by_hand() -> None:
    assert gini([3, 3, 3], [1, 5, 2]) == 0
    assert gini([0, 1], [1, 1]) == pytest.approx(0.5)
    assert gini([0, 1], [99, 1]) == pytest.approx(0.99)
    assert gini([1, 3], [1, 1]) == pytest.approx(0.25)
    assert gini([0, 0], [1, 1]) is None


def test_the_lorenz_curve_begins_with_those_who_have_least() -> None:
    along, had = lorenz([3, 0, 1], [1, 2, 1])
    assert along.tolist() == [0, 0.5, 0.75, 1]
    assert had.tolist() == [0, 0, 0.25, 1]


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=1, max_size=30))
def test_gini_lies_between_0_and_1_and_does_not_change_with_the_unit(groups: list[tuple[int, int]]) -> None:
    shares, people = np.array(groups, dtype=float).T
    found = gini(shares, people)
    assert found is None or 0 <= found < 1
    if found is not None:
        assert gini(shares * 7, people * 3) == pytest.approx(found, abs=1e-9)
        # A group split in two has no more and no less each.
        assert gini(np.r_[shares, shares], np.r_[people, people]) == pytest.approx(found, abs=1e-9)


@pytest.mark.parametrize(("shares", "people"), [([1], [1, 2]), ([-1], [1]), ([1], [-1]), ([1], [0]), ([], [])])
def test_what_makes_no_sense_is_refused(shares: list[float], people: list[float]) -> None:
    with pytest.raises(ValueError):
        lorenz(shares, people)


def test_floating_catchment_by_hand() -> None:
    # Two places reach the first supply, two the second; the last reaches neither.
    distances = [[1, 9], [4, 4], [9, 1], [9, 9]]
    found = two_step_floating_catchment(distances, [100, 300, 200, 50], [4, 2], 5)
    assert found == pytest.approx([4 / 400, 4 / 400 + 2 / 500, 2 / 500, 0])


def test_without_supply_nobody_reaches_any() -> None:
    assert two_step_floating_catchment(np.empty((3, 0)), [1, 1, 1], [], 5).tolist() == [0, 0, 0]
    assert two_step_floating_catchment([[9.0]], [1], [1], 5).tolist() == [0]


@given(st.integers(0, 10_000))
def test_all_supply_that_is_reached_is_shared_out(seed: int) -> None:
    chance = np.random.default_rng(seed)
    distances, people = chance.uniform(0, 10, (12, 5)), chance.integers(1, 100, 12)
    supply = chance.integers(1, 9, 5)
    found = two_step_floating_catchment(distances, people, supply, 4)
    assert people @ found == pytest.approx(supply[(distances <= 4).any(axis=0)].sum())
