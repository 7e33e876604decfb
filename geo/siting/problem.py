"""What the siting models share: the question checked, the answer, and a first choice made fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.highs import Rows

TIME_LIMIT_S = 60.0
LEAST_TIME_S = 0.01
"""What ``Problem.left`` tells when there is none left, so that the solver can say so itself."""


class Outcome(StrEnum):
    """How far the solver got."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    TIME_LIMIT = "time_limit"


@dataclass(frozen=True)
class Solution:
    """``sites``: the columns chosen, the kept ones among them, in ascending order. ``objective`` is
    computed anew from them. ``bound``: no solution can be better than this, where time ran out.
    ``uncovered``: the rows that make a covering problem infeasible; none where the budget does."""

    outcome: Outcome
    sites: tuple[int, ...] = ()
    objective: float | None = None
    bound: float | None = None
    uncovered: tuple[int, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a computation has come after ``seconds``. ``step``: the number of the problem being
    solved, where a model takes several. ``best`` and ``bound``: the objective found and what it can't
    be better than, in the model's own unit; None where nothing is known yet."""

    seconds: float
    step: int = 1
    best: float | None = None
    bound: float | None = None


class Choices(TypedDict, total=False):
    """What every model can be told.

    ``keep``: candidates that stand already; they serve, cost nothing and are part of every solution,
    and ``p`` counts the sites added to them. ``must``: candidates that have to be among the added
    ones; ``forbid``: those that can't be. ``costs``: of adding each candidate, with ``budget``: what
    the added ones may cost together; then ``p`` is the most sites that may be added, not how many
    must be. ``time_limit``: seconds; ``report``: is told how far the computation has come.
    """

    keep: Sequence[int]
    must: Sequence[int]
    forbid: Sequence[int]
    costs: ArrayLike
    budget: float
    time_limit: float
    report: Callable[[Progress], None]


class Problem:
    """Distances and choices, checked.

    Raises:
        ValueError: they make no sense.
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
        """Which candidates are not forbidden."""
        allowed = np.ones(self.candidates, dtype=bool)
        allowed[list(self.forbid)] = False
        return allowed

    def bounds(self, more: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper bounds of the candidates' variables, and 0 and 1 for ``more`` after them."""
        lower, upper = np.zeros(self.candidates + more), np.ones(self.candidates + more)
        lower[list(self.keep | self.must)] = 1
        upper[list(self.forbid)] = 0
        return lower, upper

    def limits(self, more: int = 0, *, exactly: bool = True) -> list[Rows]:
        """The rows that hold the number of sites and their cost; ``more`` variables follow those of the
        candidates. Σ x = p + kept; 1 ≤ Σ x ≤ p + kept with a budget or not ``exactly``; Σ c x ≤ budget."""
        found = []
        if self.sites is not None or self.budget is not None:
            most = self.candidates if self.sites is None else self.sites
            least = most if exactly and self.budget is None else 1
            found.append(_row(np.ones(self.candidates), more, least, most))
        if self.budget is not None:
            found.append(_row(self.costs, more, -np.inf, self.budget))
        return found

    def allows(self, sites: Sequence[int]) -> bool:
        """Whether the sites are not too many and not too dear."""
        few = self.sites is None or len(sites) <= self.sites
        return few and (self.budget is None or self.costs[list(sites)].sum() <= self.budget * (1 + 1e-9))

    def nearest(self, sites: Sequence[int]) -> NDArray[np.float64]:
        """Each demand place's distance to the nearest of ``sites``."""
        return np.asarray(self.distances[:, list(sites)].min(axis=1), dtype=float)

    def worst(self, sites: Sequence[int]) -> float:
        """The distance of whoever is farthest from the nearest of ``sites``."""
        return float(self.nearest(sites).max())

    def tell(self, step: int, best: float | None, bound: float | None) -> None:
        """Report how far the computation has come, where somebody wants to know."""
        if self.report is not None:
            self.report(Progress(time.monotonic() - self.started, step, best, bound))

    def teller(
        self, step: int = 1, scale: float = 1.0, known: float | None = None
    ) -> Callable[[float | None, float | None], None] | None:
        """What the solver calls with the best value and the bound of its own objective, which is the
        model's times ``scale``. ``known``: the best value so far, where what is being solved is an easier
        problem whose own values promise too much. None: nobody listens."""
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
    """One weight of 0 or more for each demand place.

    Raises:
        ValueError: they are not that, or all 0.
    """
    values = np.asarray(weights, dtype=float)
    if values.shape != (demands,) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise ValueError("weights must be one number of 0 or more for each demand place, not all 0")
    return values


def first_choice(problem: Problem, weights: NDArray[np.float64]) -> tuple[int, ...]:
    """A fair first choice: whichever site helps the weighted distance most next, while number and
    budget allow.

    Raises:
        ValueError: the budget pays for no site, and none stands.
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
        # Only whoever is served from nearer now changes what another site would save.
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
    """By how much each candidate would lessen the weighted distance."""
    return np.asarray(weights @ np.maximum(0.0, nearest[:, None] - distances), dtype=float)
