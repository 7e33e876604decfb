"""Lines on a map from one place to many others, such as from a station to those whom it serves.

Those of one place are sent and drawn as one path, and their ends with four decimals of a degree (some 10 m), so that
hundreds of them stay light: about 16 bytes each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.coordinates import from_wgs84
from portal.theme import LineStyle

DECIMALS = 4


@dataclass(frozen=True)
class Spokes:
    """Lines from one place to ``ends``, all in WGS-84 degrees: (longitude, latitude)."""

    lon: float
    lat: float
    ends: tuple[tuple[float, float], ...]
    style: LineStyle


def spokes_data(spokes: Sequence[Spokes], crs: str) -> list[dict[str, Any]]:
    """Return the lines as ``MapSpokes.place`` in ``portal/static/map_spokes.js`` takes them: [longitude, latitude] of
    the middle, then of each end, in ``crs``.
    """
    return [
        {
            "colour": one.style.colour,
            "width": one.style.width,
            "places": _places(((one.lon, one.lat), *one.ends), crs),
        }
        for one in spokes
        if one.ends
    ]


def _places(places: Sequence[tuple[float, float]], crs: str) -> list[list[float]]:
    lons, lats = from_wgs84([lon for lon, _lat in places], [lat for _lon, lat in places], crs)
    return [
        [round(float(lon), DECIMALS), round(float(lat), DECIMALS)] for lon, lat in zip(lons, lats, strict=True)
    ]
