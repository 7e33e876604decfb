"""Lagrangean relaxation of the p-median: an almost tight bound, and the candidates it rules out.

Let every place i pay a price λ_i for being served, and drop the constraint that it is served exactly once:

L(λ, μ) = Σ_i λ_i − μ B + min_x Σ_j (μ c_j + Σ_i min(0, w_i d_ij − λ_i)) x_j  over  Σ_j x_j = p, x binary,

with μ ≥ 0 the price of the budget B (then Σ_j x_j ≤ p). For any prices no choice of sites costs less than L. The
prices are raised by subgradient steps. G. Cornuéjols, M. L. Fisher, G. L. Nemhauser, "Location of bank accounts
to optimize float", Management Science 23 (1977) 789–810. Each step keeps most of the direction of the last, which is
much sooner near the best bound: P. M. Camerini, L. Fratta, F. Maffioli, "On improving relaxation methods by modified
gradient techniques", Mathematical Programming Study 3 (1975) 26–34.

If L plus the extra cost of opening candidate j exceeds the cost of a known choice, no better choice contains j;
if L plus the extra cost of leaving it out does, every better choice contains it: J. E. Beasley, "Lagrangean
heuristics for location problems", European Journal of Operational Research 65 (1993) 383–399.

Only the nearest candidates of each place are stored. Being served from farther away, or by an existing site,
costs at least a known amount; λ_i is not allowed to exceed it, so L remains a valid bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.siting.problem import Problem

STEPS = 3000
PATIENCE = 20
SMALLEST_STEP = 1e-4
BUDGET_HALVINGS = 40
SURELY = 1e-9
"""Relative margin by which a bound must exceed a cost, to exclude rounding errors."""


@dataclass(frozen=True)
class Relaxed:
    """The solution of the relaxed problem at some prices.

    ``bound``: no choice costs less. ``values``: the change of cost from opening each free candidate. ``opened``:
    the candidates opened, as indices into the free ones.
    """

    bound: float
    values: NDArray[np.float64]
    opened: NDArray[np.int64]


def nearest_columns(
    distances: NDArray[np.float64], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the ``count`` nearest columns of each row, in no order, and the distance of the next one: infinite where
    these are all.
    """
    if count >= distances.shape[1]:
        return np.broadcast_to(np.arange(distances.shape[1]), distances.shape), np.array(np.inf)
    order = np.argpartition(distances, count, axis=1)
    return order[:, :count], np.take_along_axis(distances, order[:, count, None], 1)[:, 0]


class Lagrangean:
    """The relaxation of one problem.

    ``free``: the candidates that can be opened or not. ``number``: how many of them are opened; with a budget, at
    most that many.
    """

    kept_direction = 0.9
    """Share of the last step's direction that the next one keeps."""

    def __init__(self, problem: Problem, weights: NDArray[np.float64]) -> None:
        forced = self._set_apart(problem, weights)
        self._budget = None if problem.budget is None else problem.budget - float(problem.costs[forced].sum())
        self._costs = problem.costs[self.free]
        distances = problem.distances[np.ix_(self._some, self.free)]
        count = min(len(self.free), 50 + 4 * len(self.free) // max(1, self.number + len(forced)))
        standing = problem.distances[np.ix_(self._some, forced)].min(axis=1) if len(forced) else np.inf
        near, farther = nearest_columns(distances, count)
        self._near = np.ascontiguousarray(near)
        self._charges = np.take_along_axis(distances, self._near, 1) * self._weights[:, None]
        self._most = np.broadcast_to(np.minimum(standing, farther), len(self._some)) * self._weights

    def _set_apart(self, problem: Problem, weights: NDArray[np.float64]) -> NDArray[np.intp]:
        """Take the places with a weight and the candidates that can be opened or not; return the forced ones."""
        self._problem = problem
        self._some = np.flatnonzero(weights)
        self._weights = weights[self._some]
        forced = np.array(sorted(problem.keep | problem.must), dtype=np.intp)
        allowed = problem.usable
        allowed[forced] = False
        self.free = np.flatnonzero(allowed)
        self.exactly = problem.budget is None
        left = len(self.free) if problem.sites is None else problem.sites - len(forced)
        self.number = min(left, len(self.free))
        return forced

    def solve(self, prices: NDArray[np.float64]) -> tuple[Relaxed, NDArray[np.float64]]:
        """Solve the relaxed problem at the given prices. Return it and, for each place, 1 minus the number of open
        sites that serve it.
        """
        cheaper = np.flatnonzero(self._charges < prices[:, None])
        places, columns = cheaper // self._near.shape[1], self._near.ravel()[cheaper]
        saved = self._charges.ravel()[cheaper] - prices[places]
        values = np.asarray(np.bincount(columns, saved, len(self.free)), dtype=float)
        budget_price = self._budget_price(values)
        if budget_price:
            values = values + budget_price * self._costs
        opened = self._cheapest(values)
        bound = float(prices.sum() + values[opened].sum())
        if self._budget is not None:
            bound -= budget_price * self._budget
        taken = np.zeros(len(self.free), dtype=bool)
        taken[opened] = True
        short = 1.0 - np.bincount(places[taken[columns]], minlength=len(prices))
        return Relaxed(bound, values, opened), np.asarray(short, dtype=float)

    def improve(self, sites: Sequence[int], cost: float) -> Iterator[tuple[Relaxed, Relaxed]]:
        """Yield the best relaxation so far and that of the current step, with rising bounds.

        Starts with prices that fit ``sites``, a choice of that ``cost``: each place pays the mean of its costs at
        the nearest and the second nearest site.
        """
        served = self._problem.distances[np.ix_(self._some, np.array(sites, dtype=np.intp))]
        between = np.partition(served, min(1, len(sites) - 1), axis=1)[:, :2].mean(axis=1)
        prices = np.minimum(self._weights * between, self._most)
        best, best_prices = None, prices
        scale, stalled, direction = 1.0, 0, np.zeros(len(prices))
        for _ in range(STEPS):
            relaxed, short = self.solve(prices)
            if best is None or relaxed.bound > best.bound:
                best, best_prices, stalled = relaxed, prices, 0
            else:
                stalled += 1
            yield best, relaxed
            # A place at its highest price is served elsewhere, so it is not short of service.
            short = np.where((prices >= self._most) & (short > 0), 0.0, short)
            if stalled >= PATIENCE:
                scale, stalled, prices = scale / 1.5, 0, best_prices
                direction = np.zeros(len(prices))
            direction = short + self.kept_direction * direction
            length = float(direction @ direction)
            if not length or scale < SMALLEST_STEP:
                return
            step = scale * max(cost - relaxed.bound, SURELY * cost) / length
            prices = np.clip(prices + step * direction, 0.0, self._most)

    def decide(self, relaxed: Relaxed, cost: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the candidates in no choice, and those in every choice, that costs less than ``cost``."""
        values, most = relaxed.values, cost * (1 + SURELY)
        taken = np.zeros(len(values), dtype=bool)
        taken[relaxed.opened] = True
        full = len(relaxed.opened) == self.number
        dearest = values[relaxed.opened].max() if full and len(relaxed.opened) else 0.0
        others = values[~taken]
        next_best = others.min() if len(others) else (np.inf if self.exactly else 0.0)
        if not self.exactly:
            next_best = min(0.0, next_best) if full else 0.0
        never = ~taken & (relaxed.bound + values - dearest > most)
        always = taken & (relaxed.bound + next_best - values > most)
        return self.free[never], self.free[always]

    def _cheapest(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        if self.number < len(values):
            opened = np.argpartition(values, self.number)[: self.number]
        else:
            opened = np.arange(len(values))
        return opened if self.exactly else opened[values[opened] < 0]

    def _budget_price(self, values: NDArray[np.float64]) -> float:
        """Return the budget price with the best bound: the lowest at which the opened sites are affordable.

        Found by bisection. Any price gives a valid bound.
        """
        if self._budget is None or self._costs[self._cheapest(values)].sum() <= self._budget:
            return 0.0
        dear = self._costs > 0
        low, high = 0.0, float((-values[dear] / self._costs[dear]).max())
        for _ in range(BUDGET_HALVINGS):
            middle = (low + high) / 2
            if self._costs[self._cheapest(values + middle * self._costs)].sum() > self._budget:
                low = middle
            else:
                high = middle
        return high
