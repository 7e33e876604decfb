"""Nearest places to a point, by great-circle distance."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coordinates import check_coordinates
from geo.distance import EARTH_RADIUS_M, great_circle_m

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

# Chords between unit vectors are exact to a few 1e-16. Candidates this much beyond the k-th are compared by
# great-circle distance, so rounding in the tree never decides an order.
_CHORD_SLACK = 1e-14


class NearestIndex:
    """A spatial index of places for repeated nearest-place queries.

    The first question compares all places; the tree is built for the second. It contains unit vectors. On a sphere a
    longer chord means a longer arc, so the order equals that of great-circle distance, also across the poles and the
    180th meridian.
    """

    def __init__(self, lons: ArrayLike, lats: ArrayLike) -> None:
        """Index places given in WGS-84 degrees, two array-likes of one length (may be 0).

        Raises:
            CoordinateOutOfRange: a longitude or latitude is out of range.
            ValueError: the lengths differ.
        """
        self._lons = np.array(lons, dtype=float).reshape(-1)
        self._lats = np.array(lats, dtype=float).reshape(-1)
        if len(self._lons) != len(self._lats):
            raise ValueError(f"{len(self._lons)} longitudes but {len(self._lats)} latitudes")
        check_coordinates(self._lons, self._lats)
        self._asked = False

    def __len__(self) -> int:
        return len(self._lons)

    @cached_property
    def _tree(self) -> cKDTree:
        return _tree(_unit_vectors(self._lons, self._lats))

    def query(
        self, lon: float, lat: float, k: int = 1
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the ``k`` places nearest to a point in WGS-84 degrees: (indices, distances in metres).

        Sorted by distance, equal distances by index; all places if there are fewer than ``k``.

        Raises:
            CoordinateOutOfRange: the point is out of range.
            ValueError: ``k`` is below 1.
        """
        check_coordinates(lon, lat)
        if k < 1:
            raise ValueError(f"k is {k}: ask for at least 1 place")
        k = min(k, len(self))
        if k == 0:
            return np.empty(0, dtype=np.intp), np.empty(0)
        candidates = self._within_kth(lon, lat, k)
        metres = great_circle_m(lon, lat, self._lons[candidates], self._lats[candidates])
        order = np.lexsort((candidates, metres))[:k]
        return candidates[order], metres[order]

    def _within_kth(self, lon: float, lat: float, k: int) -> NDArray[np.intp]:
        """Return places among which the ``k`` nearest are."""
        if not self._asked:
            self._asked = True
            metres = great_circle_m(lon, lat, self._lons, self._lats)
            return np.flatnonzero(metres <= np.partition(metres, k - 1)[k - 1])
        point = _unit_vectors(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        kth_chord = float(np.ravel(self._tree.query(point, k=[k])[0])[0])
        return np.array(self._tree.query_ball_point(point, kth_chord + _CHORD_SLACK), dtype=np.intp)

    def query_many(
        self, lons: ArrayLike, lats: ArrayLike, k: int = 1
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return what ``query`` returns for each of many points: two arrays of shape (points, k).

        There are fewer columns than ``k`` if there are fewer places.

        Raises:
            CoordinateOutOfRange: a point is out of range.
            ValueError: ``k`` is below 1, or the lengths differ.
        """
        check_coordinates(lons, lats)
        if k < 1:
            raise ValueError(f"k is {k}: ask for at least 1 place")
        points = np.column_stack([np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)])
        k = min(k, len(self))
        if k == 0 or not len(points):
            return np.empty((len(points), k), dtype=np.intp), np.empty((len(points), k))
        one_more = np.arange(1, min(k + 1, len(self)) + 1)
        chords, places = self._tree.query(_unit_vectors(points[:, 0], points[:, 1]), k=one_more)
        indices = np.asarray(places)[:, :k].astype(np.intp)
        metres = great_circle_m(points[:, :1], points[:, 1:], self._lons[indices], self._lats[indices])
        # Where two chords are equal but for rounding, the order is that of ``query``.
        for unsure in np.flatnonzero((np.diff(chords, axis=1) <= _CHORD_SLACK).any(axis=1)):
            self._asked = True
            indices[unsure], metres[unsure] = self.query(float(points[unsure, 0]), float(points[unsure, 1]), k)
        return indices, metres


def nearest(
    lon: float, lat: float, lons: ArrayLike, lats: ArrayLike, k: int = 1
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the ``k`` of the places (lons, lats) nearest to (lon, lat): (indices, distances in metres).

    All in WGS-84 degrees. Order and errors as in ``NearestIndex``; use that class for repeated queries.
    """
    return NearestIndex(lons, lats).query(lon, lat, k)


def pairs_within(
    lons: ArrayLike, lats: ArrayLike, metres: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the pairs of places at most ``metres`` apart: (pairs, distances in metres).

    Takes WGS-84 degrees, two array-likes of one length. ``pairs`` has shape (n, 2), the lower index first,
    sorted. Places at exactly the same point are each paired with the first of them only, so a thousand of them
    give a thousand pairs and not half a million.

    Raises:
        CoordinateOutOfRange: a longitude or latitude is out of range.
    """
    check_coordinates(lons, lats)
    points = np.column_stack([np.asarray(lons, float).reshape(-1), np.asarray(lats, float).reshape(-1)])
    if len(points) < 2:
        return np.empty((0, 2), dtype=np.intp), np.empty(0)
    _, first, heap = np.unique(points, axis=0, return_index=True, return_inverse=True)
    head = first[heap.reshape(-1)]
    others = np.flatnonzero(head != np.arange(len(points)))
    same = np.column_stack([head[others], others])
    # Twice the chord's slack: the tree finds a few too many, the great-circle distance decides.
    chord = 2 * np.sin(min(metres / EARTH_RADIUS_M, np.pi) / 2) * (1 + 1e-9) + _CHORD_SLACK
    heads = np.sort(first)
    tree = _tree(_unit_vectors(points[heads, 0], points[heads, 1]))
    near = heads[tree.query_pairs(chord, output_type="ndarray")].reshape(-1, 2)
    pairs = np.sort(np.concatenate([same, near]), axis=1).astype(np.intp)
    apart = great_circle_m(*points[pairs[:, 0]].T, *points[pairs[:, 1]].T)
    kept = apart <= metres
    pairs, apart = pairs[kept], np.asarray(apart)[kept]
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order], apart[order]


def _tree(vectors: NDArray[np.float64]) -> cKDTree:
    from scipy.spatial import cKDTree  # takes most of a second; import only when needed

    return cKDTree(vectors)


def _unit_vectors(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convert degrees of shape (...) to unit vectors of shape (..., 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)
