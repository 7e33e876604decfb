"""Interchange: improve a choice of sites by exchanging one site at a time, as long as that helps.

M. B. Teitz, P. Bart, "Heuristic methods for estimating the generalized vertex median of a weighted graph",
Operations Research 16 (1968) 955–961; all exchanges are evaluated at once as in R. A. Whitaker, "A fast algorithm
for the greedy interchange for large-scale clustering and median location problems", INFOR 21 (1983) 95–108.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.siting.problem import LEAST_TIME_S, Problem

LEAST_GAIN = 1e-9


def interchange(
    problem: Problem,
    weights: NDArray[np.float64],
    sites: Sequence[int],
    pool: NDArray[np.int64],
    least_left: float = LEAST_TIME_S,
) -> tuple[tuple[int, ...], float]:
    """Exchange sites for others of ``pool`` while that lowers the weighted distance and time is left.

    Existing and required sites stay, forbidden ones are not used, and the budget and the numbers among some candidates
    are respected. Returns the sites and their weighted distance, never worse than the input; a better choice may exist.
    ``least_left``: ends when only so many seconds are left for the problem.
    """
    taken = np.array(sites)
    fixed = set(sites) <= problem.keep | problem.must
    pool = pool[problem.usable[pool]]
    offered = problem.distances[:, pool]
    while True:
        served = problem.distances[:, taken]
        nearest, other = _two_nearest(served)
        own = np.take_along_axis(served, nearest[:, None], 1)[:, 0]
        total = float(weights @ own)
        if fixed or not len(pool) or problem.left <= least_left:
            return tuple(sorted(int(site) for site in taken)), total
        profit = _profits(weights, offered, own, other, nearest, len(taken))
        profit[problem.exchange_barred(taken, pool)] = -np.inf
        out, into = np.unravel_index(profit.argmax(), profit.shape)
        if profit[out, into] <= LEAST_GAIN * total:
            return tuple(sorted(int(site) for site in taken)), total
        taken[out] = pool[into]


def _two_nearest(served: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each place's nearest site (index) and its distance to the second nearest."""
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
    """Return the saving of replacing each site (row) by each candidate of the pool (column).

    A place nearer to the new site saves own − new, whichever site is given up. A place that loses its site pays other −
    own, but only new − own, or nothing, if the new site is nearer than the other: so only pairs of a place and a
    candidate nearer than its second nearest site count, which are few.
    """
    if sites == 1:  # every place moves to the new site
        return np.asarray(weights @ (own[:, None] - offered))[None]
    places, columns = np.nonzero(offered < other[:, None])
    new, weight = offered[places, columns], weights[places]
    gain = np.bincount(columns, weight * np.maximum(0.0, own[places] - new), offered.shape[1])
    loss = np.bincount(nearest, weights * (other - own), sites)
    spared = weight * (other[places] - np.maximum(new, own[places]))
    count = offered.shape[1]
    kept = np.bincount(nearest[places] * count + columns, spared, sites * count).reshape(sites, count)
    return np.asarray(gain[None] - loss[:, None] + kept)
