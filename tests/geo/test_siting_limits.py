"""Siting with ways that do not exist, and with limits of how many of some candidates are sites: each answer is what a
textbook formulation solved by another interface gives.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.siting import Among, Outcome, Progress, SitingModel, SitingTask
from tests.geo.siting_oracle import textbook_optimum

MODELS = list(SitingModel)


@st.composite
def tasks(draw: st.DrawFn) -> SitingTask:
    """Small tasks with ties, places of no weight, missing ways, all options."""
    demands, candidates = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    cell = st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0, 8.0, np.inf])
    row = st.lists(cell, min_size=candidates, max_size=candidates)
    distances = np.array(draw(st.lists(row, min_size=demands, max_size=demands)))
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=demands, max_size=demands)), dtype=float)
    if not weights.any():
        weights[0] = 1
    kinds = draw(st.lists(st.sampled_from("....kmf"), min_size=candidates, max_size=candidates))
    if kinds.count(".") == 0:
        kinds = ["."] * candidates
    keep, must, forbid = (tuple(index for index, kind in enumerate(kinds) if kind == name) for name in "kmf")
    p = draw(st.integers(max(1, len(must)), candidates - len(keep) - len(forbid)))
    some = st.lists(st.integers(0, candidates - 1), min_size=1, unique=True).map(tuple)
    cut = st.builds(Among, some, st.integers(0, 2), st.none() | st.integers(0, 3))
    model = draw(st.sampled_from(MODELS))
    costs, budget = None, None
    if draw(st.booleans()):
        costs = np.array(draw(st.lists(st.integers(0, 5), min_size=candidates, max_size=candidates)), dtype=float)
        budget = float(costs[list(must)].sum() + costs.max() + draw(st.integers(0, 6)))
    return SitingTask(
        model=model,
        distances=distances,
        weights=weights,
        within=3.0,
        p=None if model is SitingModel.LSCP else p,
        keep=keep,
        must=must,
        forbid=forbid,
        costs=costs,
        budget=budget,
        among=tuple(draw(st.lists(cut, max_size=2))),
        time_limit=20,
    )


def check(task: SitingTask) -> None:
    """The answer is the textbook's, and its sites respect every limit."""
    heard: list[Progress] = []
    found, best = task.solve(heard.append), textbook_optimum(task)
    if best is None:
        assert (found.outcome, found.sites, found.objective) == (Outcome.INFEASIBLE, (), None)
        return
    assert found.outcome is Outcome.OPTIMAL
    assert found.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert {*task.keep, *task.must} <= set(found.sites)
    assert not set(task.forbid) & set(found.sites)
    added = [site for site in found.sites if site not in task.keep]
    if task.budget is not None:
        assert task.costs[added].sum() <= task.budget + 1e-9
    if task.p is not None:
        assert len(added) == task.p if task.budget is None else len(added) <= task.p
    for one in task.among:
        number = len(set(one.columns) & set(found.sites))
        assert one.least <= number <= (number if one.most is None else one.most)
    worse = -1 if task.model is SitingModel.MCLP else 1
    for told in heard:
        assert told.best is None or worse * (told.best - best) >= -1e-6
        assert told.bound is None or worse * (best - told.bound) >= -1e-6
        assert (told.best is None) == (not told.sites)


@settings(max_examples=300, deadline=None)
@given(tasks())
def test_as_the_textbook_solves_it(task: SitingTask) -> None:
    check(task)


def line(model: SitingModel, p: int | None, **more: object) -> SitingTask:
    """Two villages with a river between them, three places each: no way leads across."""
    spots = np.array([0.0, 1.0, 2.0, 10.0, 11.0, 12.0])
    distances = np.abs(spots[:, None] - spots[None])
    distances[distances > 5] = np.inf
    return SitingTask(model, distances, np.array([1.0, 1, 1, 9, 9, 9]), 1.0, p, **more)


@pytest.mark.parametrize("model", [SitingModel.P_MEDIAN, SitingModel.P_CENTER])
def test_sites_are_placed_where_everybody_has_a_way_to_one(model: SitingModel) -> None:
    assert line(model, 2).solve().sites == (1, 4)
    too_few = line(model, 1).solve()
    assert (too_few.outcome, too_few.uncovered) == (Outcome.INFEASIBLE, ())
    cut_off = line(model, 1, forbid=(0, 1, 2)).solve()
    assert (cut_off.outcome, cut_off.uncovered) == (Outcome.INFEASIBLE, (0, 1, 2))


def test_a_place_of_no_weight_needs_no_way_except_to_be_near_everybody() -> None:
    task = replace(line(SitingModel.P_MEDIAN, 1), weights=np.array([0.0, 0, 0, 1, 1, 1]))
    assert task.solve().sites == (4,)
    assert replace(task, model=SitingModel.P_CENTER).solve().outcome is Outcome.INFEASIBLE


def test_covering_takes_what_has_no_way_as_not_reached() -> None:
    assert line(SitingModel.LSCP, None).solve().sites == (1, 4)
    assert line(SitingModel.MCLP, 1).solve().objective == 27
    assert line(SitingModel.LSCP, None, forbid=(0, 1, 2)).solve().uncovered == (0, 1, 2)


@pytest.mark.parametrize("within", [np.inf, np.nan, -1.0])
def test_a_reach_that_is_no_distance_is_refused(within: float) -> None:
    with pytest.raises(ValueError, match="reached"):
        replace(line(SitingModel.LSCP, None), within=within).solve()


@pytest.mark.parametrize("model", MODELS)
def test_there_is_an_answer_even_without_time(model: SitingModel) -> None:
    spots = np.random.default_rng(4).uniform(0, 100, (700, 2))
    distances = np.hypot(*(spots[:, None] - spots[None]).T).T
    task = SitingTask(model, distances, np.ones(700), 8.0, None if model is SitingModel.LSCP else 40, time_limit=0.01)
    found = task.solve()
    assert len(found.sites) >= 40
    nearest = distances[:, found.sites].min(axis=1)
    if model is SitingModel.LSCP:
        assert nearest.max() <= 8
    assert found.outcome in {Outcome.TIME_LIMIT, Outcome.OPTIMAL}
    worse = -1 if model is SitingModel.MCLP else 1
    assert found.bound is None or worse * (found.objective - found.bound) >= 0
