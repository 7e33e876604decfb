"""Sharing out demand among sites of limited capacity: the constraints that all capacitated models have.

With x_j = 1 where a site stands and s_ij the share of the demand w_i of place i that site j serves:

Σ_j s_ij = 1 (or ≤ 1 where not all demand need be served),  Σ_i w_i s_ij ≤ Q_j x_j,  0 ≤ s_ij ≤ x_j.

A place may be divided among sites. So, for given sites, the shares are a transportation problem, a linear program.
C. S. ReVelle, H. A. Eiselt, "Location analysis: a synthesis and survey", European Journal of Operational Research 165
(2005) 1–19, section 3; the constraints s_ij ≤ x_j, which follow from the others for whole sites, make the linear
relaxation tighter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.highs import Found, Hear, Rows, minimize
from geo.siting.problem import Problem, checked_weights
from geo.siting.solution import Share

TIGHT_PAIRS = 30_000
"""Up to so many pairs the tightening constraints are worth their number."""
LEAST_SHARE = 1e-7
LITTLE = 1e-9
SHARING_S = 10.0
"""Time for sharing out the demand among given sites, which is needed for an answer even if time has run out."""


@dataclass(frozen=True)
class Sharing:
    """The pairs of demand places and candidates between which demand may be shared out.

    ``weights``: of every demand place. ``capacities``: of every candidate, in the same unit. ``rows``, ``columns``:
    the pairs. ``costs``: of serving the whole demand of the pair's place there. ``all_served``: the places (mask) whose
    demand must be served. ``beyond``: the least cost of serving a place by a candidate that is not in its pairs; then
    any share of it may be served there, whatever the capacity, so the problem is a relaxation. None: not allowed.
    """

    problem: Problem
    weights: NDArray[np.float64]
    capacities: NDArray[np.float64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    costs: NDArray[np.float64]
    all_served: NDArray[np.bool_]
    beyond: NDArray[np.float64] | None = None

    @classmethod
    def over(
        cls,
        problem: Problem,
        weights: ArrayLike,
        capacities: ArrayLike,
        near: NDArray[np.bool_],
        costs: NDArray[np.float64],
        served: NDArray[np.bool_],
    ) -> Sharing:
        """Return the sharing over the pairs ``near`` (mask); ``served``: the places that must be.

        Raises:
            ValueError: the weights or capacities are invalid.
        """
        values = checked_weights(weights, problem.demands)
        room = checked_capacities(capacities, problem.candidates)
        rows, columns = np.nonzero(near)
        return cls(problem, values, room, rows, columns, costs[rows, columns], served)

    def greedy(self, near: NDArray[np.bool_]) -> tuple[int, ...]:
        """Return sites that fill up one after the other, until there are as many as asked for and all is served."""
        little = LITTLE * float(self.weights.sum())
        least = 0 if self.problem.sites is None else self.problem.sites
        return filled_greedily(
            self.problem,
            sparse.csr_array(near.astype(float)),
            self.weights,
            self.capacities,
            lambda left, taken: left <= little and taken >= least,
        )

    def solve(
        self,
        site_cost: float,
        seconds: float,
        *,
        scale: float = 1.0,
        hear: Hear | None = None,
        start: Sequence[int] | None = None,
        fixed: Sequence[int] | None = None,
    ) -> Found:
        """Minimize ``site_cost`` × sites + the costs of the shares, all × ``scale``.

        The first variables of the solution are the candidates', then come the pairs' shares. ``fixed``: the sites are
        given, only the shares are sought.
        """
        problem, pairs = self.problem, len(self.rows)
        extra = np.flatnonzero(np.isfinite(self.beyond)) if self.beyond is not None else np.array([], dtype=int)
        more = pairs + len(extra)
        lower, upper = problem.bounds(more)
        limits = problem.limits(more) if fixed is None else []
        if fixed is not None:
            lower[: problem.candidates] = upper[: problem.candidates] = 0
            lower[list(fixed)] = upper[list(fixed)] = 1
        costs = [np.full(problem.candidates, site_cost), self.costs]
        if self.beyond is not None:
            costs.append(self.beyond[extra])
        return minimize(
            np.concatenate(costs) * scale,
            problem.candidates if fixed is None else 0,
            (lower, upper),
            [*self._served(extra), *self._capacity(len(extra)), *limits],
            seconds,
            hear,
            start=start,
        )

    def cost(self, values: NDArray[np.float64]) -> float:
        """Return the cost of the shares of a solution, without what is served beyond."""
        first = self.problem.candidates
        return float(self.costs @ values[first : first + len(self.rows)])

    def assignment(self, values: NDArray[np.float64]) -> tuple[Share, ...]:
        """Return the shares of a solution, by demand place."""
        first = self.problem.candidates
        shares = values[first : first + len(self.rows)]
        taken = np.flatnonzero(shares > LEAST_SHARE)
        taken = taken[np.lexsort((self.columns[taken], self.rows[taken]))]
        return tuple(Share(int(self.rows[one]), int(self.columns[one]), min(1.0, float(shares[one]))) for one in taken)

    def goes_beyond(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the places of which a share is served beyond their pairs."""
        if self.beyond is None:
            return np.array([], dtype=int)
        extra = np.flatnonzero(np.isfinite(self.beyond))
        return extra[values[self.problem.candidates + len(self.rows) :] > LEAST_SHARE]

    def _served(self, extra: NDArray[np.int64]) -> list[Rows]:
        """Σ_j s_ij = 1 or ≤ 1."""
        problem, pairs = self.problem, len(self.rows)
        rows = np.r_[self.rows, extra]
        columns = problem.candidates + np.arange(pairs + len(extra))
        matrix = sparse.csr_array(
            (np.ones(len(rows)), (rows, columns)), shape=(problem.demands, problem.candidates + len(rows))
        )
        return [Rows(matrix, self.all_served.astype(float), np.ones(problem.demands))]

    def _capacity(self, extra: int) -> list[Rows]:
        """x_j − Σ_i (w_i / M_j) s_ij ≥ 0, with M_j = Q_j or, if less, all that can be served there; x_j − s_ij ≥ 0."""
        problem, pairs = self.problem, len(self.rows)
        total = problem.candidates + pairs + extra
        demand = self.weights[self.rows]
        most = np.minimum(self.capacities, np.bincount(self.columns, demand, problem.candidates))
        filled = np.flatnonzero((demand > 0) & (most[self.columns] > 0))
        sites, shares = np.arange(problem.candidates), problem.candidates + np.arange(pairs)
        room = sparse.csr_array(
            (
                np.r_[np.ones(len(sites)), -demand[filled] / most[self.columns[filled]]],
                (np.r_[sites, self.columns[filled]], np.r_[sites, shares[filled]]),
            ),
            shape=(len(sites), total),
        )
        # Without capacity a place with demand gets nothing; one without demand takes up nothing.
        tight = np.flatnonzero(demand == 0) if pairs > TIGHT_PAIRS else np.arange(pairs)
        none = np.flatnonzero((demand > 0) & (most[self.columns] <= 0))
        number = np.arange(len(tight))
        stands = sparse.csr_array(
            (
                np.r_[np.ones(len(tight)), -np.ones(len(tight))],
                (np.r_[number, number], np.r_[self.columns[tight], shares[tight]]),
            ),
            shape=(len(tight), total),
        )
        nothing = sparse.csr_array(
            (-np.ones(len(none)), (np.arange(len(none)), shares[none])), shape=(len(none), total)
        )
        return [Rows.at_least(one, 0.0) for one in (room, stands, nothing)]


def checked_capacities(capacities: ArrayLike, candidates: int) -> NDArray[np.float64]:
    """Return the capacities as an array; infinity is no limit.

    Raises:
        ValueError: there is not one of 0 or more for each candidate.
    """
    values = np.asarray(capacities, dtype=float)
    if values.shape != (candidates,) or not (values >= 0).all():
        raise ValueError("capacities must be one number of 0 or more for each candidate")
    return values


def filled_greedily(
    problem: Problem,
    near: sparse.csr_array,
    weights: NDArray[np.float64],
    capacities: NDArray[np.float64],
    enough: Callable[[float, int], bool],
) -> tuple[int, ...]:
    """Return sites added one by one, each serving the most of what the others leave; it fills up in order of rows.

    ``near``: 1 where a candidate (column) may serve a place (row). ``enough``: whether no more is to be added when so
    much demand is left and so many sites are taken.
    """
    by_column = near.tocsc()
    left = weights.astype(float)

    def serve(column: int) -> None:
        rows = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
        room = np.clip(capacities[column] - (np.cumsum(left[rows]) - left[rows]), 0.0, left[rows])
        left[rows] -= room

    taken = problem.begun()
    for site in taken:
        serve(site)
    most = problem.candidates if problem.sites is None else problem.sites
    while len(taken) < most and not enough(float(left.sum()), len(taken)):
        barred = problem.barred(taken)
        if barred.all():
            break
        gain = np.minimum(capacities, left @ near)
        column = int(np.where(barred, -np.inf, gain).argmax())
        taken.append(column)
        serve(column)
    return tuple(sorted(taken))
