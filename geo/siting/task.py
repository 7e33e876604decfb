"""A siting question in numbers, to be solved here or by a process of its own (``geo.siting.worker``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.siting.covering import lscp, mclp
from geo.siting.p_center import p_center
from geo.siting.p_median import p_median
from geo.siting.problem import TIME_LIMIT_S, Choices, Progress, Solution


class SitingModel(StrEnum):
    """What is asked: to reach everybody with the fewest sites, or to do the best with a number of sites."""

    LSCP = "lscp"
    MCLP = "mclp"
    P_MEDIAN = "p-median"
    P_CENTER = "p-center"


@dataclass(frozen=True)
class SitingTask:
    """One problem: ``distances`` of demand places (rows) by candidates (columns) in metres, a weight for
    each demand place, and what the model needs; the rest as in ``Choices``. ``within``: metres."""

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
    time_limit: float = TIME_LIMIT_S

    def solve(self, report: Callable[[Progress], None] | None = None) -> Solution:
        """Solve it in this process; ``report`` is told how far it has come.

        Raises:
            ValueError: the numbers make no sense.
        """
        choices: Choices = {
            "keep": self.keep,
            "must": self.must,
            "forbid": self.forbid,
            "time_limit": self.time_limit,
        }
        if self.budget is not None and self.costs is not None:
            choices |= {"costs": self.costs, "budget": self.budget}
        if report is not None:
            choices["report"] = report
        if self.model is SitingModel.LSCP:
            return lscp(self.distances, self.within, **choices)
        if self.model is SitingModel.MCLP:
            return mclp(self.distances, self.weights, self.within, self.p, **choices)
        if self.model is SitingModel.P_MEDIAN:
            return p_median(self.distances, self.weights, self.p, **choices)
        return p_center(self.distances, self.p, **choices)
