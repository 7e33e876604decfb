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
from shapely.geometry.base import BaseGeometry

from geo.coordinates import check_coordinates
from geo.counties import county_layer
from geo.province import Province, province_in_use

AREA_CRS = "ESRI:102025"
"""Asia North Albers Equal Area Conic. The county areas are measured in it too."""

CORNERS = 128

AT_ONCE = 500
"""Circles that are joined at a time."""

MOST_STRETCHED = 1.3
"""No distance in ``AREA_CRS`` is longer than so many times the real one, anywhere in China."""

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
    reached = _reached(lons, lats, radius_m, outlines)
    shapely.prepare(reached)
    shares = np.zeros(len(outlines))
    inside = shapely.covers(reached, outlines)
    shares[inside] = 1.0
    cut = ~inside & shapely.intersects(reached, outlines)
    shares[cut] = shapely.area(shapely.intersection(outlines[cut], reached)) / shapely.area(outlines[cut])
    return {adcode: float(share) for adcode, share in zip(adcodes, shares, strict=True)}


def _reached(lons: ArrayLike, lats: ArrayLike, radius_m: float, outlines: NDArray[np.object_]) -> BaseGeometry:
    """Return the union of the circles, as far as it lies within the outlines.

    After each ``AT_ONCE`` circles, those are left out that can't reach what is not reached yet, so that a hundred
    thousand places cost little more than a thousand.
    """
    check_coordinates(lons, lats)
    waiting = np.unique(np.column_stack([np.ravel(lons), np.ravel(lats)]).astype(float), axis=0)
    waiting = np.random.default_rng(0).permutation(waiting)  # so that each part is spread over the province
    reached: BaseGeometry = shapely.Polygon()
    while len(waiting):
        now, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        reached = shapely.union_all([reached, *circles(now[:, 0], now[:, 1], radius_m)])
        if not len(waiting):
            break
        rest = shapely.difference(shapely.union_all(outlines), reached)
        shapely.prepare(rest)
        points = shapely.points(*_to_albers().transform(waiting[:, 0], waiting[:, 1]))
        waiting = waiting[shapely.dwithin(rest, points, radius_m * MOST_STRETCHED)]
    return reached
