"""The part of the map to show, as bounds in WGS-84 degrees."""

from __future__ import annotations

from collections.abc import Sequence

from geo.counties import county_layer
from portal.maps.county_map import Marker
from portal.maps.standing_map import Bounds

MARGIN = 0.02  # degrees added on each side
NEARBY = 0.2  # degrees on each side of a single position, about 20 km


def around_place(lon: float, lat: float) -> Bounds:
    """Return bounds around a position."""
    return lon - NEARBY, lat - NEARBY, lon + NEARBY, lat + NEARBY


def around_county(adcode: str, markers: Sequence[Marker] = ()) -> Bounds:
    """Return bounds that contain the county and the markers."""
    west, south, east, north = county_layer().bounds(adcode)
    lons = [west, east, *(marker.lon for marker in markers)]
    lats = [south, north, *(marker.lat for marker in markers)]
    return min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN
