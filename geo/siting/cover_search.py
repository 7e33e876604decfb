"""Local search for a given number of sites that reach everybody. It can find a solution but never disprove one.

Rows that stay unreached gain weight, so that the search leaves local optima: C. Gao, X. Yao, T. Weise, J. Li, "An
efficient local search heuristic with row weighting for the unicost set covering problem", European Journal of
Operational Research 246 (2015) 750–761.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

STEPS, STEPS_PER_ROW = 2000, 10
SEED = 2015


class CoverSearch:
    """A search on one matrix: demand places (rows) reached by candidates (columns)."""

    def __init__(self, near: sparse.csr_array) -> None:
        by_column = near.tocsc()
        self._near = near
        self._rows_of = np.split(by_column.indices, by_column.indptr[1:-1])
        self._taken = np.zeros(near.shape[1], dtype=bool)
        # How often a row is reached, and the sum of the taken columns that reach it: if it is one, that column itself.
        self._times = np.zeros(near.shape[0], dtype=int)
        self._by = np.zeros(near.shape[0], dtype=int)
        self._weights = np.ones(near.shape[0])
        # Weight that a column would add or, if it is taken, minus the weight that only it reaches.
        self._scores = np.asarray(near.sum(axis=0), dtype=float)
        self._changed = np.zeros(near.shape[1], dtype=int)

    def find(
        self, start: list[int], number: int, seconds_left: Callable[[], float], steps: int = STEPS
    ) -> list[int] | None:
        """Return ``number`` columns that reach every row, or None if none were found.

        ``start``: the columns to begin with. ``seconds_left``: returns the time left.
        """
        chance = np.random.default_rng(SEED)
        for column in start:
            self._take(column)
        while self._taken.sum() > number:
            self._give_up(self._least_needed(-1))
        while self._taken.sum() < number:
            self._take(int(np.where(self._taken, -np.inf, self._scores).argmax()))
        added = -1
        for step in range(1, min(STEPS, STEPS_PER_ROW * len(self._times)) + 1):
            missed = np.flatnonzero(self._times == 0)
            if not len(missed):
                return np.flatnonzero(self._taken).tolist()
            if number < 2 or (step % 200 == 0 and seconds_left() <= 0):
                return None
            removed = self._least_needed(added)
            self._give_up(removed)
            self._changed[removed] = step
            row = chance.choice(missed)
            offered = self._near.indices[self._near.indptr[row] : self._near.indptr[row + 1]]
            offered = offered[offered != removed] if len(offered) > 1 else offered
            scores = self._scores[offered]
            best = offered[scores == scores.max()]
            added = int(best[self._changed[best].argmin()])
            self._take(added)
            self._changed[added] = step
            self._weigh(np.flatnonzero(self._times == 0))
        return None

    def _least_needed(self, but: int) -> int:
        taken = np.flatnonzero(self._taken)
        taken = taken[taken != but]
        scores = self._scores[taken]
        best = taken[scores == scores.max()]
        return int(best[self._changed[best].argmin()])

    def _take(self, column: int) -> None:
        rows = self._rows_of[column]
        times = self._times[rows]
        once = rows[times == 1]
        self._taken[column] = True
        self._add(rows[times == 0], -self._weights[rows[times == 0]])
        np.add.at(self._scores, self._by[once], self._weights[once])
        self._times[rows] += 1
        self._by[rows] += column
        self._scores[column] = -self._weights[rows[times == 0]].sum()

    def _give_up(self, column: int) -> None:
        rows = self._rows_of[column]
        times = self._times[rows]
        twice = rows[times == 2]
        self._taken[column] = False
        self._times[rows] -= 1
        self._by[rows] -= column
        self._add(rows[times == 1], self._weights[rows[times == 1]])
        np.subtract.at(self._scores, self._by[twice], self._weights[twice])
        self._scores[column] = self._weights[rows[times == 1]].sum()

    def _weigh(self, rows: NDArray[np.int64]) -> None:
        self._weights[rows] += 1
        self._add(rows, np.ones(len(rows)))

    def _add(self, rows: NDArray[np.int64], amounts: NDArray[np.float64]) -> None:
        """Add each row's amount to the scores of all columns that reach it."""
        starts, ends = self._near.indptr[rows], self._near.indptr[rows + 1]
        lengths = ends - starts
        before = np.cumsum(lengths) - lengths
        entries = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        amount = np.repeat(amounts, lengths)
        self._scores += np.bincount(self._near.indices[entries], amount, len(self._scores))
