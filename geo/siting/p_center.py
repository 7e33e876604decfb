"""p-center: the least maximum distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.siting.cover_test import CoverTest
from geo.siting.problem import LEAST_TIME_S, Problem, first_choice
from geo.siting.solution import Choices, Outcome, Solution

TEST_SHARE = 0.25
RELAXATION_SHARE = 0.05


def p_center(distances: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """Find the ``p`` sites that minimize the distance of the worst-off demand place (p-center).

    The optimum is one of the distances: the smallest within which the allowed sites can reach everybody (Minieka
    1970). Bisection over the sorted distinct distances finds it, with a covering problem as the test of each:
    first its linear relaxation, which is fast and proves most of the small distances too small, then the integer
    problem. M. S. Daskin, "Network and Discrete Location", Wiley 1995, section 5.4, uses the same bisection. If
    time runs out, the choice found and the least distance not proven too small enclose the optimum.

    Raises:
        ValueError: the distances or an option are invalid.
    """
    problem = Problem(distances, p, **choices)
    best = min(first_choice(problem, np.ones(problem.demands)), _farthest_first(problem), key=problem.worst)
    least = float(problem.distances[:, problem.usable].min(axis=1).max())
    worst = problem.worst(best)
    radii = np.unique(problem.distances[(problem.distances >= least) & (problem.distances <= worst)])
    best = _covered_closer(problem, radii, best)
    high = int(np.searchsorted(radii, problem.worst(best)))
    low, step = _proven_too_small(problem, radii, high)
    # A distance that can't be decided in its share of the time is skipped; a larger one is tried for a better
    # choice.
    floor = low
    while low < high and problem.left > LEAST_TIME_S:
        if floor >= high:
            floor = low
        problem.tell(step, float(radii[high]), float(radii[low]))
        middle = (floor + high) // 2
        test = CoverTest(problem, float(radii[middle]))
        found = None if test.impossible or test.reaches_all else test.solve(problem.left * TEST_SHARE)
        if test.impossible or (found is not None and found.infeasible):
            low = floor = middle + 1
        elif found is None or found.values is not None:
            best = _filled(problem, test.forced if found is None else test.sites(found))
            high = int(np.searchsorted(radii, problem.worst(best)))
        else:
            floor = middle + 1
        step += 1
    if low < high:
        return Solution(Outcome.TIME_LIMIT, best, problem.worst(best), float(radii[low]))
    return Solution(Outcome.OPTIMAL, best, problem.worst(best))


def _covered_closer(problem: Problem, radii: NDArray[np.float64], best: tuple[int, ...]) -> tuple[int, ...]:
    """Return a better choice if a heuristic search finds sites that reach everybody within less, else ``best``."""
    low, high = 0, int(np.searchsorted(radii, problem.worst(best)))
    while low < high and problem.left > LEAST_TIME_S:
        middle = (low + high) // 2
        sites = CoverTest(problem, float(radii[middle])).search()
        if sites is None:
            low = middle + 1
        else:
            best = _filled(problem, sites)
            high = min(middle, int(np.searchsorted(radii, problem.worst(best))))
    return best


def _proven_too_small(problem: Problem, radii: NDArray[np.float64], high: int) -> tuple[int, int]:
    """Return the index of the first distance that the relaxation does not prove too small, and the number of tests."""
    low, best, step = 0, float(radii[high]), 1
    while low < high:
        problem.tell(step, best, float(radii[low]))
        middle = (low + high) // 2
        if CoverTest(problem, float(radii[middle])).relaxation_fails(problem.left * RELAXATION_SHARE):
            low = middle + 1
        else:
            high = middle
        step += 1
    return low, step


def _farthest_first(problem: Problem) -> tuple[int, ...]:
    """Return a choice at most twice as bad as the optimum if every place is a candidate.

    Each next site is the one nearest to the worst-off place. T. F. Gonzalez, "Clustering to minimize the maximum
    intercluster distance", Theoretical Computer Science 38 (1985) 293–306.
    """
    start = sorted(problem.keep | problem.must)
    if problem.budget is not None:
        return first_choice(problem, np.ones(problem.demands))
    if not start:
        middle = np.where(problem.usable, problem.distances.max(axis=0), np.inf)
        start = [int(middle.argmin())]
    return _filled(problem, start)


def _filled(problem: Problem, sites: Sequence[int]) -> tuple[int, ...]:
    """Return the sites, filled up to the number asked for with the sites nearest to the worst-off places."""
    added = list(sites)
    barred = ~problem.usable
    barred[added] = True
    nearest = problem.nearest(added) if added else np.full(problem.demands, np.inf)
    most = problem.sites if problem.budget is None and problem.sites is not None else 0
    while len(added) < most:
        farthest = int(nearest.argmax())
        column = int(np.where(barred, np.inf, problem.distances[farthest]).argmin())
        added.append(column)
        barred[column] = True
        nearest = np.minimum(nearest, problem.distances[:, column])
    return tuple(sorted(added))
