"""The solution of a siting problem, the progress toward it, and the options of every model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from numpy.typing import ArrayLike

TIME_LIMIT_S = 60.0


class Outcome(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    TIME_LIMIT = "time_limit"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Among:
    """How many of some candidates are sites: at least ``least`` and at most ``most`` (None: any number)."""

    columns: tuple[int, ...]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Solution:
    """The solution of a siting problem.

    ``sites``: the columns chosen, existing ones included, ascending. ``objective``: recomputed from them.
    ``bound``: no solution can be better; set if time ran out or the computation was cancelled. ``uncovered``: the
    rows that no candidate reaches, which make the problem infeasible; empty if something else does: the number of
    sites, the budget.
    """

    outcome: Outcome
    sites: tuple[int, ...] = ()
    objective: float | None = None
    bound: float | None = None
    uncovered: tuple[int, ...] = ()


@dataclass(frozen=True)
class Progress:
    """The progress of a computation after ``seconds``.

    ``step``: number of the subproblem being solved, if a model solves several. ``best`` and ``bound``: the best
    objective found and its bound, in the model's own unit; None if unknown. ``sites``: the choice of that
    objective, empty if unknown.
    """

    seconds: float
    step: int = 1
    best: float | None = None
    bound: float | None = None
    sites: tuple[int, ...] = ()

    def as_solution(self) -> Solution | None:
        """Return the best found when the computation was cancelled; None if nothing was found yet."""
        return Solution(Outcome.CANCELLED, self.sites, self.best, self.bound) if self.sites else None


class Choices(TypedDict, total=False):
    """The options of every model.

    ``keep``: existing candidates; they serve, cost nothing and are part of every solution, and ``p`` counts the
    sites added to them. ``must``: candidates that have to be added. ``forbid``: candidates that can't be.
    ``costs``: cost of adding each candidate. ``budget``: limit of the total cost of added ones; with it ``p`` is
    the maximum number of added sites instead of the exact number. ``among``: how many of some candidates are
    sites, existing ones counted. ``time_limit``: seconds. ``report``: called with the progress of the computation.
    """

    keep: Sequence[int]
    must: Sequence[int]
    forbid: Sequence[int]
    costs: ArrayLike
    budget: float
    among: Sequence[Among]
    time_limit: float
    report: Callable[[Progress], None]
