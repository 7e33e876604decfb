"""Lagrangean relaxation of the p-median with capacities: a bound, and sites worth trying.

As ``geo.siting.lagrangean``, with a capacity for each candidate: at prices λ_i, opening candidate j is worth

v_j = min Σ_i (w_i d_ij − λ_i) s_ij  over  Σ_i w_i s_ij ≤ Q_j,  0 ≤ s_ij ≤ 1,

a knapsack that may be filled in parts: the places with the least d_ij − λ_i / w_i first. The best bound is that of the
linear relaxation with s_ij ≤ x_j. K. Darby-Dowman, H. S. Lewis, "Lagrangian relaxation and the single-source
capacitated facility-location problem", Journal of the Operational Research Society 39 (1988) 1035–1040, has the same
for undivided places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.siting.lagrangean import Lagrangean, Relaxed, nearest_columns
from geo.siting.problem import Problem

NEAREST, NEAREST_SITES = 40, 8
"""So many candidates of each place are stored, and as many as hold so many sites."""


class CapacitatedLagrangean(Lagrangean):
    """The relaxation of one problem with finite distances; a budget, and limits among candidates, are left out."""

    kept_direction = 0.0  # the bound is as good without, and the steps pass more choices that are worth trying

    def __init__(self, problem: Problem, weights: NDArray[np.float64], capacities: NDArray[np.float64]) -> None:
        """Take the problem, the weight of each demand place, and the capacity of each candidate."""
        forced = self._set_apart(problem, weights)
        self._forced = len(forced)
        columns = np.r_[forced, self.free]
        self._capacities = capacities[columns]
        distances = problem.distances[np.ix_(self._some, columns)]
        count = NEAREST + NEAREST_SITES * len(columns) // max(1, self.number + len(forced))
        near, farther = nearest_columns(distances, count)
        self._columns = near.ravel()
        self._rows = np.repeat(np.arange(len(self._some)), near.shape[1])
        self._away = np.take_along_axis(distances, near, 1).ravel()
        # A higher price could make a candidate that is not stored worth opening.
        self._most = np.broadcast_to(farther, len(self._some)) * self._weights

    def solve(self, prices: NDArray[np.float64]) -> tuple[Relaxed, NDArray[np.float64]]:
        """Solve the relaxed problem at the given prices. Return it and, for each place, 1 minus the share served."""
        saved = self._away - (prices / self._weights)[self._rows]
        worth = np.flatnonzero(saved < 0)
        worth = worth[np.lexsort((saved[worth], self._columns[worth]))]
        rows, columns = self._rows[worth], self._columns[worth]
        weights = self._weights[rows]
        filled = np.cumsum(weights)
        # What the candidate has served before this place: the running sum without that of the candidates before.
        first = np.searchsorted(columns, columns, side="left")
        before = filled - weights - (filled - weights)[first]
        served = np.clip(self._capacities[columns] - before, 0.0, weights)
        number = self._forced + len(self.free)
        values = np.asarray(np.bincount(columns, served * saved[worth], number), dtype=float)
        free = values[self._forced :]
        opened = self._cheapest(free)
        bound = float(prices.sum() + values[: self._forced].sum() + free[opened].sum())
        standing = np.zeros(number, dtype=bool)
        standing[: self._forced] = True
        standing[self._forced + opened] = True
        share = np.bincount(rows, np.where(standing[columns], served / weights, 0.0), len(self._some))
        return Relaxed(bound, free, opened), np.asarray(1.0 - share, dtype=float)
