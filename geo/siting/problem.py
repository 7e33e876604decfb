"""The checked distances and options of a siting problem, shared by the models."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.highs import Rows
from geo.siting.solution import TIME_LIMIT_S, Among, Progress

LEAST_TIME_S = 0.01
"""Value of ``Problem.left`` when no time is left, so that the solver itself reports the time limit."""


class Problem:
    """The checked distances and options of a siting problem. A distance of infinity can't be travelled.

    Raises:
        ValueError: they are invalid.
    """

    def __init__(
        self,
        distances: ArrayLike,
        p: int | None,
        *,
        keep: Sequence[int] = (),
        must: Sequence[int] = (),
        forbid: Sequence[int] = (),
        costs: ArrayLike | None = None,
        budget: float | None = None,
        among: Sequence[Among] = (),
        time_limit: float = TIME_LIMIT_S,
        report: Callable[[Progress], None] | None = None,
    ) -> None:
        self.distances = np.asarray(distances, dtype=float)
        if self.distances.ndim != 2 or not self.distances.size:
            raise ValueError("distances must be a matrix of demand places by candidates, neither empty")
        if not (self.distances >= 0).all():
            raise ValueError("a distance is negative or not a number")
        self.demands, self.candidates = self.distances.shape
        self.among = tuple(among)
        named = [("among", one.columns) for one in self.among]
        for name, chosen in (("keep", keep), ("must", must), ("forbid", forbid), *named):
            if any(not 0 <= column < self.candidates for column in chosen):
                raise ValueError(f"{name} names a candidate that is not there")
        self.keep, self.must = set(keep), set(must) - set(keep)
        self.forbid = set(forbid) - self.keep
        if self.must & self.forbid:
            raise ValueError("a candidate is both demanded and forbidden")
        free = self.candidates - len(self.keep) - len(self.forbid)
        if p is not None and not max(1, len(self.must)) <= p <= free:
            raise ValueError(f"p is {p}: choose from {max(1, len(self.must))} to {free}")
        self.sites = None if p is None else p + len(self.keep)
        self.budget = budget
        self.costs = self._checked_costs(costs)
        self.report = report
        self.started = time.monotonic()
        self._deadline = self.started + time_limit

    def _checked_costs(self, costs: ArrayLike | None) -> NDArray[np.float64]:
        if costs is None and self.budget is None:
            return np.zeros(self.candidates)
        if costs is None or self.budget is None:
            raise ValueError("costs and budget go together")
        values = np.array(costs, dtype=float)
        if values.shape != (self.candidates,) or not np.isfinite(values).all() or (values < 0).any():
            raise ValueError("costs must be one number of 0 or more for each candidate")
        values[list(self.keep)] = 0
        if values[list(self.must)].sum() > self.budget:
            raise ValueError("the candidates demanded cost more than the budget")
        return values

    @property
    def left(self) -> float:
        """Seconds left, at least ``LEAST_TIME_S``."""
        return max(LEAST_TIME_S, self._deadline - time.monotonic())

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Mask of the candidates that are not forbidden."""
        allowed = np.ones(self.candidates, dtype=bool)
        allowed[list(self.forbid)] = False
        return allowed

    def bounds(self, more: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return lower and upper bounds of the candidates' variables, followed by 0 and 1 for ``more`` variables."""
        lower, upper = np.zeros(self.candidates + more), np.ones(self.candidates + more)
        lower[list(self.keep | self.must)] = 1
        upper[list(self.forbid)] = 0
        return lower, upper

    def limits(self, more: int = 0) -> list[Rows]:
        """Return the constraints on the number of sites, their cost, and how many are among some candidates.

        Σ x = p + kept, or 1 ≤ Σ x ≤ p + kept with a budget; Σ c x ≤ budget. ``more``: the number of variables after
        those of the candidates.
        """
        found = []
        if self.sites is not None or self.budget is not None:
            most = self.candidates if self.sites is None else self.sites
            least = most if self.budget is None else 1
            found.append(_row(np.ones(self.candidates), more, least, most))
        if self.budget is not None:
            found.append(_row(self.costs, more, -np.inf, self.budget))
        for one in self.among:
            counted = np.isin(np.arange(self.candidates), one.columns).astype(float)
            found.append(_row(counted, more, one.least, np.inf if one.most is None else one.most))
        return found

    def allows(self, sites: Sequence[int]) -> bool:
        """Whether the sites respect the maximum number, the budget, and the numbers among some candidates."""
        few = self.sites is None or len(sites) <= self.sites
        affordable = self.budget is None or self.costs[list(sites)].sum() <= self.budget * (1 + 1e-9)
        return few and affordable and all(self.counts_well(one, sites) for one in self.among)

    def complete(self, sites: Sequence[int]) -> bool:
        """Whether the sites, at least one and none forbidden, respect all limits and include those demanded."""
        chosen = set(sites)
        enough = len(chosen) == self.sites if self.sites is not None and self.budget is None else bool(chosen)
        return enough and self.keep | self.must <= chosen and not self.forbid & chosen and self.allows(sites)

    def barred(self, taken: Sequence[int]) -> NDArray[np.bool_]:
        """Return the mask of the candidates that can't be added to the sites ``taken``."""
        barred = ~self.usable
        barred[list(taken)] = True
        if self.budget is not None:
            barred |= self.costs[list(taken)].sum() + self.costs > self.budget
        for one in self.among:
            if one.most is not None and len(set(one.columns).intersection(taken)) >= one.most:
                barred[list(one.columns)] = True
        return barred

    def exchange_barred(
        self, sites: Sequence[int] | NDArray[np.int64], pool: NDArray[np.int64] | None = None
    ) -> NDArray[np.bool_]:
        """Return the mask of the exchanges of a site (row) for a candidate of ``pool`` (column; None: any) that break
        a limit, if the sites themselves respect them.
        """
        out = np.asarray(sites, dtype=np.intp)
        into = np.arange(self.candidates) if pool is None else pool
        fixed = np.isin(out, sorted(self.keep | self.must))
        barred = fixed[:, None] | (np.isin(into, out) | ~self.usable[into])[None]
        if self.budget is not None:
            dearer = self.costs[into][None] - self.costs[out][:, None]
            barred |= self.costs[out].sum() + dearer > self.budget
        for one in self.among:
            counted = np.isin(out, one.columns)
            number = counted.sum() - counted[:, None].astype(int) + np.isin(into, one.columns)[None]
            barred |= (number < one.least) | (number > (self.candidates if one.most is None else one.most))
        return barred

    @staticmethod
    def counts_well(one: Among, sites: Sequence[int]) -> bool:
        """Whether the number of the sites that are among some candidates is allowed."""
        number = len(set(one.columns).intersection(sites))
        return one.least <= number and (one.most is None or number <= one.most)

    def with_distances(self, distances: NDArray[np.float64]) -> Problem:
        """Return the same problem, with the same time left, with other distances."""
        other = copy.copy(self)
        other.distances, other.demands = distances, len(distances)
        return other

    def unreached(self, rows: NDArray[np.bool_] | None = None) -> tuple[int, ...]:
        """Return the demand places, among ``rows`` (a mask), that no allowed candidate can reach."""
        beyond = ~np.isfinite(self.distances[:, self.usable]).any(axis=1)
        return tuple(np.flatnonzero(beyond if rows is None else beyond & rows).tolist())

    def nearest(self, sites: Sequence[int]) -> NDArray[np.float64]:
        """Return each demand place's distance to the nearest of ``sites``."""
        return np.asarray(self.distances[:, list(sites)].min(axis=1), dtype=float)

    def worst(self, sites: Sequence[int]) -> float:
        """Return the largest distance of a demand place to the nearest of ``sites``."""
        return float(self.nearest(sites).max())

    def tell(self, step: int, best: float | None, bound: float | None, sites: tuple[int, ...] = ()) -> None:
        """Call ``report``, if there is one, with the progress of the computation; ``sites``: the choice of ``best``."""
        if self.report is not None:
            self.report(Progress(time.monotonic() - self.started, step, best, bound, sites))


def _row(values: NDArray[np.float64], more: int, least: float, most: float) -> Rows:
    row = sparse.csr_array(np.r_[values, np.zeros(more)][None])
    return Rows(row, np.array([least]), np.array([most]))


def checked_weights(weights: ArrayLike, demands: int) -> NDArray[np.float64]:
    """Return the weights as an array, one number of 0 or more for each demand place.

    Raises:
        ValueError: there are too few or too many, one is negative or not finite, or all are 0.
    """
    values = np.asarray(weights, dtype=float)
    if values.shape != (demands,) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise ValueError("weights must be one number of 0 or more for each demand place, not all 0")
    return values


def checked_reach(within: float) -> float:
    """Return the distance that counts as reached.

    Raises:
        ValueError: it is negative or not a finite number.
    """
    if not 0 <= within < np.inf:
        raise ValueError("the distance that counts as reached must be a number of 0 or more")
    return within
