"""Find the road that a place is nearest to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import contains_xy

from geo.distance import EARTH_RADIUS_M
from geo.roads.extract import UNITS_PER_DEGREE
from geo.roads.network import RoadNetwork
from geo.roads.pieces import LONGEST_SEGMENT_M

FARTHEST_M = 3_000.0
"""A place farther than this from every road can't be reached by car."""
WALKING_KMH = 5.0
_M_PER_UNIT = np.pi / 180 * EARTH_RADIUS_M / UNITS_PER_DEGREE


@dataclass(frozen=True)
class Snapped:
    """Where places join the network.

    ``piece``: −1 where no road is within ``FARTHEST_M``. ``share``: of the piece's time, from its tail. ``metres``: to
    the road as the crow flies, infinite where there is none. ``covered``: whether the road data has
    the area at all; beyond it nothing can be said.
    """

    piece: NDArray[np.int64]
    share: NDArray[np.float64]
    metres: NDArray[np.float64]
    covered: NDArray[np.bool_]

    @property
    def walk(self) -> NDArray[np.float64]:
        """Seconds on foot from the place to the road."""
        return np.asarray(self.metres * 3.6 / WALKING_KMH)


def snap(network: RoadNetwork, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Snapped:
    """Return where places in WGS-84 degrees join the network: at the nearest point of a road."""
    found = [_nearest(network, lon, lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    piece = np.array([one[0] for one in found], dtype=np.int64)
    share, metres = np.array([one[1:] for one in found], dtype=float).reshape(-1, 2).T
    return Snapped(piece, share, metres, np.asarray(contains_xy(network.area, lons, lats) | (piece >= 0), dtype=bool))


def _nearest(network: RoadNetwork, lon: float, lat: float) -> tuple[int, float, float]:
    """Return piece, share and metres of the nearest road point; (−1, 0, infinite) if there is none near."""
    x, y = lon * UNITS_PER_DEGREE, lat * UNITS_PER_DEGREE
    across = _M_PER_UNIT * np.cos(np.radians(lat))  # metres a unit eastwards, on a plane that touches the Earth here
    cell_m = network.grid.size * across  # a cell is narrower than high
    farthest = int(np.ceil((FARTHEST_M + LONGEST_SEGMENT_M) / cell_m)) + 1
    best = (-1, 0.0, np.inf)
    for ring in (1, 3, farthest):
        rows = _segments_around(network, x, y, min(ring, farthest))
        if len(rows):
            best = _on_segments(network, rows, x, y, across)
        # A segment that is not looked at has its middle beyond the ring, and reaches half its length towards here.
        if best[2] <= ring * cell_m - LONGEST_SEGMENT_M:
            break
    return best if best[2] <= FARTHEST_M else (-1, 0.0, np.inf)


def _segments_around(network: RoadNetwork, x: float, y: float, ring: int) -> NDArray[np.int64]:
    """Return the segments of the cell of a place and of the cells around it, so many rings of them."""
    grid = network.grid
    column, row = int((x - grid.west) // grid.size), int((y - grid.south) // grid.size)
    left, right = max(0, column - ring), min(grid.columns - 1, column + ring)
    if left > right:
        return np.empty(0, dtype=np.int64)
    found = [
        np.arange(network.cell_start[at * grid.columns + left], network.cell_start[at * grid.columns + right + 1])
        for at in range(max(0, row - ring), min(grid.rows - 1, row + ring) + 1)
    ]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _on_segments(
    network: RoadNetwork, rows: NDArray[np.int64], x: float, y: float, across: float
) -> tuple[int, float, float]:
    x0, y0 = (network.x0[rows] - x) * across, (network.y0[rows] - y) * _M_PER_UNIT
    dx, dy = (network.x1[rows] - x) * across - x0, (network.y1[rows] - y) * _M_PER_UNIT - y0
    length = dx * dx + dy * dy
    along = np.clip(np.divide(-(x0 * dx + y0 * dy), length, out=np.zeros_like(length), where=length > 0), 0.0, 1.0)
    metres = np.hypot(x0 + along * dx, y0 + along * dy)
    at = int(metres.argmin())
    row = rows[at]
    share = network.share0[row] + along[at] * (float(network.share1[row]) - float(network.share0[row]))
    return int(network.piece[row]), float(share), float(metres[at])
