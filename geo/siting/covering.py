"""Covering models: the fewest sites that reach everybody (LSCP), the most demand reached by p sites (MCLP)."""

from __future__ import annotations

from math import ceil
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from geo.siting.cover_exchange import covered_weight, exchanged
from geo.siting.cover_test import ROUNDING, CoverTest
from geo.siting.first_choice import any_choice, chosen
from geo.siting.highs import Rows, minimize
from geo.siting.problem import Problem, checked_reach, checked_weights
from geo.siting.search import Search
from geo.siting.solution import Choices, Outcome, Solution

AT_ONCE_S = 2.0
"""Most LSCPs are solved within this time; only the others are worth a local search first."""


def lscp(distances: ArrayLike, within: float, **choices: Unpack[Choices]) -> Solution:
    """Find the fewest sites so that no demand place is farther than ``within`` (location set covering).

    min Σ x_j  subject to  Σ_{j: d_ij ≤ within} x_j ≥ 1 for every i,  x binary.

    The objective counts all sites, existing ones included. Infeasible if a demand place has no candidate within
    reach (``uncovered`` lists those rows), or if no choice within the budget reaches everybody. There is a choice in
    hand from the start, taken greedily, unless the budget is too tight for that.

    Raises:
        ValueError: the distances or an option are invalid.
    """
    return fewest(Problem(distances, None, **choices), within)


def fewest(problem: Problem, within: float) -> Solution:
    """Solve the location set covering of a checked problem; see ``lscp``."""
    within = checked_reach(within)
    near = problem.distances <= within
    uncovered = np.flatnonzero(~(near & problem.usable).any(axis=1))
    if len(uncovered):
        return Solution(Outcome.INFEASIBLE, uncovered=tuple(uncovered.tolist()))
    search = Search(problem, lambda sites: float(len(sites)) if near[:, list(sites)].any(axis=1).all() else np.inf)
    test = CoverTest(problem, within)
    for sites in test.greedy():
        search.offer(sites)
    search.limit(float(len(test.forced)))
    if search.objective == search.bound:
        return search.ended(proven=True)
    for seconds in (AT_ONCE_S, np.inf):
        found = test.fewest(min(seconds, problem.left), search)
        # The objective is a whole number.
        search.limit(None if found.bound is None else ceil(found.bound - ROUNDING))
        if found.values is not None:
            search.offer(test.sites(found))
        if found.optimal or found.infeasible or search.objective == search.bound:
            return search.ended(proven=True)
        while search.sites and search.offer(test.searched(search.sites, len(search.sites) - 1)):
            pass
    return search.ended(proven=False)


def mclp(
    distances: ArrayLike, weights: ArrayLike, within: float, p: int | None, **choices: Unpack[Choices]
) -> Solution:
    """Find the ``p`` sites with the most demand within ``within`` (maximal covering).

    max Σ w_i y_i  subject to  y_i ≤ Σ_{j: d_ij ≤ within} x_j,  Σ x_j = p + kept,  x binary, 0 ≤ y ≤ 1.

    The objective is the weight covered. The first choice is greedy, improved by exchanging sites
    (``geo.siting.cover_exchange``); HiGHS starts from it.

    Raises:
        ValueError: the distances, weights or an option are invalid.
    """
    problem = Problem(distances, p, **choices)
    values = checked_weights(weights, problem.demands)
    near = sparse.csr_array(problem.distances <= checked_reach(within), dtype=float)
    search = Search(problem, lambda sites: covered_weight(near, values, sites), largest=True)
    search.limit(float(values[near[:, problem.usable].sum(axis=1) > 0].sum()))
    start = exchanged(problem, near, values)
    if not search.offer(start):
        search.offer(any_choice(problem, -(values @ near)))
    scale = 1e4 / values.sum()
    places = problem.demands
    found = minimize(
        np.r_[np.zeros(problem.candidates), -values * scale],
        problem.candidates,
        problem.bounds(places),
        [
            Rows.at_least(sparse.hstack([near, -sparse.eye_array(places)], format="csr"), 0.0),
            *problem.limits(places),
        ],
        problem.left,
        search.hear(lambda of: chosen(of, problem.candidates), lambda bound: -bound / scale),
        start=search.sites or None,
    )
    search.limit(None if found.bound is None else -found.bound / scale)
    if found.values is not None:
        search.offer(chosen(found.values, problem.candidates))
    return search.ended(proven=found.optimal or found.infeasible)
