"""Reaching everybody within a distance: whether the allowed sites can (the test that p-center repeats), and with how
few of them.

The problem is reduced before HiGHS solves it, as in C. Toregas, C. ReVelle, "Binary logic solutions to a class of
location problem", Geographical Analysis 5 (1973) 145–155: a candidate is dropped if another reaches at least the
same places and costs no more; a place is dropped if it is reached whenever another one is. Candidates stay where the
problem says how many of some of them are sites: there one can't stand for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.siting.cover_search import CoverSearch
from geo.siting.highs import Found, Rows, minimize
from geo.siting.problem import LEAST_TIME_S, Problem
from geo.siting.search import Search

ROUNDING = 1e-6
"""What a whole number may be off in the solver."""
WORTHWHILE = 0.8
"""The reduction is repeated while it leaves less than this share of the matrix."""


class CoverTest:
    """The test of one problem at one distance. ``impossible``: some demand place has no candidate within it."""

    def __init__(self, problem: Problem, within: float) -> None:
        self._problem = problem
        self._forced = np.array(sorted(problem.keep | problem.must), dtype=int)
        free = problem.usable
        free[self._forced] = False
        columns = np.flatnonzero(free)
        open_rows = ~(problem.distances[:, self._forced] <= within).any(axis=1)
        near = sparse.csr_array((problem.distances[np.ix_(open_rows, columns)] <= within).astype(np.float32))
        self.impossible = bool((near.sum(axis=1) == 0).any())
        self.reaches_all = not near.shape[0] and not problem.among
        self._near, self._columns, self._small = near, columns, False

    @property
    def forced(self) -> tuple[int, ...]:
        """The existing sites and those that must be added."""
        return tuple(int(one) for one in self._forced)

    def relaxation_fails(self, seconds: float) -> bool:
        """Whether even the linear relaxation is infeasible: a fast proof that the distance is too small."""
        if self.impossible or self.reaches_all:
            return self.impossible
        return self._solve(seconds, whole=False).infeasible

    def search(self) -> tuple[int, ...] | None:
        """Return sites that pass the test, found by heuristics, or None. None proves nothing.

        First greedily; if that needs too many sites, by ``geo.siting.cover_search``.
        """
        if self.impossible:
            return None
        problem = self._problem
        taken: tuple[int, ...] = ()
        for taken in self.greedy():
            if problem.allows(taken):
                return taken
        return None if problem.sites is None else self.searched(taken, problem.sites)

    def greedy(self) -> list[tuple[int, ...]]:
        """Return choices that reach everybody, whatever they cost; empty if there are none.

        Each next site reaches most of the remaining places, in the second choice for its cost: V. Chvátal, "A greedy
        heuristic for the set-covering problem", Mathematics of Operations Research 4 (1979) 233–235.
        """
        if self.impossible:
            return []
        costs = self._problem.costs[self._columns]
        ones = np.ones(len(self._columns))
        return [self._with(_taken_greedily(self._near, each)) for each in ([ones, costs] if costs.any() else [ones])]

    def searched(self, start: Sequence[int], number: int) -> tuple[int, ...] | None:
        """Return ``number`` sites that reach everybody, by local search from the sites ``start``, or None.

        None proves nothing. Limits besides the number are not searched for.
        """
        problem, left = self._problem, number - len(self._forced)
        if problem.budget is not None or problem.among or left < 1 or not self._near.shape[0]:
            return None
        self._reduce()
        first = np.flatnonzero(np.isin(self._columns, start)).tolist()
        columns = CoverSearch(self._near).find(first, left, lambda: problem.left - LEAST_TIME_S)
        return None if columns is None else self._with(columns)

    def solve(self, seconds: float) -> Found:
        """Look for any feasible choice; the search ends with the first."""
        return self._solve(seconds, whole=True)

    def fewest(self, seconds: float, search: Search) -> Found:
        """Look for the fewest sites, starting from the best of ``search``; the value and bound count all sites."""
        self._reduce()
        forced, number = len(self._forced), len(self._columns)
        start = np.flatnonzero(np.isin(self._columns, search.sites)).tolist()
        return minimize(
            np.r_[np.ones(number), 1.0],
            number,
            (np.r_[np.zeros(number), forced], np.r_[np.ones(number), forced]),
            self._rows(more=1),
            seconds,
            search.hear(self._sites_of, lambda bound: ceil(bound - ROUNDING)),
            start=start if self._passes(start) else None,
        )

    def sites(self, found: Found) -> tuple[int, ...]:
        """Return all sites of a solution (``found.values`` is not None), the forced ones included."""
        return self._sites_of(np.asarray(found.values))

    def _sites_of(self, values: NDArray[np.float64]) -> tuple[int, ...]:
        return self._with(np.flatnonzero(values[: len(self._columns)] > 0.5).tolist())

    def _with(self, columns: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted((*self.forced, *(int(self._columns[one]) for one in columns))))

    def _passes(self, columns: list[int]) -> bool:
        """Whether the columns, of those left, reach everybody. A start that names a dropped one may not."""
        return bool((self._near[:, columns].sum(axis=1) > 0).all())

    def _solve(self, seconds: float, *, whole: bool) -> Found:
        self._reduce()
        number = len(self._columns)
        bounds = np.zeros(number), np.ones(number)
        return minimize(np.ones(number), number if whole else 0, bounds, self._rows(), seconds, enough=number)

    def _reduce(self) -> None:
        if self._small:
            return
        costs = None if self._problem.among else self._problem.costs
        self._near, self._columns = _reduced(self._near, self._columns, costs)
        self._small = True

    def _rows(self, more: int = 0) -> list[Rows]:
        """Return the constraints on the columns left, followed by ``more`` variables."""
        problem, number = self._problem, len(self._columns)
        near = sparse.hstack([self._near, sparse.csr_array((self._near.shape[0], more))], format="csr")
        rows = [Rows.at_least(near.astype(float), 1.0)]

        def row(values: NDArray[np.float64], least: float, most: float) -> Rows:
            matrix = sparse.csr_array(np.r_[values, np.zeros(more)][None])
            return Rows(matrix, np.array([float(least)]), np.array([float(most)]))

        if problem.sites is not None:
            most = problem.sites - len(self._forced)
            # Fewer sites could be filled up to the number, but then not always as ``among`` has it.
            exactly = bool(problem.among) and problem.budget is None
            rows.append(row(np.ones(number), most if exactly else -np.inf, most))
        if problem.budget is not None:
            rows.append(row(problem.costs[self._columns], -np.inf, problem.budget - problem.costs[self._forced].sum()))
        for one in problem.among:
            standing = int(np.isin(self._forced, one.columns).sum())
            counted = np.isin(self._columns, one.columns).astype(float)
            rows.append(row(counted, one.least - standing, np.inf if one.most is None else one.most - standing))
        return rows


def _taken_greedily(near: sparse.csr_array, costs: NDArray[np.float64]) -> list[int]:
    """Return columns that together reach every row; each next one reaches most of the others for its cost."""
    by_column = near.tocsc()
    left, counts = np.ones(near.shape[0], dtype=bool), near.sum(axis=0).astype(float)
    worth = 1 / np.maximum(costs, 1e-9)
    taken: list[int] = []
    while left.any():
        taken.append(int((counts * worth).argmax()))
        reached = by_column.indices[by_column.indptr[taken[-1]] : by_column.indptr[taken[-1] + 1]]
        reached = reached[left[reached]]
        left[reached] = False
        counts = counts - near[reached].sum(axis=0)
    return taken


def _reduced(
    near: sparse.csr_array, columns: NDArray[np.int64], costs: NDArray[np.float64] | None
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Return the matrix and its columns without redundant places and, unless ``costs`` is None, candidates.

    A few of them may stay, where looking for them would take longer than they do harm.
    """
    while True:
        before = near.shape
        if costs is not None:
            needed = ~_held_by_another(near.T.tocsr(), costs[columns])
            near, columns = near[:, needed], columns[needed]
        near = near[~_holds_another(near)]
        if np.prod(near.shape) >= WORTHWHILE * np.prod(before):
            return near, columns


def _held_by_another(sets: sparse.csr_array, costs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the mask of the sets contained in another that costs no more; the first of equal ones is not marked."""
    sizes, one, other = _within(sets)
    dearer = (costs[one] > costs[other]) | ((costs[one] == costs[other]) & (other < one))
    redundant = (costs[one] >= costs[other]) & ((sizes[other] > sizes[one]) | dearer)
    return _mask(one[redundant], sets.shape[0])


def _holds_another(sets: sparse.csr_array) -> NDArray[np.bool_]:
    """Return the mask of the sets that contain another; one of equal ones is not marked."""
    sizes, one, other = _within(sets)
    redundant = (sizes[other] > sizes[one]) | (one < other)
    return _mask(other[redundant], sets.shape[0])


def _within(sets: sparse.csr_array) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Return the sizes of all sets, and the index pairs whose first set is contained in the second."""
    sizes = sets.sum(axis=1)
    shared = (sets @ sets.T).tocoo()
    held = (shared.data == sizes[shared.row]) & (shared.row != shared.col)
    return sizes, shared.row[held], shared.col[held]


def _mask(indices: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    mask = np.zeros(size, dtype=bool)
    mask[indices] = True
    return mask
