"""Which part of the map to show, in WGS-84 degrees."""

from __future__ import annotations

from collections.abc import Sequence

from geo.counties import county_layer
from portal.maps.county_map import Bounds, Marker

MARGIN = 0.02  # degrees beyond what must be seen
NEARBY = 0.2  # degrees around a single place, some 20 km


def around_place(lon: float, lat: float) -> Bounds:
    """A place with its surroundings."""
    return lon - NEARBY, lat - NEARBY, lon + NEARBY, lat + NEARBY


def around_county(adcode: str, markers: Sequence[Marker] = ()) -> Bounds:
    """A whole county, and what is marked around it."""
    west, south, east, north = county_layer().bounds(adcode)
    lons = [west, east, *(marker.lon for marker in markers)]
    lats = [south, north, *(marker.lat for marker in markers)]
    return min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN
