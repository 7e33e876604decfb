"""Covering models: the fewest sites that reach everybody (LSCP), the most demand reached by p sites (MCLP)."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.highs import Rows, minimize
from geo.siting.problem import Problem, checked_weights, first_choice
from geo.siting.solution import Choices, Outcome, Solution


def lscp(distances: ArrayLike, within: float, **choices: Unpack[Choices]) -> Solution:
    """Find the fewest sites so that no demand place is farther than ``within`` (location set covering).

    min Σ x_j  subject to  Σ_{j: d_ij ≤ within} x_j ≥ 1 for every i,  x binary.

    The objective counts all sites, existing ones included. Infeasible if a demand place has no candidate within
    reach (``uncovered`` lists those rows), or if no choice within the budget reaches everybody.

    Raises:
        ValueError: the distances or an option are invalid.
    """
    return fewest(Problem(distances, None, **choices), within)


def fewest(problem: Problem, within: float) -> Solution:
    """Solve the location set covering of a checked problem; see ``lscp``."""
    near = problem.distances <= within
    uncovered = np.flatnonzero(~(near & problem.usable).any(axis=1))
    if len(uncovered):
        return Solution(Outcome.INFEASIBLE, uncovered=tuple(int(row) for row in uncovered))
    found = minimize(
        np.ones(problem.candidates),
        problem.candidates,
        problem.bounds(),
        [Rows.at_least(sparse.csr_array(near.astype(float)), 1.0), *problem.limits()],
        problem.left,
        problem.teller(),
    )
    if found.infeasible:
        return Solution(Outcome.INFEASIBLE)
    if found.values is None:
        return Solution(Outcome.TIME_LIMIT, bound=found.bound)
    sites = chosen(found.values, problem.candidates)
    if found.optimal:
        return Solution(Outcome.OPTIMAL, sites, float(len(sites)))
    return Solution(Outcome.TIME_LIMIT, sites, float(len(sites)), found.bound)


def chosen(values: NDArray[np.float64], candidates: int) -> tuple[int, ...]:
    """Return the candidates whose variables are 1."""
    return tuple(int(column) for column in np.flatnonzero(values[:candidates] > 0.5))


def mclp(
    distances: ArrayLike, weights: ArrayLike, within: float, p: int | None, **choices: Unpack[Choices]
) -> Solution:
    """Find the ``p`` sites with the most demand within ``within`` (maximal covering).

    max Σ w_i y_i  subject to  y_i ≤ Σ_{j: d_ij ≤ within} x_j,  Σ x_j = p + kept,  x binary, 0 ≤ y ≤ 1.

    The objective is the weight covered.

    Raises:
        ValueError: the distances, weights or an option are invalid.
    """
    problem = Problem(distances, p, **choices)
    values = checked_weights(weights, problem.demands)
    scale = 1e4 / values.sum()
    near = sparse.csr_array((problem.distances <= within).astype(float))
    covered = sparse.hstack([near, -sparse.eye_array(problem.demands)], format="csr")
    found = minimize(
        np.r_[np.zeros(problem.candidates), -values * scale],
        problem.candidates,
        problem.bounds(problem.demands),
        [Rows.at_least(covered, 0.0), *problem.limits(problem.demands)],
        problem.left,
        problem.teller(scale=-scale),
    )
    sites = first_choice(problem, values) if found.values is None else chosen(found.values, problem.candidates)
    objective = float(values[problem.nearest(sites) <= within].sum()) if sites else 0.0
    if found.optimal:
        return Solution(Outcome.OPTIMAL, sites, objective)
    return Solution(Outcome.TIME_LIMIT, sites, objective, None if found.bound is None else -found.bound / scale)
