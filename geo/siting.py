"""Where to place sites: the four classic location models, solved to proven optimality with HiGHS.

A problem is a matrix of distances, one row per demand place and one column per candidate place, in
any unit (metres throughout this product). ``keep`` are candidates that stand already: they serve
and are part of every solution, and ``p`` counts the sites added to them. ``must`` are candidates
that have to be among the added ones, ``forbid`` those that can't be.

References:

- LSCP: C. Toregas, R. Swain, C. ReVelle, L. Bergman, "The location of emergency service
  facilities", Operations Research 19 (1971) 1363–1373.
- MCLP: R. Church, C. ReVelle, "The maximal covering location problem", Papers of the Regional
  Science Association 32 (1974) 101–118.
- p-median: S. L. Hakimi, Operations Research 12 (1964) 450–459; the formulation by radii of
  S. García, M. Labbé, A. Marín, "Solving large p-median problems with a radius formulation",
  INFORMS Journal on Computing 23 (2011) 546–556.
- p-center: E. Minieka, "The m-center problem", SIAM Review 12 (1970) 138–139, by covering problems
  over the distinct distances.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

TIME_LIMIT_S = 60.0
_OPTIMAL, _LIMIT, _INFEASIBLE = 0, 1, 2  # what scipy's milp calls its outcomes


class Outcome(StrEnum):
    """How far the solver got."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    TIME_LIMIT = "time_limit"


@dataclass(frozen=True)
class Solution:
    """``sites``: the columns chosen, the kept ones among them, in ascending order. ``objective`` is
    computed anew from them. ``bound``: no solution can be better than this, where time ran out.
    ``uncovered``: the rows that make a covering problem infeasible."""

    outcome: Outcome
    sites: tuple[int, ...] = ()
    objective: float | None = None
    bound: float | None = None
    uncovered: tuple[int, ...] = ()


class _Problem:
    """Distances and choices, checked."""

    def __init__(
        self,
        distances: ArrayLike,
        p: int | None,
        keep: Sequence[int],
        must: Sequence[int],
        forbid: Sequence[int],
        time_limit: float,
    ) -> None:
        self.distances = np.asarray(distances, dtype=float)
        if self.distances.ndim != 2 or not self.distances.size:
            raise ValueError("distances must be a matrix of demand places by candidates, neither empty")
        if not np.isfinite(self.distances).all() or (self.distances < 0).any():
            raise ValueError("a distance is negative or not a number")
        self.demands, self.candidates = self.distances.shape
        for name, chosen in (("keep", keep), ("must", must), ("forbid", forbid)):
            if any(not 0 <= column < self.candidates for column in chosen):
                raise ValueError(f"{name} names a candidate that is not there")
        self.keep, self.must = set(keep), set(must) - set(keep)
        self.forbid = set(forbid) - self.keep
        if self.must & self.forbid:
            raise ValueError("a candidate is both demanded and forbidden")
        self.open = self.candidates - len(self.keep) - len(self.forbid)
        if p is not None and not max(1, len(self.must)) <= p <= self.open:
            raise ValueError(f"p is {p}: choose from {max(1, len(self.must))} to {self.open}")
        self.sites = None if p is None else p + len(self.keep)
        self.deadline = time.monotonic() + time_limit

    @property
    def left(self) -> float:
        """Seconds left; a little even when there are none, so that the solver can say so itself."""
        return max(0.01, self.deadline - time.monotonic())

    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper bounds of the candidates' variables."""
        lower, upper = np.zeros(self.candidates), np.ones(self.candidates)
        lower[list(self.keep | self.must)] = 1
        upper[list(self.forbid)] = 0
        return lower, upper

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which candidates are not forbidden."""
        allowed = np.ones(self.candidates, dtype=bool)
        allowed[list(self.forbid)] = False
        return allowed

    def exactly_p(self, more: int = 0) -> LinearConstraint:
        """As many sites as asked for; ``more`` variables follow those of the candidates."""
        row = np.r_[np.ones(self.candidates), np.zeros(more)]
        return LinearConstraint(sparse.csr_array(row[None]), self.sites, self.sites)

    def nearest(self, sites: Sequence[int]) -> NDArray[np.float64]:
        """Each demand place's distance to the nearest of ``sites``."""
        return self.distances[:, list(sites)].min(axis=1)


def _solve(
    cost: NDArray[np.float64],
    candidates: int,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    constraints: list[LinearConstraint],
    seconds: float,
) -> Any:
    """Minimize; the first ``candidates`` variables are whole, those after them need not be told so."""
    whole = np.r_[np.ones(candidates), np.zeros(len(cost) - candidates)]
    return milp(
        cost,
        integrality=whole,
        bounds=Bounds(*bounds),
        constraints=constraints,
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )


def _chosen(result: Any, candidates: int) -> tuple[int, ...]:
    return tuple(int(column) for column in np.flatnonzero(result.x[:candidates] > 0.5))


def _weights(weights: ArrayLike, demands: int) -> NDArray[np.float64]:
    values = np.asarray(weights, dtype=float)
    if values.shape != (demands,) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise ValueError("weights must be one number of 0 or more for each demand place, not all 0")
    return values


def lscp(
    distances: ArrayLike,
    within: float,
    *,
    keep: Sequence[int] = (),
    must: Sequence[int] = (),
    forbid: Sequence[int] = (),
    time_limit: float = TIME_LIMIT_S,
) -> Solution:
    """Location set covering: the fewest sites that leave no demand place farther than ``within``.

    min Σ x_j  subject to  Σ_{j: d_ij ≤ within} x_j ≥ 1 for every i,  x binary.

    The objective counts all sites, kept ones included. Infeasible where a demand place has no
    candidate within reach; ``uncovered`` names those rows.

    Raises:
        ValueError: the distances or a choice make no sense.
    """
    problem = _Problem(distances, None, keep, must, forbid, time_limit)
    return _fewest(problem, within)


def _fewest(problem: _Problem, within: float) -> Solution:
    near = problem.distances <= within
    uncovered = np.flatnonzero(~(near & problem.usable).any(axis=1))
    if len(uncovered):
        return Solution(Outcome.INFEASIBLE, uncovered=tuple(int(row) for row in uncovered))
    cover = LinearConstraint(sparse.csr_array(near.astype(float)), 1, np.inf)
    result = _solve(np.ones(problem.candidates), problem.candidates, problem.bounds(), [cover], problem.left)
    if result.x is None:
        return Solution(Outcome.TIME_LIMIT, bound=_bound(result))
    sites = _chosen(result, problem.candidates)
    if result.status == _OPTIMAL:
        return Solution(Outcome.OPTIMAL, sites, float(len(sites)))
    return Solution(Outcome.TIME_LIMIT, sites, float(len(sites)), _bound(result))


def _bound(result: Any, scale: float = 1.0) -> float | None:
    bound = getattr(result, "mip_dual_bound", None)
    return float(bound) / scale if bound is not None and np.isfinite(bound) else None


def mclp(
    distances: ArrayLike,
    weights: ArrayLike,
    within: float,
    p: int,
    *,
    keep: Sequence[int] = (),
    must: Sequence[int] = (),
    forbid: Sequence[int] = (),
    time_limit: float = TIME_LIMIT_S,
) -> Solution:
    """Maximal covering: ``p`` sites that have the most demand within ``within``.

    max Σ w_i y_i  subject to  y_i ≤ Σ_{j: d_ij ≤ within} x_j,  Σ x_j = p + kept,  x binary, 0 ≤ y ≤ 1.

    The objective is the weight covered.

    Raises:
        ValueError: the distances, weights or a choice make no sense.
    """
    problem = _Problem(distances, p, keep, must, forbid, time_limit)
    values = _weights(weights, problem.demands)
    scale = 1e4 / values.sum()
    near = sparse.csr_array((problem.distances <= within).astype(float))
    covered = sparse.hstack([near, -sparse.eye_array(problem.demands)], format="csr")
    lower, upper = problem.bounds()
    result = _solve(
        np.r_[np.zeros(problem.candidates), -values * scale],
        problem.candidates,
        (np.r_[lower, np.zeros(problem.demands)], np.r_[upper, np.ones(problem.demands)]),
        [LinearConstraint(covered, 0, np.inf), problem.exactly_p(problem.demands)],
        problem.left,
    )
    bound = _bound(result, -scale)
    if result.x is None:
        return Solution(Outcome.TIME_LIMIT, bound=bound)
    sites = _chosen(result, problem.candidates)
    objective = float(values[problem.nearest(sites) <= within].sum())
    if result.status == _OPTIMAL:
        return Solution(Outcome.OPTIMAL, sites, objective)
    return Solution(Outcome.TIME_LIMIT, sites, objective, bound)


def p_median(
    distances: ArrayLike,
    weights: ArrayLike,
    p: int,
    *,
    keep: Sequence[int] = (),
    must: Sequence[int] = (),
    forbid: Sequence[int] = (),
    time_limit: float = TIME_LIMIT_S,
) -> Solution:
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
    problem = _Problem(distances, p, keep, must, forbid, time_limit)
    values = _weights(weights, problem.demands)
    start = _greedy(problem, values)
    best, best_cost = start, float(values @ problem.nearest(start))
    scale = 1e4 / best_cost if best_cost else 1.0
    reach = problem.nearest(start)
    bound: float | None = None
    while True:
        result = _solve_radii(problem, values, reach, scale)
        bound = _bound(result, scale) if result.status != _OPTIMAL else float(result.fun) / scale
        if result.x is not None:
            sites = _chosen(result, problem.candidates)
            nearest = problem.nearest(sites)
            cost = float(values @ nearest)
            if cost < best_cost:
                best, best_cost = sites, cost
            beyond = nearest > reach
            if result.status == _OPTIMAL and (not beyond.any() or best_cost - bound <= 1e-9 * max(1.0, best_cost)):
                return Solution(Outcome.OPTIMAL, best, best_cost)
            reach = np.where(beyond, nearest, reach)
        if result.status != _OPTIMAL:
            return Solution(Outcome.TIME_LIMIT, best, best_cost, bound)


def _greedy(problem: _Problem, weights: NDArray[np.float64]) -> tuple[int, ...]:
    """A fair first choice: whichever site helps most next."""
    chosen = sorted(problem.keep | problem.must)
    nearest = problem.nearest(chosen) if chosen else np.full(problem.demands, np.inf)
    barred = ~problem.usable
    barred[chosen] = True
    while len(chosen) < problem.sites:
        cost = weights @ np.minimum(nearest[:, None], problem.distances)
        cost[barred] = np.inf
        column = int(cost.argmin())
        chosen.append(column)
        barred[column] = True
        nearest = np.minimum(nearest, problem.distances[:, column])
    return tuple(sorted(chosen))


def _solve_radii(problem: _Problem, weights: NDArray[np.float64], reach: NDArray[np.float64], scale: float) -> Any:
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
    lower, upper = problem.bounds()
    # The last variable is fixed at 1 and carries what everybody pays at least.
    result = _solve(
        np.r_[np.zeros(problem.candidates), cost, base],
        problem.candidates,
        (np.r_[lower, np.zeros(variable), 1.0], np.r_[upper, np.ones(variable), 1.0]),
        [LinearConstraint(matrix, np.array(least), np.inf), problem.exactly_p(variable + 1)],
        problem.left,
    )
    return result


def p_center(
    distances: ArrayLike,
    p: int,
    *,
    keep: Sequence[int] = (),
    must: Sequence[int] = (),
    forbid: Sequence[int] = (),
    time_limit: float = TIME_LIMIT_S,
) -> Solution:
    """p-center: ``p`` sites with the least distance of whoever is worst off.

    The answer is one of the distances. The smallest of them within which ``p`` sites can cover
    everybody (an LSCP each) is found by halving.

    Raises:
        ValueError: the distances or a choice make no sense.
    """
    problem = _Problem(distances, p, keep, must, forbid, time_limit)
    best = _greedy(problem, np.ones(problem.demands))
    worst = float(problem.nearest(best).max())
    least = float(problem.distances[:, problem.usable].min(axis=1).max())
    radii = np.unique(problem.distances[(problem.distances >= least) & (problem.distances <= worst)])
    low, high = 0, len(radii) - 1
    while low < high:
        middle = (low + high) // 2
        found = _fewest(problem, float(radii[middle]))
        if found.sites and len(found.sites) <= problem.sites:
            best = _filled(problem, found.sites)
            high = int(np.searchsorted(radii, problem.nearest(best).max()))
        elif found.outcome is Outcome.TIME_LIMIT and (found.bound is None or found.bound <= problem.sites):
            return Solution(Outcome.TIME_LIMIT, best, float(problem.nearest(best).max()), float(radii[low]))
        else:
            low = middle + 1
    return Solution(Outcome.OPTIMAL, best, float(problem.nearest(best).max()))


def _filled(problem: _Problem, sites: Sequence[int]) -> tuple[int, ...]:
    """The sites and, where fewer than asked for do, others that are nearest to the worst off."""
    chosen = set(sites)
    while len(chosen) < problem.sites:
        free = [column for column in np.flatnonzero(problem.usable) if column not in chosen]
        farthest = int(problem.nearest(sorted(chosen)).argmax())
        chosen.add(int(min(free, key=lambda column: problem.distances[farthest, column])))
    return tuple(sorted(chosen))
