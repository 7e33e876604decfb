"""A good choice of sites for the most demand reached: added greedily, then exchanged one at a time.

Greedy adding and substitution: R. Church, C. ReVelle, "The maximal covering location problem", Papers of the Regional
Science Association 32 (1974) 101–118.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.siting.problem import LEAST_TIME_S, Problem

LEAST_GAIN = 1e-9


def covered_weight(near: sparse.csr_array, weights: NDArray[np.float64], sites: Sequence[int]) -> float:
    """Return the weight of the demand places (rows) that at least one of the sites (columns) reaches."""
    return float(weights[near[:, list(sites)].sum(axis=1) > 0].sum())


def exchanged(problem: Problem, near: sparse.csr_array, weights: NDArray[np.float64]) -> tuple[int, ...]:
    """Return a choice of sites that no exchange of one site for another improves; better ones may exist.

    ``near``: 1 where a candidate (column) reaches a demand place (row). The choice may miss some of the problem's
    limits if adding greedily misses them.
    """
    by_column = near.tocsc()
    taken = _added_greedily(problem, near, by_column, weights)
    while problem.left > LEAST_TIME_S and not set(taken) <= problem.keep | problem.must:
        sites = sorted(taken)
        times = near[:, sites].sum(axis=1)
        gain = (weights * (times == 0)) @ near
        once = times == 1
        # Weight that only the site reaches, and that of it which a candidate reaches too.
        alone = near[:, sites][once].T.multiply(weights[once]).tocsr()
        profit = gain[None] - alone.sum(axis=1)[:, None] + (alone @ near[once]).toarray()
        profit[problem.exchange_barred(sites)] = -np.inf
        out, into = np.unravel_index(profit.argmax(), profit.shape)
        if profit[out, into] <= LEAST_GAIN * weights.sum():
            break
        taken.remove(sites[int(out)])
        taken.append(int(into))
    return tuple(sorted(taken))


def _added_greedily(
    problem: Problem, near: sparse.csr_array, by_column: sparse.csc_array, weights: NDArray[np.float64]
) -> list[int]:
    """Return sites, each of which adds the most weight to those before it."""
    taken = sorted(problem.keep | problem.must)
    missed = near[:, taken].sum(axis=1) == 0
    gain = (weights * missed) @ near
    most = problem.candidates if problem.sites is None else problem.sites
    while len(taken) < most:
        barred = problem.barred(taken)
        if barred.all():
            break
        column = int(np.where(barred, -np.inf, gain).argmax())
        taken.append(column)
        rows = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
        rows = rows[missed[rows]]
        missed[rows] = False
        gain = gain - weights[rows] @ near[rows]
    return taken
