"""Sites of limited capacity: each answer is what a textbook formulation gives, and its shares respect all limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.siting import Outcome, Progress, SitingModel, SitingTask, Solution, capacity_bound
from geo.siting import capacitated_median as module
from tests.geo.siting_oracle import textbook_optimum
from tests.geo.test_siting_limits import tasks

CAPACITATED = [SitingModel.LSCP, SitingModel.MCLP, SitingModel.P_MEDIAN]


@st.composite
def capacitated_tasks(draw: st.DrawFn) -> SitingTask:
    """Small tasks whose candidates serve nothing, little, much, or without limit."""
    task = draw(tasks().filter(lambda one: one.model in CAPACITATED))
    room = st.sampled_from([0.0, 1.0, 2.0, 2.5, 4.0, 8.0, np.inf])
    number = task.distances.shape[1]
    return replace(task, capacities=np.array(draw(st.lists(room, min_size=number, max_size=number))))


def shared_well(task: SitingTask, found: Solution) -> float:
    """Check who serves whom. Return the objective by the shares."""
    served = np.zeros(len(task.weights))
    load = np.zeros(task.distances.shape[1])
    cost = 0.0
    for demand, site, share in found.assignment:
        assert 0 < share <= 1
        assert site in found.sites
        distance = task.distances[demand, site]
        assert distance <= (task.within if task.model is not SitingModel.P_MEDIAN else 1e9)
        served[demand] += share
        load[site] += share * task.weights[demand]
        cost += share * task.weights[demand] * distance
    assert (served <= 1 + 1e-6).all()
    assert (load <= task.capacities * (1 + 1e-6) + 1e-6).all()
    if task.model is SitingModel.MCLP:
        return float(task.weights @ served)
    must = task.weights > 0 if task.model is SitingModel.P_MEDIAN else np.ones(len(served), dtype=bool)
    assert served[must] == pytest.approx(1)
    return cost if task.model is SitingModel.P_MEDIAN else float(len(found.sites))


def check(task: SitingTask) -> None:
    """The answer is the textbook's, and who serves whom fits it."""
    heard: list[Progress] = []
    found, best = task.solve(heard.append), textbook_optimum(task)
    if best is None:
        assert (found.outcome, found.sites, found.assignment) == (Outcome.INFEASIBLE, (), ())
        return
    assert found.outcome is Outcome.OPTIMAL
    assert found.objective == pytest.approx(best, rel=1e-6, abs=1e-5)
    assert shared_well(task, found) == pytest.approx(best, rel=1e-6, abs=1e-5)
    assert {*task.keep, *task.must} <= set(found.sites)
    worse = -1 if task.model is SitingModel.MCLP else 1
    for told in heard:
        assert told.best is None or worse * (told.best - best) >= -1e-5
        assert told.bound is None or worse * (best - told.bound) >= -1e-5


@settings(max_examples=80, deadline=None)
@given(capacitated_tasks())
def test_as_the_textbook_solves_it(task: SitingTask) -> None:
    check(task)


@settings(max_examples=30, deadline=None)
@given(capacitated_tasks().filter(lambda one: one.model is SitingModel.P_MEDIAN))
def test_a_median_that_begins_with_the_nearest_only_is_as_exact(task: SitingTask) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "NEAREST_PAIRS", 1)
        patch.setattr(module, "LEAST_NEAREST", 1)
        patch.setattr(capacity_bound, "NEAREST", 1)
        patch.setattr(capacity_bound, "NEAREST_SITES", 0)
        check(task)


@pytest.mark.parametrize("model", CAPACITATED)
def test_without_limits_it_is_the_model_without_capacities(model: SitingModel) -> None:
    chance = np.random.default_rng(8)
    distances = chance.uniform(0, 10, (40, 15))
    task = SitingTask(model, distances, chance.integers(1, 9, 40) + 0.0, 5.0, None if model is SitingModel.LSCP else 3)
    limited = replace(task, capacities=np.full(15, np.inf)).solve()
    assert limited.objective == pytest.approx(task.solve().objective)


def test_a_place_is_divided_where_no_site_has_room_for_it() -> None:
    task = SitingTask(
        SitingModel.P_MEDIAN, np.array([[1.0, 4.0]]), np.array([10.0]), 5.0, 2, capacities=np.array([6.0, 9.0])
    )
    found = task.solve()
    assert found.objective == pytest.approx(6 * 1 + 4 * 4)
    assert [tuple(one) for one in found.assignment] == [(0, 0, pytest.approx(0.6)), (0, 1, pytest.approx(0.4))]
    short = replace(task, capacities=np.array([6.0, 3.0]))
    assert (short.solve().outcome, short.solve().uncovered) == (Outcome.INFEASIBLE, ())
    assert replace(short, model=SitingModel.MCLP).solve().objective == pytest.approx(9)
    assert replace(short, model=SitingModel.LSCP, p=None).solve().outcome is Outcome.INFEASIBLE


def test_existing_sites_are_as_limited_as_new_ones() -> None:
    task = SitingTask(
        SitingModel.MCLP, np.zeros((2, 3)), np.array([5.0, 5.0]), 1.0, 1, (0,), capacities=np.array([3.0, 2.0, 4.0])
    )
    found = task.solve()
    assert (found.sites, found.objective) == ((0, 2), pytest.approx(7))


def test_capacities_that_make_no_sense_are_refused() -> None:
    task = SitingTask(SitingModel.MCLP, np.ones((2, 2)), np.ones(2), 1.0, 1, capacities=np.ones(3))
    for wrong in (
        task,
        replace(task, capacities=np.array([1.0, -1.0])),
        replace(task, capacities=np.array([1, np.nan])),
    ):
        with pytest.raises(ValueError, match="capacities"):
            wrong.solve()
    with pytest.raises(ValueError, match="p-center has no capacities"):
        replace(task, model=SitingModel.P_CENTER, capacities=np.ones(2)).solve()


@pytest.mark.parametrize("model", CAPACITATED)
def test_there_is_an_answer_even_without_time(model: SitingModel) -> None:
    spots = np.random.default_rng(4).uniform(0, 100, (150, 2))
    distances = np.hypot(*(spots[:, None] - spots[None]).T).T
    p = None if model is SitingModel.LSCP else 30
    task = SitingTask(model, distances, np.ones(150), 20.0, p, capacities=np.full(150, 6.0), time_limit=0.01)
    found = task.solve()
    assert found.outcome in {Outcome.TIME_LIMIT, Outcome.OPTIMAL}
    assert shared_well(task, found) == pytest.approx(found.objective)
