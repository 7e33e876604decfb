"""Parts shared by the siting models: the checked problem, and a fast first choice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.highs import Rows
from geo.siting.solution import TIME_LIMIT_S, Progress

LEAST_TIME_S = 0.01
"""Value of ``Problem.left`` when no time is left, so that the solver itself reports the time limit."""


class Problem:
    """The checked distances and options of a siting problem.

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
        time_limit: float = TIME_LIMIT_S,
        report: Callable[[Progress], None] | None = None,
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

    def limits(self, more: int = 0, *, exactly: bool = True) -> list[Rows]:
        """Return the constraints on the number of sites and their cost.

        Σ x = p + kept, or 1 ≤ Σ x ≤ p + kept with a budget or if not ``exactly``; Σ c x ≤ budget. ``more``: the
        number of variables after those of the candidates.
        """
        found = []
        if self.sites is not None or self.budget is not None:
            most = self.candidates if self.sites is None else self.sites
            least = most if exactly and self.budget is None else 1
            found.append(_row(np.ones(self.candidates), more, least, most))
        if self.budget is not None:
            found.append(_row(self.costs, more, -np.inf, self.budget))
        return found

    def allows(self, sites: Sequence[int]) -> bool:
        """Whether the sites respect the maximum number and the budget."""
        few = self.sites is None or len(sites) <= self.sites
        return few and (self.budget is None or self.costs[list(sites)].sum() <= self.budget * (1 + 1e-9))

    def nearest(self, sites: Sequence[int]) -> NDArray[np.float64]:
        """Return each demand place's distance to the nearest of ``sites``."""
        return np.asarray(self.distances[:, list(sites)].min(axis=1), dtype=float)

    def worst(self, sites: Sequence[int]) -> float:
        """Return the largest distance of a demand place to the nearest of ``sites``."""
        return float(self.nearest(sites).max())

    def tell(self, step: int, best: float | None, bound: float | None) -> None:
        """Call ``report``, if there is one, with the progress of the computation."""
        if self.report is not None:
            self.report(Progress(time.monotonic() - self.started, step, best, bound))

    def teller(
        self, step: int = 1, scale: float = 1.0, known: float | None = None
    ) -> Callable[[float | None, float | None], None] | None:
        """Return the callback for the solver's progress, or None without ``report``.

        The solver calls it with the best value and the bound of its own objective, which is the model's times
        ``scale``. ``known``: the best value so far, to report instead if the solver works on a relaxed problem
        whose values are too good.
        """
        if self.report is None:
            return None

        def hear(best: float | None, bound: float | None) -> None:
            own = None if best is None else best / scale
            self.tell(step, own if known is None else known, None if bound is None else bound / scale)

        return hear


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


def first_choice(problem: Problem, weights: NDArray[np.float64]) -> tuple[int, ...]:
    """Return a first choice by greedy adding: each next site lowers the weighted distance most, within number and
    budget.

    Raises:
        ValueError: the budget pays for no site and none exists.
    """
    chosen = sorted(problem.keep | problem.must)
    barred = ~problem.usable
    barred[chosen] = True
    spent = float(problem.costs[chosen].sum())
    most = problem.candidates if problem.sites is None else problem.sites
    nearest = problem.nearest(chosen) if chosen else None
    saved = -(weights @ problem.distances) if nearest is None else _saved(weights, nearest, problem.distances)
    while len(chosen) < most:
        if problem.budget is not None:
            barred |= spent + problem.costs > problem.budget
        if barred.all():
            break
        column = int(np.where(barred, -np.inf, saved).argmax())
        chosen.append(column)
        barred[column] = True
        spent += float(problem.costs[column])
        away = problem.distances[:, column]
        if nearest is None:
            nearest = away.copy()
            saved = _saved(weights, nearest, problem.distances)
            continue
        # Only places that are now served from nearer change the saving of other sites.
        closer = away < nearest
        part, some = problem.distances[closer], weights[closer]
        saved += _saved(some, away[closer], part) - _saved(some, nearest[closer], part)
        nearest = np.minimum(nearest, away)
    if not chosen:
        raise ValueError("the budget pays for no site, and none stands")
    return tuple(sorted(chosen))


def _saved(
    weights: NDArray[np.float64], nearest: NDArray[np.float64], distances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the decrease of the weighted distance from adding each candidate."""
    return np.asarray(weights @ np.maximum(0.0, nearest[:, None] - distances), dtype=float)
