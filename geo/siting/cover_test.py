"""Whether the allowed sites can reach everybody within a distance: the test that p-center repeats.

The problem is reduced before HiGHS solves it, as in C. Toregas, C. ReVelle, "Binary logic solutions to a class of
location problem", Geographical Analysis 5 (1973) 145–155: a candidate is dropped if another reaches at least the
same places and costs no more; a place is dropped if it is reached whenever another one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.siting.cover_search import CoverSearch
from geo.siting.highs import Found, Rows, minimize
from geo.siting.problem import LEAST_TIME_S, Problem


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
        self.reaches_all = not near.shape[0]
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

        First greedily, each next site reaching most of the remaining places (V. Chvátal, "A greedy heuristic for
        the set-covering problem", Mathematics of Operations Research 4 (1979) 233–235); if that needs too many
        sites, by ``geo.siting.cover_search``.
        """
        if self.impossible:
            return None
        problem = self._problem
        taken = _taken_greedily(self._near)
        if problem.allows(self._with(taken)):
            return self._with(taken)
        number = 0 if problem.sites is None else problem.sites - len(self._forced)
        if problem.budget is not None or number < 1:
            return None
        columns = CoverSearch(self._near).find(taken, number, lambda: problem.left - LEAST_TIME_S)
        return None if columns is None else self._with(columns)

    def solve(self, seconds: float) -> Found:
        """Look for any feasible choice; the search ends with the first."""
        return self._solve(seconds, whole=True)

    def sites(self, found: Found) -> tuple[int, ...]:
        """Return all sites of a solution (``found.values`` is not None), the forced ones included."""
        return self._with(np.flatnonzero(np.asarray(found.values) > 0.5).tolist())

    def _with(self, columns: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted((*self.forced, *(int(self._columns[one]) for one in columns))))

    def _solve(self, seconds: float, *, whole: bool) -> Found:
        problem = self._problem
        if not self._small:
            self._near, self._columns = _reduced(self._near, self._columns, problem.costs)
            self._small = True
        number = len(self._columns)
        rows = [Rows.at_least(self._near.astype(float), 1.0)]
        if problem.sites is not None:
            most = problem.sites - len(self._forced)
            rows.append(_at_most(np.ones(number), most))
        if problem.budget is not None:
            rows.append(_at_most(problem.costs[self._columns], problem.budget - problem.costs[self._forced].sum()))
        bounds = np.zeros(number), np.ones(number)
        return minimize(np.ones(number), number if whole else 0, bounds, rows, seconds, enough=number)


def _taken_greedily(near: sparse.csr_array) -> list[int]:
    """Return columns that together reach every row."""
    by_column = near.tocsc()
    left, counts = np.ones(near.shape[0], dtype=bool), near.sum(axis=0)
    taken = []
    while left.any():
        taken.append(int(counts.argmax()))
        reached = by_column.indices[by_column.indptr[taken[-1]] : by_column.indptr[taken[-1] + 1]]
        reached = reached[left[reached]]
        left[reached] = False
        counts = counts - near[reached].sum(axis=0)
    return taken


def _at_most(values: NDArray[np.float64], most: float) -> Rows:
    return Rows(sparse.csr_array(values[None]), np.array([-np.inf]), np.array([float(most)]))


def _reduced(
    near: sparse.csr_array, columns: NDArray[np.int64], costs: NDArray[np.float64]
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Return the matrix and its columns without redundant candidates and places."""
    while True:
        before = near.shape
        needed = ~_held_by_another(near.T.tocsr(), costs[columns])
        near, columns = near[:, needed], columns[needed]
        near = near[~_holds_another(near)]
        if near.shape == before:
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
