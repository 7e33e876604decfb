"""Siting of many places: what makes it fast leaves it exact, with ties, places of no weight, limits and all."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spopt.locate import PCenter, PMedian

from geo.siting import Outcome, Progress
from geo.siting.cover_test import CoverTest
from geo.siting.first_choice import first_choice
from geo.siting.interchange import interchange
from geo.siting.lagrangean import Lagrangean
from geo.siting.p_center import p_center
from geo.siting.p_median import p_median
from geo.siting.problem import Problem

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulp")


def square(seed: int, places: int) -> np.ndarray:
    points = np.random.default_rng(seed).uniform(0, 100, (places, 2))
    return np.hypot(*(points[:, None] - points[None]).T).T


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int, dict]:
    """Small problems full of equal distances and weights of 0, with kept, demanded and forbidden sites."""
    demands, candidates = draw(st.integers(1, 9)), draw(st.integers(2, 8))
    cells = st.lists(st.integers(0, 6), min_size=candidates, max_size=candidates)
    distances = np.array(draw(st.lists(cells, min_size=demands, max_size=demands)), dtype=float)
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=demands, max_size=demands)), dtype=float)
    if not weights.any():
        weights[0] = 1
    kinds = draw(st.lists(st.sampled_from("....kmf"), min_size=candidates, max_size=candidates))
    named = {
        name: [index for index, kind in enumerate(kinds) if kind == name[0]] for name in ("keep", "must", "forbid")
    }
    if kinds.count(".") == 0:
        named = {"keep": [], "must": [], "forbid": []}
    free = candidates - len(named["keep"]) - len(named["forbid"])
    p = draw(st.integers(max(1, len(named["must"])), free))
    if draw(st.booleans()):
        costs = np.array(draw(st.lists(st.integers(0, 5), min_size=candidates, max_size=candidates)), dtype=float)
        least = costs[named["must"]].sum() + max(costs)
        named |= {"costs": costs, "budget": float(least + draw(st.integers(0, 8)))}
    return distances, weights, p, named


def choices_of(distances: np.ndarray, p: int, named: dict) -> list[list[int]]:
    fixed = {*named["keep"], *named["must"]}
    free = [column for column in range(distances.shape[1]) if column not in fixed | set(named["forbid"])]
    left = p - len(named["must"])
    if "budget" not in named:
        return [[*fixed, *added] for added in combinations(free, left)]
    spent = sum(named["costs"][column] for column in named["must"])
    return [
        [*fixed, *added]
        for number in range(left + 1)
        for added in combinations(free, number)
        if (fixed or added) and spent + sum(named["costs"][list(added)]) <= named["budget"]
    ]


@settings(max_examples=150, deadline=None)
@given(cases())
def test_as_trying_every_choice_shows(case: tuple[np.ndarray, np.ndarray, int, dict]) -> None:
    distances, weights, p, named = case
    nearest = [distances[:, sites].min(axis=1) for sites in choices_of(distances, p, named)]
    median, center = p_median(distances, weights, p, **named), p_center(distances, p, **named)
    assert median.outcome is center.outcome is Outcome.OPTIMAL
    assert median.objective == pytest.approx(min(weights @ one for one in nearest))
    assert center.objective == min(one.max() for one in nearest)
    for found in (median, center):
        assert {*named["keep"], *named["must"]} <= set(found.sites)
        assert not set(named["forbid"]) & set(found.sites)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_no_bound_exceeds_the_best_and_nothing_that_is_left_out_is_better(
    case: tuple[np.ndarray, np.ndarray, int, dict],
) -> None:
    distances, weights, p, named = case
    problem = Problem(distances, p, **named)
    sites = first_choice(problem, weights)
    polished, cost = interchange(problem, weights, sites, np.arange(distances.shape[1]))
    assert problem.allows(polished)
    assert cost == pytest.approx(weights @ problem.nearest(polished))
    assert cost <= weights @ problem.nearest(sites) + 1e-9
    costs = {tuple(one): float(weights @ distances[:, one].min(axis=1)) for one in choices_of(distances, p, named)}
    best = min(costs.values())
    relaxation = Lagrangean(problem, weights)
    if not relaxation.number:
        return
    for bounded, now in relaxation.improve(sites, cost):
        assert now.bound <= bounded.bound <= best + 1e-9
        never, always = relaxation.decide(now, cost)
        better = [set(one) for one, value in costs.items() if value < cost - 1e-6]
        assert all(not one & set(never.tolist()) and set(always.tolist()) <= one for one in better)


@settings(max_examples=100, deadline=None)
@given(cases(), st.integers(0, 6))
def test_a_distance_is_told_to_do_or_not_as_trying_every_choice_shows(
    case: tuple[np.ndarray, np.ndarray, int, dict], within: int
) -> None:
    distances, _, p, named = case
    does = any((distances[:, sites].min(axis=1) <= within).all() for sites in choices_of(distances, p, named))
    test = CoverTest(Problem(distances, p, **named), float(within))
    if test.relaxation_fails(10):
        assert not does
    elif not test.impossible and not test.reaches_all:
        found = test.solve(10)
        assert (found.values is not None) is does
        if does:
            assert (distances[:, test.sites(found)].min(axis=1) <= within).all()


@pytest.mark.parametrize(("places", "p"), [(60, 3), (150, 12), (150, 40)])
def test_p_median_as_spopt_at_some_size(places: int, p: int) -> None:
    distances = square(places + p, places)
    weights = np.random.default_rng(p).integers(0, 9, places).astype(float)
    found = p_median(distances, weights, p)
    assert found.outcome is Outcome.OPTIMAL
    model = PMedian.from_cost_matrix(distances, weights, p).solve(pulp.PULP_CBC_CMD(msg=False))
    assert found.objective == pytest.approx(model.problem.objective.value(), rel=1e-6)


def test_p_center_as_spopt_at_some_size() -> None:
    distances = square(5, 45)
    model = PCenter.from_cost_matrix(distances, 6).solve(pulp.PULP_CBC_CMD(msg=False))
    assert p_center(distances, 6).objective == pytest.approx(model.problem.objective.value(), rel=1e-6)


@pytest.mark.parametrize(
    "solve", [lambda d, **more: p_median(d, np.ones(len(d)), 40, **more), lambda d, **more: p_center(d, 40, **more)]
)
def test_hundreds_of_places_are_proven_and_the_bounds_told_meanwhile_are_true(solve: object) -> None:
    heard: list[Progress] = []
    found = solve(square(7, 400), report=heard.append)
    assert found.outcome is Outcome.OPTIMAL
    assert len(found.sites) == 40
    assert any(told.bound for told in heard)
    for told in heard:
        assert told.best is None or told.best >= found.objective * (1 - 1e-9)
        assert told.bound is None or told.bound <= found.objective * (1 + 1e-9)


def test_p_center_that_runs_out_of_time_tells_both_bounds() -> None:
    distances = square(2, 900)
    found = p_center(distances, 60, time_limit=0.3)
    assert found.outcome is Outcome.TIME_LIMIT
    assert 0 < found.bound <= found.objective == distances[:, found.sites].min(axis=1).max()
