"""The areas from which places are reached by car within so many minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from shapely import from_wkb, to_wkb, union_all
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.distance import EARTH_RADIUS_M
from geo.roads.extract import UNITS_PER_DEGREE
from geo.roads.network import RoadNetwork, read_network
from geo.roads.snapping import WALKING_KMH, snap
from geo.roads.travel_times import seconds_to_junctions

CELL_M = 250.0
MOST_CELLS = 2_000_000
WALKED_CELLS = 2
"""So many cells on either side of those with a road are walked to."""


@dataclass(frozen=True)
class Isochrone:
    """The area (WGS-84 degrees) from which the nearest place is reached within so many minutes."""

    minutes: float
    area: BaseGeometry


@dataclass(frozen=True)
class IsochroneTask:
    """The isochrones of places (WGS-84 degrees) over the network in a folder, to be drawn apart (``geo.worker``)."""

    network: Path
    places: tuple[tuple[float, float], ...]
    minutes: tuple[float, ...]
    memory: int = 0

    def run(self, report: Callable[[float], None]) -> list[tuple[float, str]]:
        """Return the minutes and the area of each, as ``read_isochrones`` reads them."""
        lons, lats = np.array(self.places, dtype=float).reshape(-1, 2).T
        found = isochrones(read_network(self.network), lons, lats, self.minutes, report)
        return [(one.minutes, to_wkb(one.area, hex=True)) for one in found]


def read_isochrones(result: Sequence[tuple[float, str]]) -> list[Isochrone]:
    """Return the isochrones of an ``IsochroneTask`` from its result."""
    return [Isochrone(minutes, from_wkb(area)) for minutes, area in result]


def isochrones(
    network: RoadNetwork,
    lons: NDArray[np.float64],
    lats: NDArray[np.float64],
    minutes: Sequence[float],
    report: Callable[[float], None] = lambda share: None,
) -> list[Isochrone]:
    """Return for each number of minutes the area from which the nearest of the places (WGS-84 degrees) is reached.
    ``report``: called with the share that is done.

    Drawn from a grid of squares ``CELL_M`` wide, wider for a very large area: the corners of a square have the time of
    its best road, others up to ``WALKED_CELLS`` away that of the walk besides. So a road that is reached in time is
    always inside, with up to a square's width beside it.
    """
    limit = max(minutes) * 60
    seconds = seconds_to_junctions(network, snap(network, lons, lats), backwards=True)
    report(0.4)
    x, y, times = _road_points(network, seconds, limit)
    if not len(x):
        return [Isochrone(one, union_all([])) for one in minutes]
    per_degree = np.pi / 180 * EARTH_RADIUS_M
    shrink = np.cos(np.radians((y.min() + y.max()) / 2))
    margin = (WALKED_CELLS + 2) * CELL_M / per_degree
    west, south = x.min() - margin / shrink, y.min() - margin
    width, height = x.max() + margin / shrink - west, y.max() + margin - south
    cell_m = max(CELL_M, float(np.sqrt(width * shrink * height * per_degree**2 / MOST_CELLS)))
    high = cell_m / per_degree
    wide = high / shrink
    grid = np.full((int(height / high) + 3, int(width / wide) + 3), np.inf)
    row, column = ((y - south) / high).astype(int), ((x - west) / wide).astype(int)
    for up, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        np.minimum.at(grid, (row + up, column + right), times)
    report(0.6)
    grid = _walked(grid, cell_m)
    report(0.8)
    lons_of = west + wide * np.arange(grid.shape[1])
    lats_of = south + high * np.arange(grid.shape[0])
    beyond = limit + 2 * cell_m * 3.6 / WALKING_KMH
    grid = np.minimum(grid, beyond)
    return [Isochrone(one, _within(grid, lons_of, lats_of, one * 60)) for one in minutes]


def _road_points(
    network: RoadNetwork, seconds: NDArray[np.float64], limit: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes, latitudes and seconds to the place of the road points within the limit."""
    near = np.minimum(seconds[network.tail], seconds[network.head]) <= limit
    rows = np.flatnonzero(near[network.piece])
    piece = network.piece[rows]
    forward, backward = network.forward[piece], network.backward[piece]
    to_tail, to_head = seconds[network.tail[piece]], seconds[network.head[piece]]
    found = []
    for x, y, share in ((network.x0, network.y0, network.share0), (network.x1, network.y1, network.share1)):
        passed = share[rows].astype(float)
        with np.errstate(invalid="ignore"):
            on = np.where(passed < 1, (1 - passed) * forward, 0.0) + to_head
            back = np.where(passed > 0, passed * backward, 0.0) + to_tail
        times = np.minimum(on, back)
        kept = times <= limit
        found.append((x[rows][kept] / UNITS_PER_DEGREE, y[rows][kept] / UNITS_PER_DEGREE, times[kept]))
    lons, lats, times = (np.concatenate(column) for column in zip(*found, strict=True))
    return lons, lats, times


def _walked(grid: NDArray[np.float64], cell_m: float) -> NDArray[np.float64]:
    """Return the grid with the walk from neighbouring squares."""
    for _step in range(WALKED_CELLS):
        padded = np.pad(grid, 1, constant_values=np.inf)
        height, width = grid.shape
        for down in (0, 1, 2):
            for right in (0, 1, 2):
                walk = np.hypot(down - 1, right - 1) * cell_m * 3.6 / WALKING_KMH
                grid = np.minimum(grid, padded[down : down + height, right : right + width] + walk)
    return grid


def _within(
    grid: NDArray[np.float64], lons: NDArray[np.float64], lats: NDArray[np.float64], limit: float
) -> BaseGeometry:
    from contourpy import FillType, contour_generator  # slow to import, and only needed here

    lines = contour_generator(lons, lats, grid, fill_type=FillType.OuterOffset).filled(-1.0, limit)
    areas = []
    for points, offsets in zip(*lines, strict=True):
        rings = [points[start:end] for start, end in zip(offsets[:-1], offsets[1:], strict=True)]
        areas.append(Polygon(rings[0], rings[1:]))
    return union_all(areas)
