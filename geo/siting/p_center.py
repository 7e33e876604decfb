"""p-center: the least distance of whoever is worst off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from geo.siting.covering import chosen
from geo.siting.highs import Found, Rows, minimize
from geo.siting.problem import Choices, Outcome, Problem, Solution, first_choice


def p_center(distances: ArrayLike, p: int | None, **choices: Unpack[Choices]) -> Solution:
    """p-center: ``p`` sites with the least distance of whoever is worst off.

    The answer is one of the distances. The smallest of them within which the sites allowed can cover
    everybody (an LSCP each) is found by halving.

    Raises:
        ValueError: the distances or a choice make no sense.
    """
    problem = Problem(distances, p, **choices)
    best = first_choice(problem, np.ones(problem.demands))
    worst = float(problem.nearest(best).max())
    least = float(problem.distances[:, problem.usable].min(axis=1).max())
    radii = np.unique(problem.distances[(problem.distances >= least) & (problem.distances <= worst)])
    low, high, step = 0, len(radii) - 1, 1
    while low < high:
        problem.tell(step, float(radii[high]), float(radii[low]))
        middle = (low + high) // 2
        found = _within(problem, float(radii[middle]))
        if found.values is not None:
            best = _filled(problem, chosen(found.values, problem.candidates))
            high = int(np.searchsorted(radii, problem.nearest(best).max()))
        elif found.infeasible:
            low = middle + 1
        else:
            return Solution(Outcome.TIME_LIMIT, best, float(problem.nearest(best).max()), float(radii[low]))
        step += 1
    return Solution(Outcome.OPTIMAL, best, float(problem.nearest(best).max()))


def _within(problem: Problem, within: float) -> Found:
    """Some choice of the sites allowed that reaches everybody within a distance; the search ends with
    the first, and where their number can't suffice the relaxation soon proves it."""
    near = sparse.csr_array((problem.distances <= within).astype(float))
    return minimize(
        np.ones(problem.candidates),
        problem.candidates,
        problem.bounds(),
        [Rows.at_least(near, 1.0), *problem.limits(exactly=False)],
        problem.left,
        enough=problem.candidates,
    )


def _filled(problem: Problem, sites: Sequence[int]) -> tuple[int, ...]:
    """The sites and, where a number is asked for and fewer do, others nearest to the worst off."""
    added = set(sites)
    while problem.budget is None and len(added) < problem.sites:
        free = [column for column in np.flatnonzero(problem.usable) if column not in added]
        farthest = int(problem.nearest(sorted(added)).argmax())
        added.add(int(min(free, key=lambda column: problem.distances[farthest, column])))
    return tuple(sorted(added))
