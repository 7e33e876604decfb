"""The share of each county's area within a given distance of given places.

A place reaches its geodesic circle (a polygon of ``CORNERS`` corners on the GRS 80 ellipsoid). Circles and
counties are projected to an equal-area system, intersected and measured there.

Error of the method: a polygon of 128 corners inscribed in a circle lacks 0.04 % of its area, and the county
outlines are those of the map layer, simplified at 125 m. Together this is less than 0.1 percentage points of the
province.
"""

from __future__ import annotations

import functools
import json

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod, Transformer

from geo.coordinates import check_coordinates
from geo.counties import county_layer
from geo.province import Province, province_in_use

AREA_CRS = "ESRI:102025"
"""Asia North Albers Equal Area Conic. The county areas are measured in it too."""

CORNERS = 128

_GEOD = Geod(ellps="GRS80")


@functools.cache
def _to_albers() -> Transformer:
    return Transformer.from_crs("EPSG:4326", AREA_CRS, always_xy=True)


@functools.cache
def _counties(province: Province) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """Return the adcodes and, in the same order, the outlines of the map layer in ``AREA_CRS``."""
    features = json.loads(county_layer(province).map_geojson())["features"]
    degrees = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    albers = _to_albers()
    projected = shapely.make_valid(
        shapely.transform(degrees, lambda points: np.column_stack(albers.transform(points[:, 0], points[:, 1])))
    )
    return tuple(feature["properties"]["adcode"] for feature in features), projected


def circles(lons: ArrayLike, lats: ArrayLike, radius_m: float) -> NDArray[np.object_]:
    """Return the geodesic circles around places, as an array of polygons in ``AREA_CRS``.

    ``lons``, ``lats``: WGS-84 degrees, of one length.

    Raises:
        CoordinateOutOfRange: a longitude or latitude is out of range.
        ValueError: the radius is not above 0.
    """
    check_coordinates(lons, lats)
    if not radius_m > 0:
        raise ValueError(f"a circle of {radius_m} m has no inside")
    xs = np.repeat(np.asarray(lons, dtype=float).reshape(-1, 1), CORNERS, axis=1)
    ys = np.repeat(np.asarray(lats, dtype=float).reshape(-1, 1), CORNERS, axis=1)
    azimuths = np.broadcast_to(np.linspace(0, 360, CORNERS, endpoint=False), xs.shape)
    edge_lons, edge_lats, _ = _GEOD.fwd(xs, ys, azimuths, np.full(xs.shape, float(radius_m)))
    x, y = _to_albers().transform(edge_lons, edge_lats)
    return np.asarray(shapely.polygons(np.stack([x, y], axis=-1)), dtype=object)


def share_of_area_within(lons: ArrayLike, lats: ArrayLike, radius_m: float) -> dict[str, float]:
    """Return, by adcode, the share (0 to 1) of each county's area within ``radius_m`` of any place.

    The counties are those of the province in use. ``lons``, ``lats``: WGS-84 degrees, of one length; without
    places every share is 0. Raises the errors of ``circles``.
    """
    adcodes, outlines = _counties(province_in_use())
    if not np.size(lons):
        return dict.fromkeys(adcodes, 0.0)
    reached = shapely.union_all(circles(lons, lats, radius_m))
    shapely.prepare(reached)
    shares = np.zeros(len(outlines))
    inside = shapely.covers(reached, outlines)
    shares[inside] = 1.0
    cut = ~inside & shapely.intersects(reached, outlines)
    shares[cut] = shapely.area(shapely.intersection(outlines[cut], reached)) / shapely.area(outlines[cut])
    return {adcode: float(share) for adcode, share in zip(adcodes, shares, strict=True)}
