"""p-center: the least distance of whoever is worst off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.siting.cover_test import CoverTest
from geo.siting.problem import LEAST_TIME_S, Choices, Outcome, Problem, Solution, first_choice

TEST_SHARE = 0.25
RELAXATION_SHARE = 0.05


def p_center(distances: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """p-center: ``p`` sites with the least distance of whoever is worst off.

    The answer is one of the distances: the smallest within which the sites allowed can reach everybody
    (Minieka 1970). Halving the sorted distinct distances finds it, with a covering problem as the test of
    each; first with its linear relaxation, which is solved fast and proves most of the small ones too
    small, then as it is. M. S. Daskin, "Network and Discrete Location", Wiley 1995, section 5.4, halves so.
    Where time runs out, the choice found and the least distance not proven too small enclose the answer.

    Raises:
        ValueError: the distances or a choice make no sense.
    """
    problem = Problem(distances, p, **choices)
    best = min(first_choice(problem, np.ones(problem.demands)), _farthest_first(problem), key=problem.worst)
    least = float(problem.distances[:, problem.usable].min(axis=1).max())
    worst = problem.worst(best)
    radii = np.unique(problem.distances[(problem.distances >= least) & (problem.distances <= worst)])
    best = _covered_closer(problem, radii, best)
    high = int(np.searchsorted(radii, problem.worst(best)))
    low, step = _proven_too_small(problem, radii, high)
    # A distance that can't be decided in a part of the time is left, and a farther one tried for a better choice.
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
    """A better choice, where a search finds sites that reach everybody within less."""
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
    """The first of the distances that the relaxation does not prove too small, and how many tests that took."""
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
    """A choice no worse than twice the best where every place is a candidate: each next site is the one
    nearest to whoever is worst off. T. F. Gonzalez, "Clustering to minimize the maximum intercluster
    distance", Theoretical Computer Science 38 (1985) 293–306."""
    start = sorted(problem.keep | problem.must)
    if problem.budget is not None:
        return first_choice(problem, np.ones(problem.demands))
    if not start:
        middle = np.where(problem.usable, problem.distances.max(axis=0), np.inf)
        start = [int(middle.argmin())]
    return _filled(problem, start)


def _filled(problem: Problem, sites: Sequence[int]) -> tuple[int, ...]:
    """The sites and, where a number is asked for and fewer do, others nearest to the worst off."""
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
