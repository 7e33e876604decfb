"""p-median: the least average distance."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.covering import chosen
from geo.siting.highs import Found, Hear, Rows, minimize
from geo.siting.problem import Choices, Outcome, Problem, Solution, checked_weights, first_choice


def p_median(distances: ArrayLike, weights: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """p-median: ``p`` sites with the least weighted sum of distances to the nearest site.

    With D_i1 < D_i2 < … the distinct distances from i, and z_ik = 1 where no site is nearer than D_ik:

    min Σ_i w_i (D_i1 + Σ_{k≥2} (D_ik − D_i,k−1) z_ik)
    subject to  z_ik + Σ_{j: d_ij < D_ik} x_j ≥ 1,  Σ x_j = p + kept,  x binary, z ≥ 0.

    Only the nearest radii of each i are written down at first. What is left out makes the problem
    easier, never harder, so a solution that reaches everybody within the radii written is optimal;
    otherwise the radii of those beyond are extended and it is solved again.

    Raises:
        ValueError: the distances, weights or a choice make no sense.
    """
    problem = Problem(distances, p, **choices)
    values = checked_weights(weights, problem.demands)
    best = first_choice(problem, values)
    reach = problem.nearest(best)
    best_cost = float(values @ reach)
    scale = 1e4 / best_cost if best_cost else 1.0
    step = 1
    while True:
        found = _solve_radii(problem, values, reach, scale, problem.teller(step, scale, best_cost))
        bound = found.value if found.optimal else found.bound
        bound = None if bound is None else bound / scale
        if found.values is not None:
            sites = chosen(found.values, problem.candidates)
            nearest = problem.nearest(sites)
            cost = float(values @ nearest)
            if cost < best_cost:
                best, best_cost = sites, cost
            beyond = nearest > reach
            if found.optimal and (not beyond.any() or best_cost - bound <= 1e-9 * max(1.0, best_cost)):
                return Solution(Outcome.OPTIMAL, best, best_cost)
            reach = np.where(beyond, nearest, reach)
        if not found.optimal:
            return Solution(Outcome.TIME_LIMIT, best, best_cost, bound)
        step += 1


def _solve_radii(
    problem: Problem,
    weights: NDArray[np.float64],
    reach: NDArray[np.float64],
    scale: float,
    hear: Hear | None,
) -> Found:
    """The radius formulation with the radii up to ``reach`` of each demand place.

    Row k of place i is written as the difference to row k−1, which is far sparser:
    z_ik + Σ_{j: d_ij = D_i,k−1} x_j ≥ z_i,k−1, with z_i1 = 1.
    """
    usable = np.flatnonzero(problem.usable)
    cost, rows, columns, entries, least = [], [], [], [], []
    row = variable = 0
    for place in range(problem.demands):
        away = problem.distances[place, usable]
        inside = away <= reach[place]
        radii, ring = np.unique(away[inside], return_inverse=True)
        members = usable[inside]
        steps = np.diff(np.r_[radii, radii[-1]])
        # Beyond the last radius nothing more is charged: z stays free to be 1 there.
        for k in range(len(radii)):
            here = members[ring == k]
            rows += [row] * (len(here) + 1)
            columns += [*here.tolist(), problem.candidates + variable]
            entries += [1.0] * (len(here) + 1)
            if k:
                rows.append(row)
                columns.append(problem.candidates + variable - 1)
                entries.append(-1.0)
            least.append(0.0 if k else 1.0)
            cost.append(weights[place] * steps[k] * scale)
            row, variable = row + 1, variable + 1
    base = float(sum(weights * problem.distances[:, usable].min(axis=1))) * scale
    total = problem.candidates + variable
    matrix = sparse.csr_array((entries, (rows, columns)), shape=(row, total + 1))
    lower, upper = problem.bounds(variable + 1)
    lower[-1] = 1  # the last variable is fixed and carries what everybody pays at least
    return minimize(
        np.r_[np.zeros(problem.candidates), cost, base],
        problem.candidates,
        (lower, upper),
        [Rows.at_least(matrix, np.array(least)), *problem.limits(variable + 1)],
        problem.left,
        hear,
    )
