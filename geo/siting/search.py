"""The state of a search: the best choice so far and the limit that no choice can pass. Every change is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from geo.siting.highs import Hear
from geo.siting.problem import Problem
from geo.siting.solution import Outcome, Solution


class Search:
    """The best choice found for a problem, and the bound of any.

    ``value``: returns the objective of a choice of sites; infinite if the choice won't do. ``largest``: the largest
    objective is sought instead of the smallest. ``bound``: no choice is better; None if nothing is known.
    """

    def __init__(self, problem: Problem, value: Callable[[Sequence[int]], float], *, largest: bool = False) -> None:
        self.problem = problem
        self.sites: tuple[int, ...] = ()
        self.objective: float | None = None
        self.bound: float | None = None
        self.step = 1
        self._value, self._sign = value, -1.0 if largest else 1.0

    def offer(self, sites: Sequence[int] | None) -> bool:
        """Keep the choice if it respects all limits and is better than the best so far. Return whether it is kept."""
        if sites is None or not self.problem.complete(sites):
            return False
        value = self._value(sites)
        if not np.isfinite(value) or (self.objective is not None and self._sign * (value - self.objective) >= 0):
            return False
        self.sites, self.objective = tuple(sorted(int(site) for site in sites)), value
        self.tell()
        return True

    def limit(self, bound: float | None) -> None:
        """Note a proven bound."""
        if bound is not None and (self.bound is None or self._sign * (bound - self.bound) > 0):
            self.bound = bound

    def tell(self) -> None:
        """Report the progress, with a bound never beyond the best found."""
        self.problem.tell(self.step, self.objective, self._honest_bound(), self.sites)

    def hear(
        self, choice: Callable[[NDArray[np.float64]], Sequence[int]], bound_of: Callable[[float], float]
    ) -> Hear | None:
        """Return the callback for the solver's progress, or None if nobody listens.

        ``choice``: returns the sites of the solver's solution. ``bound_of``: turns its bound into the model's unit.
        """
        if self.problem.report is None:
            return None

        def heard(bound: float | None, values: NDArray[np.float64] | None) -> None:
            if bound is not None:
                self.limit(bound_of(bound))
            if values is None or not self.offer(choice(values)):
                self.tell()

        return heard

    def ended(self, *, proven: bool) -> Solution:
        """Return the solution: the best found, proven optimal or with its bound."""
        if not proven:
            return Solution(Outcome.TIME_LIMIT, self.sites, self.objective, self._honest_bound())
        if self.objective is None:
            return Solution(Outcome.INFEASIBLE)
        return Solution(Outcome.OPTIMAL, self.sites, self.objective)

    def _honest_bound(self) -> float | None:
        if self.bound is None or self.objective is None:
            return self.bound
        return self._sign * min(self._sign * self.bound, self._sign * self.objective)
