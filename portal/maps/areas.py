"""Areas on a map that are no counties, such as what is reached within some minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely import Polygon, get_parts
from shapely.geometry.base import BaseGeometry

from geo.coordinates import from_wgs84
from portal.theme import AreaStyle

DECIMALS = 4
SIMPLER_DEGREES = 0.001
"""Outlines are drawn true to about 100 m."""


@dataclass(frozen=True)
class Area:
    """An area in WGS-84 degrees, drawn over the counties."""

    geometry: BaseGeometry
    style: AreaStyle


def areas_data(areas: Sequence[Area], crs: str) -> list[dict[str, Any]]:
    """Return the areas as ``MapAreas.place`` in ``portal/static/map_areas.js`` takes them: of each its colour and the
    rings of its parts, [longitude, latitude] in ``crs``.
    """
    return [
        {
            "colour": one.style.colour,
            "parts": [
                [_ring(ring.coords, crs) for ring in (part.exterior, *part.interiors)] for part in _parts(one.geometry)
            ],
        }
        for one in areas
    ]


def _parts(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in get_parts(geometry.simplify(SIMPLER_DEGREES)) if isinstance(part, Polygon)]


def _ring(coordinates: Any, crs: str) -> list[list[float]]:
    places = np.asarray(coordinates, dtype=float)
    lons, lats = from_wgs84(places[:, 0], places[:, 1], crs)
    ring: list[list[float]] = np.stack([np.round(lons, DECIMALS), np.round(lats, DECIMALS)], axis=1).tolist()
    return ring
