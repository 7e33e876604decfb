"""A fast first choice of sites, so that there is an answer whatever the time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.siting.highs import minimize
from geo.siting.problem import Problem


def first_choice(problem: Problem, weights: NDArray[np.float64]) -> tuple[int, ...] | None:
    """Return a first choice by greedy adding: each next site lowers the weighted distance most, within number and
    budget. Return None if there is no choice at all.

    Raises:
        ValueError: the budget pays for no site and none exists.
    """
    stands = bool(problem.keep | problem.must)
    if problem.budget is not None and not stands and problem.costs[problem.usable].min() > problem.budget:
        raise ValueError("the budget pays for no site, and none stands")
    greedy = _added_greedily(problem, weights)
    return greedy if problem.complete(greedy) else any_choice(problem, weights @ problem.distances)


def any_choice(problem: Problem, dislike: NDArray[np.float64]) -> tuple[int, ...] | None:
    """Return a choice within all limits, or None if there is none (or none is found in the time left).

    ``dislike``: one number for each candidate; of all choices, one with a small sum is sought.
    """
    scale = max(1.0, float(np.abs(dislike).max()))
    found = minimize(dislike / scale, problem.candidates, problem.bounds(), problem.limits(), problem.left)
    return None if found.values is None else chosen(found.values, problem.candidates)


def chosen(values: NDArray[np.float64], candidates: int) -> tuple[int, ...]:
    """Return the candidates whose variables are 1."""
    return tuple(int(column) for column in np.flatnonzero(values[:candidates] > 0.5))


def filled(problem: Problem, sites: Sequence[int]) -> tuple[int, ...]:
    """Return the sites, filled up to the number asked for with the sites nearest to the worst-off places."""
    added = list(sites)
    nearest = problem.nearest(added) if added else np.full(problem.demands, np.inf)
    most = problem.sites if problem.budget is None and problem.sites is not None else 0
    while len(added) < most:
        barred = problem.barred(added)
        if barred.all():
            break
        farthest = int(nearest.argmax())
        column = int(np.where(barred, np.inf, problem.distances[farthest]).argmin())
        added.append(column)
        nearest = np.minimum(nearest, problem.distances[:, column])
    return tuple(sorted(added))


def _added_greedily(problem: Problem, weights: NDArray[np.float64]) -> tuple[int, ...]:
    """Return sites added one by one; the choice may miss some of the problem's limits."""
    added = sorted(problem.keep | problem.must)
    most = problem.candidates if problem.sites is None else problem.sites
    nearest = problem.nearest(added) if added else None
    saved = -(weights @ problem.distances) if nearest is None else _saved(weights, nearest, problem.distances)
    while len(added) < most:
        barred = problem.barred(added)
        if barred.all():
            break
        column = int(np.where(barred, -np.inf, saved).argmax())
        added.append(column)
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
    return tuple(sorted(added))


def _saved(
    weights: NDArray[np.float64], nearest: NDArray[np.float64], distances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the decrease of the weighted distance from adding each candidate."""
    return np.asarray(weights @ np.maximum(0.0, nearest[:, None] - distances), dtype=float)
