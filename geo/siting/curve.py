"""The curve of what each further site gains: MCLP or p-median solved for one number of sites after the other.

Each number begins with the sites of the one before. The knee is where the curve bends most: V. Satopaa, J. Albrecht, D.
Irwin, B. Raghavan, "Finding a 'kneedle' in a haystack: detecting knee points in system behavior", 31st International
Conference on Distributed Computing Systems Workshops (2011) 166–171, without smoothing, as the values are exact.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.siting.solution import TIME_LIMIT_S, CurvePoint, Progress
from geo.siting.task import SitingModel, SitingTask

LEAST_BEND = 0.01
"""Below this distance from the chord, as a share of the whole rise, a curve counts as straight."""


@dataclass(frozen=True)
class Curve:
    """The solutions by number of sites added, ascending; fewer than asked for if time ran out or it was cancelled.

    ``knee``: the number after which further sites gain clearly less, None if the curve does not bend.
    """

    points: tuple[CurvePoint, ...]
    knee: int | None

    @classmethod
    def through(cls, points: Sequence[CurvePoint]) -> Curve:
        """Return the curve through the points."""
        return cls(tuple(points), knee_of(points))


@dataclass(frozen=True)
class CurveTask:
    """A task to be solved for every number of sites from the least possible one to ``most``.

    ``task``: its model is MCLP or p-median; its ``p`` and time limit don't count. ``time_limit``: seconds for all.
    """

    task: SitingTask
    most: int
    time_limit: float = TIME_LIMIT_S

    @property
    def model(self) -> SitingModel:
        """The model solved."""
        return self.task.model

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weights of the demand places."""
        return self.task.weights

    @property
    def numbers(self) -> range:
        """The numbers of sites: from 1, or those demanded, to ``most``, or as many as there are free candidates."""
        task = self.task
        free = task.distances.shape[1] - len({*task.keep, *task.forbid})
        return range(max(1, len(set(task.must) - set(task.keep))), min(self.most, free) + 1)

    def solve(self, report: Callable[[Progress], None] | None = None) -> Curve:
        """Solve one number after the other; each may use its part of the time left. ``report`` hears all points so far.

        Raises:
            ValueError: the data is invalid, or the model has no number of sites or no weights.
        """
        if self.model not in {SitingModel.MCLP, SitingModel.P_MEDIAN}:
            raise ValueError(f"a curve is drawn of {SitingModel.MCLP} and {SitingModel.P_MEDIAN}")
        started = time.monotonic()
        points: list[CurvePoint] = []

        def tell(progress: Progress) -> None:
            if report is not None:
                seconds = time.monotonic() - started
                report(replace(progress, seconds=seconds, step=len(points) + 1, points=tuple(points)))

        start: tuple[int, ...] = ()
        for number in self.numbers:
            left = self.time_limit - (time.monotonic() - started)
            if left <= 0:
                break
            part = left / (self.numbers.stop - number)
            found = replace(self.task, p=number, start=start, time_limit=part).solve(tell)
            start = found.sites
            points.append(CurvePoint(number, found.outcome, found.objective, found.bound, found.sites))
            tell(Progress(0.0, best=found.objective, bound=found.bound, sites=found.sites))
        return Curve.through(points)


def knee_of(points: Sequence[CurvePoint]) -> int | None:
    """Return the number of sites at the point farthest from the chord between the first and the last point.

    Both axes are scaled to the range from 0 to 1 first. None with fewer than three solved points, or if no point is
    clearly off the chord on the side of falling gains.
    """
    solved = [(one.p, one.objective) for one in points if one.objective is not None]
    if len(solved) < 3:
        return None
    numbers, values = np.array(solved, dtype=float).T
    rise = values[-1] - values[0]
    if not rise:
        return None
    off = (values - values[0]) / rise - (numbers - numbers[0]) / (numbers[-1] - numbers[0])
    knee = int(off.argmax())
    return int(numbers[knee]) if off[knee] >= LEAST_BEND else None
