"""The time to places as the measure of what is nearest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
MEASURED_FIRST = 60
"""Of so many places, the nearest as the crow flies, the time is measured before it is known how far others matter."""


@dataclass(frozen=True)
class ByTime:
    """How long the way from a place is.

    ``seconds``: to other places (WGS-84 degrees), infinite where no way is known. ``farthest_m``: the most metres, as
    the crow flies, that anybody comes in so many seconds.
    """

    seconds: Callable[[Degrees, Degrees], NDArray[np.float64]]
    farthest_m: Callable[[float], float]

    def soonest(
        self, lons: Degrees, lats: Degrees, metres: NDArray[np.float64], k: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the ``k`` of the places that are reached soonest, and the seconds to each. ``metres``: as the crow
        flies; the places come in the order of these.

        The nearest are measured first. The time to the ``k``-th soonest of them bounds how far any other can be that is
        reached sooner; all that lie within are measured too, so that the answer is right.
        """
        k = min(k, len(metres))
        seconds = np.full(len(metres), np.inf)
        if k:
            first = min(len(metres), max(k, MEASURED_FIRST))
            seconds[:first] = self.seconds(lons[:first], lats[:first])
            kth = float(np.partition(seconds[:first], k - 1)[k - 1])
            last = int(np.searchsorted(metres, self.farthest_m(kth), side="right"))
            if last > first:
                seconds[first:last] = self.seconds(lons[first:last], lats[first:last])
        order = np.lexsort((metres, seconds))[:k]
        return order, seconds[order]
