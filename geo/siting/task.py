"""A siting problem as data, to be solved in this process or in its own (``geo.siting.worker``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.siting.solution import TIME_LIMIT_S, Among, Choices, Progress, Solution


class SitingModel(StrEnum):
    """The location model: reach everybody with the fewest sites, or do the best with a number of sites."""

    LSCP = "lscp"
    MCLP = "mclp"
    P_MEDIAN = "p-median"
    P_CENTER = "p-center"


@dataclass(frozen=True)
class SitingTask:
    """One siting problem.

    ``distances``: demand places (rows) by candidates (columns), in metres or seconds; infinite where there is no way.
    ``weights``: one per demand place. ``within``: in the unit of the distances. ``capacities``: most weight that each
    candidate can serve, infinite for no limit; None: none is limited. The rest as in ``Choices``.
    """

    model: SitingModel
    distances: NDArray[np.float64]
    weights: NDArray[np.float64]
    within: float
    p: int | None
    keep: tuple[int, ...] = ()
    must: tuple[int, ...] = ()
    forbid: tuple[int, ...] = ()
    costs: NDArray[np.float64] | None = None
    budget: float | None = None
    among: tuple[Among, ...] = ()
    capacities: NDArray[np.float64] | None = None
    start: tuple[int, ...] = ()
    time_limit: float = TIME_LIMIT_S

    def solve(self, report: Callable[[Progress], None] | None = None) -> Solution:
        """Solve the problem in this process. ``report`` is called with the progress.

        Raises:
            ValueError: the data is invalid.
        """
        # The solver and scipy take long to import, and everything that stores or shows an answer imports this module.
        from geo.siting.covering import lscp, mclp
        from geo.siting.p_center import p_center
        from geo.siting.p_median import p_median

        choices: Choices = {
            "keep": self.keep,
            "must": self.must,
            "forbid": self.forbid,
            "among": self.among,
            "start": self.start,
            "time_limit": self.time_limit,
        }
        if self.budget is not None and self.costs is not None:
            choices |= {"costs": self.costs, "budget": self.budget}
        if report is not None:
            choices["report"] = report
        if self.capacities is not None:
            return self._solve_capacitated(self.capacities, choices)
        if self.model is SitingModel.LSCP:
            return lscp(self.distances, self.within, **choices)
        if self.model is SitingModel.MCLP:
            return mclp(self.distances, self.weights, self.within, self.p, **choices)
        if self.model is SitingModel.P_MEDIAN:
            return p_median(self.distances, self.weights, self.p, **choices)
        return p_center(self.distances, self.p, **choices)

    def _solve_capacitated(self, capacities: NDArray[np.float64], choices: Choices) -> Solution:
        from geo.siting.capacitated import capacitated_lscp, capacitated_mclp
        from geo.siting.capacitated_median import capacitated_p_median

        if self.model is SitingModel.P_CENTER:
            raise ValueError("the p-center has no capacities")
        if self.model is SitingModel.LSCP:
            return capacitated_lscp(self.distances, self.weights, capacities, self.within, **choices)
        if self.model is SitingModel.MCLP:
            return capacitated_mclp(self.distances, self.weights, capacities, self.within, self.p, **choices)
        return capacitated_p_median(self.distances, self.weights, capacities, self.p, **choices)
