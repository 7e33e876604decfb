"""The nearest of many places to a point, by great-circle distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.coordinates import check_coordinates
from geo.distance import great_circle_m

# Chords between unit vectors are right to a few 1e-16; candidates this much beyond the k-th
# are compared by their distance over the ground, so no rounding in the tree decides an order.
_CHORD_SLACK = 1e-14


class NearestIndex:
    """Places prepared once to be asked many times which of them is nearest.

    The tree holds unit vectors: the longer the straight chord between two points of a sphere, the
    longer the arc, so the order is that of great-circle distance, over the poles and the 180th
    meridian too.
    """

    def __init__(self, lons: ArrayLike, lats: ArrayLike) -> None:
        """Take the places' WGS-84 degrees, two array-likes of one length (it may be 0).

        Raises ``CoordinateOutOfRange`` for a value that is no longitude or latitude, ``ValueError``
        if the lengths differ.
        """
        self._lons = np.array(lons, dtype=float).reshape(-1)
        self._lats = np.array(lats, dtype=float).reshape(-1)
        if len(self._lons) != len(self._lats):
            raise ValueError(f"{len(self._lons)} longitudes but {len(self._lats)} latitudes")
        check_coordinates(self._lons, self._lats)
        self._tree = cKDTree(_unit_vectors(self._lons, self._lats))

    def __len__(self) -> int:
        return len(self._lons)

    def query(
        self, lon: float, lat: float, k: int = 1
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The ``k`` places nearest to a point in WGS-84 degrees: (indices, distances in metres).

        Sorted by distance, equal distances by index; all the places if there are fewer than ``k``.
        Raises ``CoordinateOutOfRange`` for a point out of range, ``ValueError`` for k below 1.
        """
        check_coordinates(lon, lat)
        if k < 1:
            raise ValueError(f"k is {k}: ask for at least 1 place")
        k = min(k, len(self))
        if k == 0:
            return np.empty(0, dtype=np.intp), np.empty(0)
        point = _unit_vectors(np.float64(lon), np.float64(lat))
        kth_chord = self._tree.query(point, k=[k])[0][0]
        candidates = np.array(
            self._tree.query_ball_point(point, kth_chord + _CHORD_SLACK), dtype=np.intp
        )
        metres = great_circle_m(lon, lat, self._lons[candidates], self._lats[candidates])
        order = np.lexsort((candidates, metres))[:k]
        return candidates[order], metres[order]


def nearest(
    lon: float, lat: float, lons: ArrayLike, lats: ArrayLike, k: int = 1
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The ``k`` of the places (lons, lats) nearest to (lon, lat): (indices, distances in metres).

    All in WGS-84 degrees; order and errors as in ``NearestIndex``, to be used itself where the
    same places are asked for more than once.
    """
    return NearestIndex(lons, lats).query(lon, lat, k)


def _unit_vectors(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees of shape (...) to vectors of shape (..., 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)
