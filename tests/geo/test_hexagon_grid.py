from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.counties import county_layer
from geo.hexagon_grid import HexagonGrid, cut_grid, hexagon_grid
from geo.province import read_province

LAYER = county_layer(read_province("320000"))


@pytest.fixture(scope="module")
def grid() -> HexagonGrid:
    return hexagon_grid(read_province("320000"))


def test_the_province_has_four_thousand_cells_and_they_are_one_cover_of_it(grid: HexagonGrid) -> None:
    assert len({one.split("-")[0] for one in grid.ids}) >= 4_000
    assert len(set(grid.ids)) == len(grid)
    assert grid.areas_km2.sum() == pytest.approx(sum(one.area_km2 for one in LAYER.counties), rel=1e-4)


def test_pieces_lie_in_their_county_and_cover_it_once(grid: HexagonGrid) -> None:
    for adcode, outline in LAYER.outlines():
        pieces = grid.outlines[grid.by_county[adcode]]
        assert shapely.area(pieces).sum() == pytest.approx(outline.area, rel=3e-3)
        assert shapely.union_all(pieces).difference(outline).area < 1e-9


def test_the_point_of_a_piece_is_in_its_county(grid: HexagonGrid) -> None:
    assert LAYER.locate_many(grid.lons, grid.lats) == list(grid.adcodes)


@pytest.mark.parametrize("resolution", [3, 4])
def test_a_county_smaller_than_a_cell_has_a_piece(resolution: int) -> None:
    coarse = cut_grid(LAYER, resolution)
    assert set(coarse.by_county) == {one.adcode for one in LAYER.counties}
    assert coarse.areas_km2.sum() == pytest.approx(103_633, rel=1e-3)
    assert np.all(np.diff([coarse.ids.index(one) for one in sorted(coarse.ids)]) == 1)
