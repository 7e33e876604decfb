"""p-center: the least maximum distance."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.siting.cover_test import CoverTest
from geo.siting.first_choice import filled, first_choice
from geo.siting.problem import LEAST_TIME_S, Problem
from geo.siting.search import Search
from geo.siting.solution import Choices, Outcome, Solution

TEST_SHARE = 0.25
RELAXATION_SHARE = 0.05
SEARCH_SHARE = 0.3


def p_center(distances: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """Find the ``p`` sites that minimize the distance of the worst-off demand place (p-center).

    The optimum is one of the distances: the smallest within which the allowed sites can reach everybody (Minieka
    1970). Bisection over the sorted distinct distances finds it, with a covering problem as the test of each:
    first its linear relaxation, which is fast and proves most of the small distances too small, then the integer
    problem. M. S. Daskin, "Network and Discrete Location", Wiley 1995, section 5.4, uses the same bisection. If
    time runs out, the choice found and the least distance not proven too small enclose the optimum.

    Infeasible if no candidate can be reached from a demand place (``uncovered`` lists those rows), or if no choice
    can be reached from all. For that, a distance of infinity counts as one beyond all others.

    Raises:
        ValueError: the distances or an option are invalid.
    """
    given = Problem(distances, p, **choices)
    if uncovered := given.unreached():
        return Solution(Outcome.INFEASIBLE, uncovered=uncovered)
    problem, beyond = _without_infinity(given)
    search = Search(problem, lambda sites: _finite(problem.worst(sites), beyond))
    best = _first(problem)
    if best is None:
        return search.ended(proven=True)
    search.offer(best)
    least = float(problem.distances[:, problem.usable].min(axis=1).max())
    worst = problem.worst(best)
    radii = np.unique(problem.distances[(problem.distances >= least) & (problem.distances <= worst)])
    low = _proven_too_small(search, radii)
    best = _covered_closer(search, radii, low, best)
    high = int(np.searchsorted(radii, problem.worst(best)))
    # A distance that can't be decided in its share of the time is skipped; a larger one is tried for a better
    # choice.
    floor = low
    while low < high and problem.left > LEAST_TIME_S:
        if floor >= high:
            floor = low
        search.limit(float(radii[low]))
        search.tell()
        middle = (floor + high) // 2
        test = CoverTest(problem, float(radii[middle]))
        found = None if test.impossible or test.reaches_all else test.solve(problem.left * TEST_SHARE)
        if test.impossible or (found is not None and found.infeasible):
            low = floor = middle + 1
        elif found is None or found.values is not None:
            best = filled(problem, test.forced if found is None else test.sites(found))
            search.offer(best)
            high = int(np.searchsorted(radii, problem.worst(best)))
        else:
            floor = middle + 1
        search.step += 1
    search.limit(float(radii[low]) if radii[low] < beyond else None)
    return search.ended(proven=low >= high)


def _without_infinity(problem: Problem) -> tuple[Problem, float]:
    """Return the problem with a large distance in the place of infinity, and that distance.

    It is so large that one place beyond reach counts more than all others together, in the sums of a first choice.
    """
    reachable = np.isfinite(problem.distances)
    if reachable.all():
        return problem, np.inf
    beyond = (float(problem.distances[reachable].max()) + 1) * problem.demands
    return problem.with_distances(np.where(reachable, problem.distances, beyond)), beyond


def _finite(distance: float, beyond: float) -> float:
    return distance if distance < beyond else np.inf


def _first(problem: Problem) -> tuple[int, ...] | None:
    """Return the better of two first choices, or None if there is no choice."""
    offered = [first_choice(problem, np.ones(problem.demands)), _farthest_first(problem)]
    return min((one for one in offered if one and problem.complete(one)), key=problem.worst, default=None)


def _covered_closer(search: Search, radii: NDArray[np.float64], low: int, best: tuple[int, ...]) -> tuple[int, ...]:
    """Return a better choice if a heuristic search finds sites that reach everybody within less, else ``best``.

    ``low``: the distances before this one are proven too small.
    """
    problem = search.problem
    high = int(np.searchsorted(radii, problem.worst(best)))
    until = problem.left * (1 - SEARCH_SHARE)
    while low < high and problem.left > until:
        middle = (low + high) // 2
        found = CoverTest(problem, float(radii[middle])).search()
        sites = None if found is None else filled(problem, found)
        if sites is None or not problem.complete(sites):
            low = middle + 1
        else:
            best = sites
            search.offer(best)
            high = min(middle, int(np.searchsorted(radii, problem.worst(best))))
    return best


def _proven_too_small(search: Search, radii: NDArray[np.float64]) -> int:
    """Return the index of the first distance that the relaxation does not prove too small."""
    problem, low, high = search.problem, 0, len(radii) - 1
    while low < high and problem.left > LEAST_TIME_S:
        search.limit(float(radii[low]))
        search.tell()
        middle = (low + high) // 2
        if CoverTest(problem, float(radii[middle])).relaxation_fails(problem.left * RELAXATION_SHARE):
            low = middle + 1
        else:
            high = middle
        search.step += 1
    return low


def _farthest_first(problem: Problem) -> tuple[int, ...]:
    """Return a choice at most twice as bad as the optimum if every place is a candidate.

    Each next site is the one nearest to the worst-off place. T. F. Gonzalez, "Clustering to minimize the maximum
    intercluster distance", Theoretical Computer Science 38 (1985) 293–306. With a budget the choice may be too dear.
    """
    start = sorted(problem.keep | problem.must)
    if not start:
        middle = np.where(problem.usable, problem.distances.max(axis=0), np.inf)
        start = [int(middle.argmin())]
    return filled(problem, start)
