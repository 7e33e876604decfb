"""Interchange: a choice of sites made better one site at a time, for as long as that helps.

M. B. Teitz, P. Bart, "Heuristic methods for estimating the generalized vertex median of a weighted
graph", Operations Research 16 (1968) 955–961; all exchanges are weighed at once as in R. A. Whitaker,
"A fast algorithm for the greedy interchange for large-scale clustering and median location problems",
INFOR 21 (1983) 95–108.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.siting.problem import LEAST_TIME_S, Problem

LEAST_GAIN = 1e-9


def interchange(
    problem: Problem, weights: NDArray[np.float64], sites: Sequence[int], pool: NDArray[np.int64]
) -> tuple[tuple[int, ...], float]:
    """Exchange sites for others of ``pool`` while the weighted distance grows less and time is left.

    Kept and demanded sites stay, forbidden ones are not taken, and a budget is held. What comes out, with
    its weighted distance, is no worse than what went in; whether anything is better still, it can't say.
    """
    taken = np.array(sites)
    fixed = np.isin(taken, sorted(problem.keep | problem.must))
    pool = pool[problem.usable[pool]]
    offered = problem.distances[:, pool]
    while True:
        served = problem.distances[:, taken]
        nearest, other = _two_nearest(served)
        own = np.take_along_axis(served, nearest[:, None], 1)[:, 0]
        total = float(weights @ own)
        if fixed.all() or not len(pool) or problem.left <= LEAST_TIME_S:
            return tuple(sorted(int(site) for site in taken)), total
        profit = _profits(weights, offered, own, other, nearest, len(taken))
        profit[fixed] = -np.inf
        profit[:, np.isin(pool, taken)] = -np.inf
        if problem.budget is not None:
            spent = problem.costs[taken].sum()
            dearer = problem.costs[pool][None] - problem.costs[taken][:, None]
            profit[spent + dearer > problem.budget] = -np.inf
        out, into = np.unravel_index(profit.argmax(), profit.shape)
        if profit[out, into] <= LEAST_GAIN * total:
            return tuple(sorted(int(site) for site in taken)), total
        taken[out] = pool[into]


def _two_nearest(served: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which site is nearest to each place, and how far the second nearest is."""
    if served.shape[1] == 1:
        return np.zeros(len(served), dtype=int), np.full(len(served), np.inf)
    nearest = served.argmin(axis=1)
    return nearest, np.partition(served, 1, axis=1)[:, 1]


def _profits(
    weights: NDArray[np.float64],
    offered: NDArray[np.float64],
    own: NDArray[np.float64],
    other: NDArray[np.float64],
    nearest: NDArray[np.int64],
    sites: int,
) -> NDArray[np.float64]:
    """What it saves to give up a site (row) for one of the pool (column).

    Whoever is nearer to the new site saves own − new. Whoever loses its site pays other − own, or less
    where the new site is nearer than the other.
    """
    gain = weights @ np.maximum(0.0, own[:, None] - offered)
    # A lone site has no second: everybody goes over to the new one.
    after = np.minimum(other[:, None], np.maximum(offered, own[:, None]))
    paid = weights[:, None] * (after - own[:, None])
    order = np.argsort(nearest, kind="stable")
    served = np.flatnonzero(np.bincount(nearest, minlength=sites))
    starts = np.searchsorted(nearest[order], served)
    loss = np.zeros((sites, offered.shape[1]))
    loss[served] = np.add.reduceat(paid[order], starts, axis=0)
    return gain[None] - loss
