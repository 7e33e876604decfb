"""p-median: the least average distance."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.cover_test import CoverTest
from geo.siting.first_choice import chosen, filled, first_choice
from geo.siting.highs import Found, Hear, Rows, minimize
from geo.siting.interchange import interchange
from geo.siting.lagrangean import SURELY, Lagrangean, Relaxed
from geo.siting.problem import Problem, checked_weights
from geo.siting.search import Search
from geo.siting.solution import Choices, Outcome, Solution

# None of these changes an answer, only how soon it is proven.
BOUND_SHARE = 0.7
"""Share of the time left that may be spent on the bound; HiGHS needs the rest for what is undecided."""
POLISH_EVERY = 50
"""Steps of the bound between two looks for a better choice at its prices."""
DECIDES_WITHIN = 0.01
"""Relative distance of the bound from the cost, below which a look at single candidates begins to decide some."""
REACH_SHARE = 0.25
"""Share of the time left for finding sites that reach everybody, where some can't be reached from all."""
MANY_LEFT, MANY_SHARE = 300, 0.2
"""With more undecided ones HiGHS gets nowhere in its part of the time; the bound may use all but this share of it."""
FEW_LEFT = 30
"""So few undecided candidates are left to HiGHS at once."""


def p_median(distances: ArrayLike, weights: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """Find the ``p`` sites with the least weighted sum of distances to the nearest site (p-median).

    With D_i1 < D_i2 < … the distinct distances from i, and z_ik = 1 where no site is nearer than D_ik:

    min Σ_i w_i (D_i1 + Σ_{k≥2} (D_ik − D_i,k−1) z_ik)
     subject to  z_ik + Σ_{j: d_ij < D_ik} x_j ≥ 1,  Σ x_j = p + kept,  x binary, z ≥ 0.

    (García, Labbé and Marín 2011.) Three steps make it small enough for thousands of places; all are exact:

    - a good choice by adding and exchanging sites (``geo.siting.interchange``);
    - a bound on all others (``geo.siting.lagrangean``), often within 0.01 %. It proves that most candidates are
      in no better choice and some are in every one; HiGHS decides only about the others;
    - at first only the nearest radii of each place are included. Leaving out the rest makes the problem easier,
      never harder, so a solution that reaches everybody within the included radii is optimal; otherwise the radii
      of the places beyond are extended and it is solved again.

    Infeasible if no candidate can be reached from a demand place with a weight (``uncovered`` lists those rows), or
    if no choice can be reached from all. For that, a distance of infinity counts as one so long that a choice with
    one such place costs more than any that reaches everybody.

    Raises:
        ValueError: the distances, weights or an option are invalid.
    """
    given = Problem(distances, p, **choices)
    values = checked_weights(weights, given.demands)
    if uncovered := given.unreached(values > 0):
        return Solution(Outcome.INFEASIBLE, uncovered=uncovered)
    problem, most = without_infinity(given, values)
    search = _MedianSearch(problem, values, most)
    if not search.cheapest:
        return search.ended(proven=True)
    search.bound_all()
    return search.finish()


def without_infinity(problem: Problem, weights: NDArray[np.float64]) -> tuple[Problem, float]:
    """Return the problem with a large distance in the place of infinity, and the most that a choice which reaches
    everybody can cost (infinite if every distance is finite).
    """
    reachable = np.isfinite(problem.distances)
    if reachable.all():
        return problem, np.inf
    known = np.where(reachable, problem.distances, 0.0)
    most = float(weights @ known.max(axis=1))
    beyond = np.divide(most * (1 + 1e-6) + 1, weights, out=np.zeros(len(weights)), where=weights > 0)
    return problem.with_distances(np.where(reachable, problem.distances, beyond[:, None])), most


class _MedianSearch(Search):
    """The search of one problem. ``cheapest`` and ``cost``: as ``sites`` and ``objective``, but a place beyond reach
    is counted at the large distance. ``most``: what no choice that reaches everybody exceeds.
    """

    def __init__(self, problem: Problem, weights: NDArray[np.float64], most: float) -> None:
        super().__init__(problem, lambda sites: self._real(float(weights @ problem.nearest(sites))))
        self.weights, self.most = weights, most * (1 + SURELY)
        self.cheapest = first_choice(problem, weights) or ()
        self.cost = float(weights @ problem.nearest(self.cheapest)) if self.cheapest else np.inf
        if self.cost > self.most:
            self._reach_everybody()
        self.limit(0.0)
        self.offer(self.cheapest)
        self.never: NDArray[np.int64] = np.array([], dtype=int)
        self.always: NDArray[np.int64] = np.array([], dtype=int)
        self.settled = self.cost == 0
        self.too_many = False

    def _real(self, cost: float) -> float:
        return cost if cost <= self.most else np.inf

    def _reach_everybody(self) -> None:
        """Look for a first choice that reaches everybody."""
        some = self.weights > 0
        far = self.problem.distances[some] * self.weights[some, None] > self.most
        test = CoverTest(self.problem.with_distances(far.astype(float)), 0.5)
        sites = test.search()
        if sites is None and not test.impossible:
            found = test.solve(self.problem.left * REACH_SHARE)
            sites = None if found.values is None else test.sites(found)
        if sites is not None and self.problem.complete(sites := filled(self.problem, sites)):
            self.cheapest, self.cost = interchange(
                self.problem, self.weights, sites, np.flatnonzero(self.problem.usable)
            )

    def bound_all(self) -> None:
        """Raise the bound and improve the choice until few candidates are undecided."""
        relaxation = Lagrangean(self.problem, self.weights)
        if not relaxation.number or self.settled:
            self.settled = True  # there is nothing left to choose
            return
        seconds = self.problem.left * (1 - BOUND_SHARE)
        everybody = np.flatnonzero(self.problem.usable)
        self._take(*interchange(self.problem, self.weights, self.cheapest, everybody, seconds))
        for number, (best, now) in enumerate(relaxation.improve(self.cheapest, self.cost), start=1):
            self.limit(best.bound)
            self.tell()
            if number % POLISH_EVERY == 0:
                self._polish(relaxation, now)
                self._decide(relaxation, best)
                if self.settled or self._undecided() <= FEW_LEFT:
                    return
            if self.known >= self.cost * (1 - DECIDES_WITHIN):
                self._decide(relaxation, now)
            if self.problem.left <= (seconds if self._undecided() <= MANY_LEFT else seconds * MANY_SHARE):
                self.too_many = self._undecided() > MANY_LEFT
                return

    def _undecided(self) -> int:
        decided = {*self.problem.forbid, *self.never.tolist(), *self.always.tolist()}
        return int(self.problem.candidates) - len(decided)

    def _polish(self, relaxation: Lagrangean, relaxed: Relaxed) -> None:
        """Look for a better choice near the relaxed solution."""
        forced = self.problem.keep | self.problem.must
        sites = sorted(forced | {int(one) for one in relaxation.free[relaxed.opened]})
        pool = relaxation.free[np.argsort(relaxed.values)[: 2 * relaxation.number + 100]]
        if sites and self.problem.allows(sites):
            self._take(*interchange(self.problem, self.weights, sites, pool))

    def _decide(self, relaxation: Lagrangean, relaxed: Relaxed) -> None:
        """Exclude the candidates in no better choice and include those in every better choice."""
        self.settled = self.cost - self.known <= SURELY * self.cost
        never, always = relaxation.decide(relaxed, self.cost)
        self.never = np.union1d(self.never, never)
        self.always = np.union1d(self.always, always)

    def _take(self, sites: tuple[int, ...], cost: float) -> None:
        if cost < self.cost:
            self.cheapest, self.cost = sites, cost
            self.offer(sites)

    @property
    def known(self) -> float:
        """The bound; 0 at least."""
        return self.bound or 0.0

    def finish(self) -> Solution:
        """Solve the rest to proven optimality, or return the best choice and its bound when time runs out."""
        reach = self.problem.nearest(self.cheapest)
        scale = 1e4 / self.cost if self.cost else 1.0
        self.step = 2
        if self.too_many and not self.settled:
            return self.ended(proven=self.known > self.most)
        while not self.settled:
            hear = self.hear(lambda of: chosen(of, self.problem.candidates), lambda bound: bound / scale)
            found = self._solve_radii(reach, scale, hear)
            if found.infeasible:
                break  # every choice that was excluded costs more than the best
            bound = found.value if found.optimal else found.bound
            self.limit(None if bound is None else min(self.cost, bound / scale))
            if found.values is not None:
                sites = chosen(found.values, self.problem.candidates)
                nearest = self.problem.nearest(sites)
                self._take(sites, float(self.weights @ nearest))
                beyond = nearest > reach
                if found.optimal and (not beyond.any() or self.cost - self.known <= SURELY * max(1.0, self.cost)):
                    break
                reach = np.where(beyond, nearest, reach)
            if not found.optimal:
                return self.ended(proven=self.known > self.most)
            self.step += 1
        return self.ended(proven=True)

    def _solve_radii(self, reach: NDArray[np.float64], scale: float, hear: Hear | None) -> Found:
        """Solve the radius formulation with the radii up to ``reach`` of each demand place.

        Row k of place i is written as the difference to row k−1, which is far sparser: z_ik + Σ_{j: d_ij =
        D_i,k−1} x_j ≥ z_i,k−1, with z_i1 = 1.
        """
        problem = self.problem
        left = problem.usable
        left[self.never] = False
        usable = np.flatnonzero(left)
        cost, rows, columns, entries, least = [], [], [], [], []
        row = variable = 0
        for place in np.flatnonzero(self.weights):
            away = problem.distances[place, usable]
            inside = away <= reach[place]
            if not inside.any():
                continue
            radii, ring = np.unique(away[inside], return_inverse=True)
            members = usable[inside]
            steps = np.diff(np.r_[radii, radii[-1]])
            # Beyond the last radius there is no further cost: z may be 1 there.
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
                cost.append(self.weights[place] * steps[k] * scale)
                row, variable = row + 1, variable + 1
        base = float(sum(self.weights * problem.distances[:, usable].min(axis=1))) * scale
        total = problem.candidates + variable
        matrix = sparse.csr_array((entries, (rows, columns)), shape=(row, total + 1))
        lower, upper = problem.bounds(variable + 1)
        upper[self.never] = 0
        lower[self.always] = 1
        lower[-1] = 1  # the last variable is fixed; its cost is the least that all places pay
        return minimize(
            np.r_[np.zeros(problem.candidates), cost, base],
            problem.candidates,
            (lower, upper),
            [Rows.at_least(matrix, np.array(least)), *problem.limits(variable + 1)],
            problem.left,
            hear,
            start=self.cheapest,
        )
