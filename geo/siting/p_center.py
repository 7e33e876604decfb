"""p-center: the least distance of whoever is worst off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.siting.cover_test import CoverTest
from geo.siting.problem import Choices, Outcome, Problem, Solution, first_choice


def p_center(distances: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """p-center: ``p`` sites with the least distance of whoever is worst off.

    The answer is one of the distances: the smallest within which the sites allowed can reach everybody
    (Minieka 1970). Halving the sorted distinct distances finds it, with a covering problem as the test of
    each; first with its linear relaxation, which is solved fast and proves most of the small ones too
    small, then as it is. M. S. Daskin, "Network and Discrete Location", Wiley 1995, section 5.4, halves so.

    Raises:
        ValueError: the distances or a choice make no sense.
    """
    problem = Problem(distances, p, **choices)
    best = min(first_choice(problem, np.ones(problem.demands)), _farthest_first(problem), key=problem.worst)
    worst = problem.worst(best)
    least = float(problem.distances[:, problem.usable].min(axis=1).max())
    radii = np.unique(problem.distances[(problem.distances >= least) & (problem.distances <= worst)])
    low, step = _proven_too_small(problem, radii)
    high = len(radii) - 1
    while low < high:
        problem.tell(step, float(radii[high]), float(radii[low]))
        middle = (low + high) // 2
        test = CoverTest(problem, float(radii[middle]))
        found = None if test.impossible or test.reaches_all else test.solve(problem.left)
        if test.impossible or (found is not None and found.infeasible):
            low = middle + 1
        elif found is None or found.values is not None:
            best = _filled(problem, test.forced if found is None else test.sites(found))
            high = int(np.searchsorted(radii, problem.worst(best)))
        else:
            return Solution(Outcome.TIME_LIMIT, best, problem.worst(best), float(radii[low]))
        step += 1
    return Solution(Outcome.OPTIMAL, best, problem.worst(best))


def _proven_too_small(problem: Problem, radii: NDArray[np.float64]) -> tuple[int, int]:
    """The first of the distances that the relaxation does not prove too small, and how many tests that took."""
    low, high, step = 0, len(radii) - 1, 1
    while low < high:
        problem.tell(step, float(radii[-1]), float(radii[low]))
        middle = (low + high) // 2
        if CoverTest(problem, float(radii[middle])).relaxation_fails(problem.left):
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
    while problem.budget is None and len(added) < problem.sites:
        farthest = int(nearest.argmax())
        column = int(np.where(barred, np.inf, problem.distances[farthest]).argmin())
        added.append(column)
        barred[column] = True
        nearest = np.minimum(nearest, problem.distances[:, column])
    return tuple(sorted(added))
