"""Where a feature is, as geometry and as the text of GeoJSON (WGS-84 degrees)."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import shapely
from shapely.geometry import mapping

from geo.counties import county_layer
from geo.province import Province, province_in_use

DECIMALS = 6
"""Of a degree: a tenth of a metre. The outlines are no more exact, and half as long as with all that the layer has."""


class Place:
    """A geometry in longitude and latitude, and its GeoJSON, made at the first wish for it."""

    __slots__ = ("_texts", "geometry")

    def __init__(self, geometry: Any) -> None:
        self.geometry = geometry
        self._texts: dict[bool, bytes] = {}

    def text(self, lat_first: bool = False) -> bytes:
        """Return the geometry object of GeoJSON, with the axes in the order of the wanted coordinate system."""
        if (known := self._texts.get(lat_first)) is None:
            known = self._texts[lat_first] = _written(self.geometry, lat_first)
        return known


def _written(geometry: Any, lat_first: bool) -> bytes:
    if isinstance(geometry, shapely.Point):  # by far the most, and shapely takes ten times as long
        first, second = (geometry.y, geometry.x) if lat_first else (geometry.x, geometry.y)
        return b'{"type":"Point","coordinates":[%r,%r]}' % (first, second)
    turned = shapely.transform(geometry, lambda points: points[:, ::-1]) if lat_first else geometry
    return orjson.dumps(mapping(turned))  # GEOS itself writes some numbers with all that a float can't hold


def point(lon: float | None, lat: float | None) -> Place | None:
    """Return a point; None where it is not known: no other place stands in for it."""
    return None if lon is None or lat is None else Place(shapely.Point(round(lon, DECIMALS), round(lat, DECIMALS)))


def county_outline(adcode: str) -> Place | None:
    """Return the outline of a county in full detail; None if the layer of the province in use has none."""
    return _outlines(province_in_use()).get(adcode)


@cache
def _outlines(province: Province) -> dict[str, Place]:
    return {
        adcode: Place(shapely.transform(outline, lambda points: points.round(DECIMALS)))
        for adcode, outline in county_layer(province).outlines()
    }
