"""The three coordinate systems used on Chinese maps, and conversions between them.

- ``wgs84``: the system of GPS and of everything this product stores. Tianditu's CGCS2000 is taken as equal to it.
- ``gcj02``: WGS-84 with the offset that public maps of China must apply (AMap, Tencent).
- ``bd09``: Baidu's further offset on top of GCJ-02.

The formulas are not officially published. Those used here are the ones in general use: GCJ-02 as in EvilTransform
(github.com/googollee/eviltransform, MIT) on the Krasovsky 1940 ellipsoid; BD-09 as in coordtransform
(github.com/wandergis/coordtransform, MIT).

The offset applies to points whose WGS-84 position lies in the box ``CHINA_BOX``, edges included. Any other point
is returned unchanged in every system. It follows that

- a point in the box survives a round trip through every other system to within 1e-9 degrees, also on the edges,
  even where its shifted image lies outside the box;
- a point more than ``EDGE_STRIP`` degrees outside the box is unchanged in both directions;
- in the strip between (outside the box, but where shifted points from inside may fall) WGS-84 to GCJ-02 leaves a
  point unchanged, while a GCJ-02 or BD-09 point has two possible origins, of which the one inside the box is
  taken. The strip is at sea or in a neighbouring country.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

CRS = ("wgs84", "gcj02", "bd09")

CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""Bounds (west, south, east, north) in degrees, as published with the GCJ-02 formula."""

EDGE_STRIP = 0.05
"""Degrees outside ``CHINA_BOX`` beyond which no shifted point falls."""

Degrees = float | NDArray[np.float64]
_Many = Sequence[float] | NDArray[np.float64]
_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

# Krasovsky 1940: semi-major axis in metres, first eccentricity squared.
_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_FREQUENCY = np.pi * 3000.0 / 180.0

# Each inverse step shrinks the error about 100-fold. Starting from about 0.01 degrees, six steps leave only
# rounding errors (measured over the whole box); eight are safe. The number is fixed instead of testing the
# residual, so that a point's result never depends on the other points of its array.
_INVERSE_STEPS = 8

# A point on the edge of the box must count as inside after the rounding of a round trip (measured: 2e-12).
_EDGE_ROUNDING = 1e-10


class UnknownCRS(ValueError):
    """The name of a coordinate system is not one of ``CRS``."""

    def __init__(self, crs: object) -> None:
        super().__init__(f"unknown coordinate system {crs!r}: use one of {', '.join(CRS)}")


class CoordinateOutOfRange(ValueError):
    """A longitude or latitude is not a finite number of degrees within its range."""


def check_coordinates(lon: ArrayLike, lat: ArrayLike) -> None:
    """Raise ``CoordinateOutOfRange`` unless every lon is in [-180, 180] and every lat in [-90, 90].

    Takes scalars or array-likes of degrees. The message names the first bad value and, in an
    array, its position (counted from 0).
    """
    for what, values, limit in (("longitude", lon, 180), ("latitude", lat, 90)):
        numbers = np.asarray(values, dtype=float)
        bad = np.flatnonzero(~(np.abs(numbers) <= limit))
        if bad.size:
            where = f" at position {bad[0]}" if numbers.ndim else ""
            raise CoordinateOutOfRange(
                f"{what} {numbers.flat[bad[0]]}{where} is not between -{limit} and {limit} degrees"
            )


def in_china(lon: ArrayLike, lat: ArrayLike) -> bool | NDArray[np.bool_]:
    """Whether WGS-84 points lie in ``CHINA_BOX``, edges included; False for NaN.

    Takes scalars or array-likes of degrees; returns a bool for scalars, else an array of bool. The box is coarse
    and includes parts of neighbouring countries: it says where the GCJ-02 offset applies, not where a border
    runs.
    """
    inside = _within_box(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float), margin=0.0)
    return inside if inside.ndim else bool(inside)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Convert WGS-84 degrees to GCJ-02 degrees.

    Takes scalars or array-likes (broadcast together); returns (lon, lat) as floats for scalars, else as arrays.
    Unchanged outside China. Formula: EvilTransform, see the module.
    """
    return _convert(lon, lat, _gcj02_of_wgs84)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Convert GCJ-02 degrees to WGS-84 degrees: the inverse of ``wgs84_to_gcj02``, by iteration.

    Shapes as in ``wgs84_to_gcj02``. The result, shifted again, differs from the input by less than 1e-9 degrees.
    """
    return _convert(lon, lat, _wgs84_of_gcj02)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Convert GCJ-02 degrees to BD-09 degrees.

    Shapes as in ``wgs84_to_gcj02``. Unchanged outside China. Formula: coordtransform, see the module.
    """
    return _convert(lon, lat, _bd09_of_gcj02)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Convert BD-09 degrees to GCJ-02 degrees: the inverse of ``gcj02_to_bd09``, by iteration.

    Shapes as in ``wgs84_to_gcj02``. The usual closed formula is an approximation with errors up to 2e-6 degrees;
    here the residual is below 1e-9 degrees.
    """
    return _convert(lon, lat, _gcj02_of_bd09)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Convert WGS-84 degrees to BD-09 degrees by way of GCJ-02. Shapes as in ``wgs84_to_gcj02``."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Convert BD-09 degrees to WGS-84 degrees by way of GCJ-02. Shapes as in ``wgs84_to_gcj02``."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Degrees, Degrees]:
    """Convert degrees in the system named ``crs`` (one of ``CRS``) to WGS-84 degrees.

    Shapes as in ``wgs84_to_gcj02``.

    Raises:
        UnknownCRS: ``crs`` is another name.
    """
    conversions = {"wgs84": _unchanged, "gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
    if crs not in conversions:
        raise UnknownCRS(crs)
    return conversions[crs](lon, lat)


@overload
def from_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: _Many, lat: _Many, crs: str) -> _Pair: ...
@overload
def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Degrees, Degrees]: ...
def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Degrees, Degrees]:
    """Convert WGS-84 degrees to degrees in the system named ``crs`` (one of ``CRS``).

    Shapes as in ``wgs84_to_gcj02``.

    Raises:
        UnknownCRS: ``crs`` is another name.
    """
    conversions = {"wgs84": _unchanged, "gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}
    if crs not in conversions:
        raise UnknownCRS(crs)
    return conversions[crs](lon, lat)


# All functions below take and return flat float arrays of one length.

_Shift = Callable[[NDArray[np.float64], NDArray[np.float64]], _Pair]


def _convert(lon: ArrayLike, lat: ArrayLike, conversion: _Shift) -> tuple[Degrees, Degrees]:
    """Broadcast the input, convert the points that may lie in China, return the others unchanged."""
    lons, lats = np.broadcast_arrays(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    new_lons, new_lats = lons.flatten(), lats.flatten()
    near = _within_box(new_lons, new_lats, margin=EDGE_STRIP)
    new_lons[near], new_lats[near] = conversion(new_lons[near], new_lats[near])
    if lons.ndim == 0:
        return float(new_lons[0]), float(new_lats[0])
    return new_lons.reshape(lons.shape), new_lats.reshape(lats.shape)


def _unchanged(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    return _convert(lon, lat, lambda lons, lats: (lons, lats))


def _gcj02_of_wgs84(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    inside = _within_box(lon, lat, margin=0.0)
    return _choose(inside, _gcj_shift(lon, lat), (lon, lat))


def _wgs84_of_gcj02(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    origin = _invert(_gcj_shift, lon, lat)
    inside = _within_box(*origin, margin=_EDGE_ROUNDING)
    # Move points that rounding put just outside the edge back onto it; otherwise they would not be shifted again.
    west, south, east, north = CHINA_BOX
    origin = np.clip(origin[0], west, east), np.clip(origin[1], south, north)
    return _choose(inside, origin, (lon, lat))


def _bd09_of_gcj02(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    return _choose(_gcj02_is_in_china(lon, lat), _bd_shift(lon, lat), (lon, lat))


def _gcj02_of_bd09(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    origin = _invert(_bd_shift, lon, lat)
    return _choose(_gcj02_is_in_china(*origin), origin, (lon, lat))


def _gcj02_is_in_china(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    return _within_box(*_invert(_gcj_shift, lon, lat), margin=_EDGE_ROUNDING)


def _within_box(
    lon: NDArray[np.float64], lat: NDArray[np.float64], margin: float
) -> NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    return (
        (lon >= west - margin)
        & (lon <= east + margin)
        & (lat >= south - margin)
        & (lat <= north + margin)
    )


def _choose(condition: NDArray[np.bool_], chosen: _Pair, otherwise: _Pair) -> _Pair:
    lon, lat = np.where(condition, chosen, otherwise)
    return lon, lat


def _invert(shift: _Shift, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    """Return the point that ``shift`` moves to (lon, lat), by fixed-point iteration."""
    origin_lon, origin_lat = lon, lat
    for _ in range(_INVERSE_STEPS):
        shifted_lon, shifted_lat = shift(origin_lon, origin_lat)
        origin_lon = origin_lon + (lon - shifted_lon)
        origin_lat = origin_lat + (lat - shifted_lat)
    return origin_lon, origin_lat


def _gcj_shift(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    """Apply the GCJ-02 formula regardless of where the point lies."""
    x, y = lon - 105.0, lat - 35.0
    root, product = np.sqrt(np.abs(x)), 0.1 * x * y
    common = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    east_metres = (
        300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + product
        + 0.1 * root
        + (2.0 / 3.0)
        * (
            common
            + 20.0 * np.sin(x * np.pi)
            + 40.0 * np.sin(x / 3.0 * np.pi)
            + 150.0 * np.sin(x / 12.0 * np.pi)
            + 300.0 * np.sin(x / 30.0 * np.pi)
        )
    )
    north_metres = (
        -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + product
        + 0.2 * root
        + (2.0 / 3.0)
        * (
            common
            + 20.0 * np.sin(y * np.pi)
            + 40.0 * np.sin(y / 3.0 * np.pi)
            + 160.0 * np.sin(y / 12.0 * np.pi)
            + 320.0 * np.sin(y / 30.0 * np.pi)
        )
    )
    phi = np.radians(lat)
    w_squared = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian_radius = _AXIS * (1.0 - _ECCENTRICITY_SQUARED) / (w_squared * np.sqrt(w_squared))
    parallel_radius = _AXIS / np.sqrt(w_squared) * np.cos(phi)
    return (
        lon + np.degrees(east_metres / parallel_radius),
        lat + np.degrees(north_metres / meridian_radius),
    )


def _bd_shift(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    """Apply the BD-09 formula regardless of where the point lies."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_FREQUENCY)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
