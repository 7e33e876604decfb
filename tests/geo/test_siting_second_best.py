"""The best that differs from the best: exact, and different in place."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.siting import Outcome, SitingModel, SitingTask
from geo.siting.second_best import differing, differing_in_group, without

COUNTIES = ("a", "a", "b", "b", "c", None, None)


def case(seed: int, model: SitingModel, p: int, keep: tuple[int, ...] = ()) -> SitingTask:
    chance = np.random.default_rng(seed)
    distances = chance.integers(0, 9, (8, 7)).astype(float)
    weights = chance.integers(0, 5, 8) + 1.0
    return SitingTask(model, distances, weights, 3.0, None if model is SitingModel.LSCP else p, keep)


def value(task: SitingTask, sites: tuple[int, ...]) -> float:
    """The objective, smaller for a better choice; infinite if the sites do not reach everybody in LSCP."""
    nearest = task.distances[:, list(sites)].min(axis=1)
    if task.model is SitingModel.LSCP:
        return len(sites) if (nearest <= task.within).all() else np.inf
    if task.model is SitingModel.MCLP:
        return -float(task.weights[nearest <= task.within].sum())
    return float(task.weights @ nearest) if task.model is SitingModel.P_MEDIAN else float(nearest.max())


def choices(task: SitingTask) -> list[tuple[int, ...]]:
    free = [column for column in range(7) if column not in task.keep]
    numbers = range(len(free) + 1) if task.p is None else [task.p]
    return [(*task.keep, *added) for number in numbers for added in combinations(free, number) if added or task.keep]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(SitingModel), st.integers(1, 4), st.sampled_from([(), (3,)]), st.data())
def test_as_trying_every_choice_shows(
    seed: int, model: SitingModel, p: int, keep: tuple[int, ...], data: st.DataObject
) -> None:
    task = case(seed, model, p, keep)
    first = task.solve()
    if first.outcome is not Outcome.OPTIMAL or len(first.sites) == len(keep):
        return
    added = set(first.sites) - set(keep)
    number = data.draw(st.integers(1, len(added)))
    taken = {COUNTIES[site] for site in added} - {None}
    expected = {
        "sites": [one for one in choices(task) if len(added - set(one)) >= number],
        "groups": [
            one
            for one in choices(task)
            if any(site not in added and COUNTIES[site] not in taken for site in set(one) - set(keep))
        ],
        "without": [one for one in choices(task) if min(added) not in one],
    }
    asked = {
        "sites": differing(task, first, number),
        "groups": differing_in_group(task, first, COUNTIES),
        "without": without(task, min(added)),
    }
    for name, other in asked.items():
        second = other.solve()
        best = min((value(task, one) for one in expected[name]), default=np.inf)
        if best == np.inf:
            assert second.outcome is Outcome.INFEASIBLE
        else:
            assert second.outcome is Outcome.OPTIMAL
            assert value(task, second.sites) == best
            assert tuple(sorted(second.sites)) in {tuple(sorted(one)) for one in expected[name]}


def test_the_second_and_the_third_best_follow_each_other() -> None:
    task = case(3, SitingModel.P_MEDIAN, 2)
    ranked = sorted(value(task, one) for one in choices(task))
    found = []
    for _ in range(4):
        solution = task.solve()
        found.append(solution.objective)
        task = differing(task, solution)
    assert found == pytest.approx(ranked[:4])


def test_what_cannot_differ_is_refused() -> None:
    task = case(1, SitingModel.P_MEDIAN, 6)
    first = task.solve()
    with pytest.raises(ValueError, match="differ in 7"):
        differing(task, first, 7)
    with pytest.raises(ValueError, match="one group"):
        differing_in_group(task, first, ["a"])
    for column in (-1, 7):
        with pytest.raises(ValueError, match="could be added"):
            without(task, column)
    with pytest.raises(ValueError, match="could be added"):
        without(case(1, SitingModel.P_MEDIAN, 2, (3,)), 3)
    with pytest.raises(ValueError, match="too few"):
        without(replace(task, p=7), 0)
    # A demanded one that is left out is no longer demanded.
    assert 2 not in without(replace(task, must=(2,)), 2).solve().sites
