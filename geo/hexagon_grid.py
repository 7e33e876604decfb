"""The hexagon grid of a province: the cells of H3 (h3geo.org), cut at county borders.

A cell on a border is several pieces, one in each county, so that what is counted by piece adds up to counties. The
grid follows from the outlines alone; it is made on first use and shared.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import h3
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.area_within import AREA_CRS
from geo.counties import CountyLayer, county_layer
from geo.province import Province, province_in_use

RESOLUTION = 6
"""Of H3: hexagons of 26 to 28 km² in eastern China, some 6 km across; closer than any distance that planning asks
about.
"""

SMALLEST_KM2 = 0.05
"""Smaller pieces, slivers along a border, are left out. They hold 0.01 % of the area."""


@dataclass(frozen=True, eq=False)
class HexagonGrid:
    """The pieces of a province's grid, one in each place of every array, sorted by id.

    ``ids``: H3 cell and adcode, joined by a hyphen. ``adcodes``: the county that the piece lies in.
    ``outlines``: in WGS-84 degrees. ``lons``, ``lats``: a point inside the piece, its centroid where that is inside.
    ``areas_km2``: measured in ``AREA_CRS``.
    """

    ids: tuple[str, ...]
    adcodes: tuple[str, ...]
    outlines: NDArray[np.object_]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]
    areas_km2: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.ids)

    @functools.cached_property
    def by_county(self) -> dict[str, NDArray[np.int64]]:
        """Positions of each county's pieces, by adcode."""
        codes = np.array(self.adcodes)
        return {adcode: np.flatnonzero(codes == adcode) for adcode in dict.fromkeys(self.adcodes)}


def hexagon_grid(province: Province | None = None) -> HexagonGrid:
    """Return the grid of a province, by default the one in use; each is made once."""
    return _grid(province or province_in_use())


@functools.cache
def _grid(province: Province) -> HexagonGrid:
    return cut_grid(county_layer(province), RESOLUTION)


def cut_grid(layer: CountyLayer, resolution: int) -> HexagonGrid:
    """Return the cells of H3 at a resolution (0 to 15) that touch the counties of a layer, cut at their borders.

    Every county has a piece, however small the county is.
    """
    ids: list[str] = []
    adcodes: list[str] = []
    pieces: list[NDArray[np.object_]] = []
    for adcode, outline in layer.outlines():
        shape = h3.geo_to_h3shape(outline)
        cells = sorted(set(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap")))  # it repeats some
        corners = [[(lon, lat) for lat, lon in h3.cell_to_boundary(cell)] for cell in cells]
        hexagons = np.array([shapely.Polygon(ring) for ring in corners], dtype=object)
        shapely.prepare(outline)
        cut = hexagons.copy()
        border = ~shapely.covers(outline, hexagons)
        cut[border] = shapely.intersection(hexagons[border], outline)
        areas = _areas_km2(cut)
        kept = areas >= min(SMALLEST_KM2, areas.max())
        pieces.append(cut[kept])
        ids += [f"{cell}-{adcode}" for cell, keep in zip(cells, kept, strict=True) if keep]
        adcodes += [adcode] * int(kept.sum())
    order = np.argsort(ids)
    outlines = np.concatenate(pieces)[order]
    points = shapely.centroid(outlines)
    outside = ~shapely.contains(outlines, points)
    points[outside] = shapely.point_on_surface(outlines[outside])
    return HexagonGrid(
        ids=tuple(ids[row] for row in order),
        adcodes=tuple(adcodes[row] for row in order),
        outlines=outlines,
        lons=shapely.get_x(points),
        lats=shapely.get_y(points),
        areas_km2=_areas_km2(outlines),
    )


@functools.cache
def _to_equal_area() -> Transformer:
    return Transformer.from_crs("EPSG:4326", AREA_CRS, always_xy=True)


def _areas_km2(outlines: NDArray[np.object_]) -> NDArray[np.float64]:
    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(_to_equal_area().transform(points[:, 0], points[:, 1]))

    return np.asarray(shapely.area(shapely.transform(outlines, project)) / 1e6, dtype=float)
