"""How well a set of sites serves the demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stations.planning.travel_measure import TravelUnit


@dataclass(frozen=True)
class Reach:
    """How well a set of sites serves: shares of the demand within each of the unit's ``reaches`` (by km or minutes),
    average way of the demand and the longest, in the unit. ``unreached``: the share of the demand that has no way to
    any site; average and longest are of the rest, and infinite where there is none.
    """

    within: dict[int, float]
    average: float
    worst: float
    unreached: float = 0.0


def reach_within(nearest: NDArray[np.float64], weights: NDArray[np.float64], unit: TravelUnit) -> Reach:
    """Return how well sites serve, from the way of each place of demand to the nearest of them and its demand."""
    total, can = float(weights.sum()), np.isfinite(nearest)
    reached = float(weights[can].sum())
    return Reach(
        within={reach: float(weights[nearest <= reach * unit.per].sum()) / total for reach in unit.reaches},
        average=float(weights[can] @ nearest[can]) / reached if reached else np.inf,
        worst=float(nearest[can].max(initial=0.0)) if can.any() else np.inf,
        unreached=1.0 - reached / total,
    )


def reach_data(reach: Reach | None, unit: TravelUnit) -> dict[str, float | None] | None:
    """Return the reach as JSON data: shares from 0 to 1, ways in the unit, null where nobody has one."""
    if reach is None:
        return None
    shares = {f"within_{one}_{unit.word}": round(share, 6) for one, share in reach.within.items()}
    ways = {f"average_{unit.value}": reach.average, f"worst_{unit.value}": reach.worst}
    told = {name: round(way, 1) if np.isfinite(way) else None for name, way in ways.items()}
    return {**shares, **told, "unreached": round(reach.unreached, 6)}


def reach_from(data: dict[str, float | None] | None, unit: TravelUnit) -> Reach | None:
    """Return the reach from the data of ``reach_data``."""
    if data is None:
        return None
    average, worst = (data[f"{name}_{unit.value}"] for name in ("average", "worst"))
    return Reach(
        {one: data[f"within_{one}_{unit.word}"] or 0.0 for one in unit.reaches},
        np.inf if average is None else average,
        np.inf if worst is None else worst,
        data.get("unreached") or 0.0,
    )
