from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import Affine, from_origin

from geo import population_raster
from geo.population_raster import RasterFault, UnusableRaster, people_in

WEST, NORTH = 120.0, 32.0
LEFT = shapely.box(120.0, 31.0, 120.5, 32.0)
RIGHT = shapely.box(120.5, 31.0, 121.0, 32.0)
AREAS = np.array([LEFT, RIGHT], dtype=object)


def write(path: Path, values: Any, **options: Any) -> Path:
    """Write a GeoTIFF; by default cells of 0.1 degrees from 120° E, 32° N on."""
    cells = np.asarray(values)
    cells = cells if cells.ndim == 3 else cells[None]
    options = {"crs": "EPSG:4326", "transform": from_origin(WEST, NORTH, 0.1, 0.1), "nodata": -99999.0, **options}
    count, height, width = cells.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=cells.dtype, **options
    ) as file:
        file.write(cells)
    return path


def test_people_are_summed_and_a_cell_on_a_border_counts_to_both(tmp_path: Path) -> None:
    cells = np.arange(100.0).reshape(10, 10)
    path = write(tmp_path / "people.tif", cells)
    assert people_in(path, AREAS) == pytest.approx([cells[:, :5].sum(), cells[:, 5:].sum()])
    moved = np.array([shapely.box(120.0, 31.0, 120.55, 32.0), shapely.box(120.55, 31.0, 121.0, 32.0)], dtype=object)
    half = cells[:, 5].sum() / 2
    assert people_in(path, moved) == pytest.approx([cells[:, :5].sum() + half, cells[:, 6:].sum() + half])


def test_cells_without_data_negative_ones_and_no_numbers_are_nobody(tmp_path: Path) -> None:
    cells = np.full((10, 10), 10.0, dtype="float32")
    cells[0, 0], cells[1, 0], cells[2, 0], cells[3, 0] = -99999.0, -200.0, np.nan, np.inf
    assert people_in(write(tmp_path / "holes.tif", cells), AREAS) == pytest.approx([460, 500])
    assert people_in(write(tmp_path / "unmarked.tif", cells, nodata=None), AREAS) == pytest.approx([460, 500])
    whole = np.full((10, 10), 3, dtype="int16")
    whole[:, :5] = -1
    told = people_in(write(tmp_path / "whole.tif", whole, nodata=-1), AREAS)
    assert np.isnan(told[0])
    assert told[1] == pytest.approx(150)


def test_a_raster_in_mollweide_is_put_where_it_lies(tmp_path: Path) -> None:
    """GHS-POP’s system: a hundred people in each of the cells of 1 km around two places, in no other cell."""
    to_mollweide = Transformer.from_crs("EPSG:4326", "ESRI:54009", always_xy=True)
    x, y = to_mollweide.transform(120.25, 31.5)
    right, _ = to_mollweide.transform(120.75, 31.5)
    cells = np.zeros((200, 200))
    row = 100
    cells[row, 50], cells[row, 50 + round((right - x) / 1000)] = 100.0, 300.0
    path = write(
        tmp_path / "ghs.tif", cells, crs="ESRI:54009", nodata=-200.0,
        transform=from_origin(x - 50_500, y + 1000 * row + 500, 1000, 1000),
    )  # fmt: skip
    assert people_in(path, AREAS) == pytest.approx([100, 300])


def test_a_large_raster_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = np.random.default_rng(1).random((400, 400))
    path = write(tmp_path / "large.tif", cells, transform=from_origin(WEST, NORTH, 0.0025, 0.0025), tiled=True,
                 blockxsize=64, blockysize=64)  # fmt: skip
    done: list[float] = []
    monkeypatch.setattr(population_raster, "CELLS_AT_ONCE", 1_000)
    assert people_in(path, AREAS, progress=done.append) == pytest.approx([cells[:, :200].sum(), cells[:, 200:].sum()])
    assert done[-1] == 1.0


def declare(path: Path, size: int, **options: Any) -> None:
    """Write a GeoTIFF that says to have so many rows and columns over the areas, and holds none of them."""
    place = from_origin(WEST, NORTH, 1 / size, 1 / size)
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="uint8", crs="EPSG:4326", transform=place,
        SPARSE_OK=True, **options,
    ):  # fmt: skip
        pass
    assert path.stat().st_size < 1_000_000


def bad(tmp_path: Path, fault: RasterFault) -> Path:
    path, ones = tmp_path / "bad.tif", np.ones((10, 10))
    match fault:
        case RasterFault.UNREADABLE:
            path.write_text("adcode,people\n320583,12\n", encoding="utf-8")
        case RasterFault.BANDS:
            write(path, np.ones((2, 10, 10)))
        case RasterFault.VALUES:
            write(path, np.ones((10, 10), dtype="complex64"), nodata=None)
        case RasterFault.NO_CRS:
            write(path, ones, crs=None)
        case RasterFault.TURNED:
            write(path, ones, transform=Affine(0.1, 0.01, WEST, 0.01, -0.1, NORTH))
        case RasterFault.BLOCKS:  # a file of half a kilobyte
            declare(path, 32_768, tiled=True, blockxsize=32_768, blockysize=32_768)
        case RasterFault.TOO_FINE:  # one of half a megabyte
            declare(path, 100_000, tiled=True, blockxsize=4096, blockysize=4096)
        case RasterFault.ELSEWHERE:
            write(path, ones, transform=from_origin(10, 50, 0.1, 0.1))
        case RasterFault.NOBODY:
            write(path, ones * 0)
    return path


@pytest.mark.parametrize("fault", list(RasterFault))
def test_a_file_that_is_no_population_raster_is_told(tmp_path: Path, fault: RasterFault) -> None:
    with pytest.raises(UnusableRaster) as found:
        people_in(bad(tmp_path, fault), AREAS)
    assert found.value.fault is fault


def test_a_file_that_ends_too_soon_or_is_missing_is_told(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.tif", np.ones((500, 500)), transform=from_origin(WEST, NORTH, 0.002, 0.002))
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[:100_000])
    for path in (cut, tmp_path / "none.tif"):
        with pytest.raises(UnusableRaster) as found:
            people_in(path, AREAS)
        assert found.value.fault is RasterFault.UNREADABLE
