"""Minutes by car from a place to stations, and the stations that are reached soonest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.roads.car_rules import FASTEST_KMH
from geo.roads.snapping import snap
from geo.roads.travel_times import travel_times
from stations.planning.road_data import road_network
from stations.registry.by_time import ByTime
from stations.registry.nearest_stations import FoundStation

SLACK, SLACK_M = 1.01, 50.0
"""What the plane on which places join their roads, and rounding, may make the way shorter than it is."""


def by_road(lon: float, lat: float) -> ByTime | None:
    """Return the time by car from a place (WGS-84 degrees) as the measure of what is nearest; None if no roads are
    imported, or none of them is near the place.

    No car is faster than ``FASTEST_KMH``, and whoever walks to a road is slower, so that the straight line at that
    speed is the least time to anywhere.
    """
    network = road_network()
    if network is None or not on_roads(lon, lat):
        return None

    def seconds(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(travel_times(network, np.array([lon]), np.array([lat]), lons, lats)[0])

    return ByTime(seconds, lambda time: time * FASTEST_KMH / 3.6 * SLACK + SLACK_M)


def road_seconds(lon: float, lat: float, found: Sequence[FoundStation[Any]]) -> dict[str, float] | None:
    """Return seconds by car from a place (WGS-84 degrees) to each station, by its code, infinite where no way is known;
    None if no roads are imported.
    """
    network = road_network()
    if network is None:
        return None
    known = {one.station.code: one.seconds for one in found if one.seconds is not None}
    rest = [one for one in found if one.station.code not in known]
    if rest:
        there = np.array([(one.lon, one.lat) for one in rest], dtype=float).T
        times = travel_times(network, np.array([lon]), np.array([lat]), *there)[0]
        known |= {one.station.code: float(time) for one, time in zip(rest, times, strict=True)}
    return known


def on_roads(lon: float, lat: float) -> bool:
    """Whether the road data has a road near a place (WGS-84 degrees); False too if no roads are imported."""
    network = road_network()
    return network is not None and bool(snap(network, np.array([lon]), np.array([lat])).piece[0] >= 0)
