"""Great-circle distance between points given in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M = 6371008.8
"""Mean Earth radius R1 = (2a + b) / 3 in metres (IUGG; Moritz, "Geodetic Reference System 1980",
Journal of Geodesy 74 (2000), 128-133, to a decimetre)."""


_Many = NDArray[np.float64] | Sequence[float]


@overload
def great_circle_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float: ...
@overload
def great_circle_m(lon1: ArrayLike, lat1: ArrayLike, lon2: _Many, lat2: _Many) -> NDArray[np.float64]: ...
@overload
def great_circle_m(lon1: _Many, lat1: _Many, lon2: ArrayLike, lat2: ArrayLike) -> NDArray[np.float64]: ...
def great_circle_m(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> float | NDArray[np.float64]:
    """Return the great-circle distance in metres on a sphere of radius ``EARTH_RADIUS_M``.

    Takes WGS-84 degrees, scalars or array-likes (broadcast together); returns a float for scalars, else an array.
    NaN in gives NaN out. The sphere differs from the ellipsoid by up to about 0.5 %.

    The haversine formula (Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), 159), with both sin^2
    and cos^2 of half the angle written as sums of squares. Neither loses digits, so tiny distances and antipodes
    are both accurate to within a micrometre.
    """
    lons1, lats1, lons2, lats2 = (
        np.radians(np.asarray(degrees, dtype=float)) for degrees in (lon1, lat1, lon2, lat2)
    )
    half_dlon, half_dlat = (lons2 - lons1) / 2.0, (lats2 - lats1) / 2.0
    middle_lat = (lats1 + lats2) / 2.0
    sine = np.hypot(np.sin(half_dlat) * np.cos(half_dlon), np.cos(middle_lat) * np.sin(half_dlon))
    cosine = np.hypot(np.cos(half_dlat) * np.cos(half_dlon), np.sin(middle_lat) * np.sin(half_dlon))
    metres = 2.0 * EARTH_RADIUS_M * np.arctan2(sine, cosine)
    return metres if metres.ndim else float(metres)
