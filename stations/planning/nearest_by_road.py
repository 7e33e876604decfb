"""Minutes by car from a place to the stations found near it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.roads.snapping import snap
from geo.roads.travel_times import travel_times
from stations.planning.road_data import road_network
from stations.registry.nearest_stations import FoundStation


def road_seconds(lon: float, lat: float, found: Sequence[FoundStation[Any]]) -> dict[str, float] | None:
    """Return seconds by car from a place (WGS-84 degrees) to each station, by its code, infinite where no way is known;
    None if no roads are imported.
    """
    network = road_network()
    if network is None:
        return None
    here = np.array([lon]), np.array([lat])
    there = np.array([(one.lon, one.lat) for one in found], dtype=float).reshape(-1, 2).T
    times = travel_times(network, *here, *there)[0] if found else []
    return {one.station.code: float(seconds) for one, seconds in zip(found, times, strict=True)}


def on_roads(lon: float, lat: float) -> bool:
    """Whether the road data has a road near a place (WGS-84 degrees); False too if no roads are imported."""
    network = road_network()
    return network is not None and bool(snap(network, np.array([lon]), np.array([lat])).piece[0] >= 0)
