"""People of a population raster (WorldPop, GHS-POP or the like), summed over areas.

The raster is a GeoTIFF whose cells hold numbers of people, in any reference system. It is read window by window, so
that a file of the whole world needs no more memory than a small one; a cell on the border of two areas counts to each
by the share of it that lies there (exactextract).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.exceptions import ProjError

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

CELLS_AT_ONCE = 4_000_000
"""Raster cells in memory at a time: 32 MB as 64-bit numbers."""

MOST_CELLS = 1_000_000_000
"""Cells of a raster around the areas: a province in cells of 15 m. A file of some kilobytes can declare any number."""

MOST_BLOCK_BYTES = 512 * 1024 * 1024
"""Of a strip or tile, which is unpacked whole: files as they are offered have a tenth of it at most."""

LONGEST_EDGE_DEGREES = 0.02
"""Longer edges of areas are divided before they are projected, for a straight edge is a curve in another system."""


_PATH = re.compile(r"^'[^']*' ")
"""The path that the reader's message may begin with, which tells nobody anything new."""


class RasterFault(StrEnum):
    """Why a file can't be used as a population raster."""

    UNREADABLE = "unreadable"
    BANDS = "bands"
    VALUES = "values"
    NO_CRS = "no_crs"
    TURNED = "turned"
    BLOCKS = "blocks"
    TOO_FINE = "too_fine"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


class UnusableRaster(ValueError):
    """A file can't be used as a population raster. ``told``: a number of bands, megabytes or cells, or what the reader
    said.
    """

    def __init__(self, fault: RasterFault, told: str = "") -> None:
        self.fault = fault
        self.told = told
        super().__init__(f"{fault}: {told}" if told else str(fault))


def people_in(
    raster: Path | bytes, areas: NDArray[np.object_], *, progress: Callable[[float], None] | None = None
) -> NDArray[np.float64]:
    """Return the people of a raster in each area; NaN for an area where the raster has no value at all.

    ``raster``: a GeoTIFF (the file, or its content) of one band with people per cell, with its reference system. Cells
    marked as holding no data, negative ones and ones that are no number count as nobody. ``areas``: polygons or
    multipolygons in WGS-84 degrees. ``progress``: called with the share done, from 0 to 1.

    Raises:
        UnusableRaster: the file is no such raster, doesn't meet the areas, or holds nobody in them.
    """
    from rasterio.errors import RasterioError  # takes half a second, and only an import needs it

    try:
        with _opened(raster) as opened:
            _check(opened)
            placed = _projected(areas, opened.crs.to_wkt())
            if not shapely.intersects(shapely.box(*opened.bounds), shapely.box(*shapely.total_bounds(placed))):
                raise UnusableRaster(RasterFault.ELSEWHERE)
            _check_cells(opened, shapely.total_bounds(placed))
            people = _summed(opened, placed, progress)
    except (RasterioError, OSError) as problem:
        raise UnusableRaster(RasterFault.UNREADABLE, _PATH.sub("", str(problem).splitlines()[0])) from problem
    if not np.nansum(people) > 0:
        raise UnusableRaster(RasterFault.ELSEWHERE if np.isnan(people).all() else RasterFault.NOBODY)
    return people


@contextmanager
def _opened(raster: Path | bytes) -> Iterator[DatasetReader]:
    import rasterio

    if not raster:
        raise UnusableRaster(RasterFault.UNREADABLE, "no content")
    if isinstance(raster, Path):
        with rasterio.open(raster, driver="GTiff") as opened:
            yield opened
        return
    with rasterio.MemoryFile(raster) as file, file.open(driver="GTiff") as opened:
        yield opened


def _check(raster: DatasetReader) -> None:
    if raster.count != 1:
        raise UnusableRaster(RasterFault.BANDS, str(raster.count))
    if raster.dtypes[0].startswith("complex"):
        raise UnusableRaster(RasterFault.VALUES, raster.dtypes[0])
    if raster.crs is None:
        raise UnusableRaster(RasterFault.NO_CRS)
    if raster.transform.b or raster.transform.d or raster.transform.a <= 0 or raster.transform.e >= 0:
        raise UnusableRaster(RasterFault.TURNED)
    rows, columns = raster.block_shapes[0]
    size = rows * columns * np.dtype(raster.dtypes[0]).itemsize
    if size > MOST_BLOCK_BYTES:
        raise UnusableRaster(RasterFault.BLOCKS, f"{size // 1_000_000:,}")


def _check_cells(raster: DatasetReader, around: NDArray[np.float64]) -> None:
    west, south, east, north = (float(one) for one in around)
    bounds = raster.bounds
    width = (min(east, bounds.right) - max(west, bounds.left)) / raster.transform.a
    height = (min(north, bounds.top) - max(south, bounds.bottom)) / -raster.transform.e
    if width * height > MOST_CELLS:
        raise UnusableRaster(RasterFault.TOO_FINE, f"{width * height:,.0f}")


def _projected(areas: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Return areas (WGS-84 degrees) in another system, made valid where projecting broke them."""
    try:
        transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    except ProjError as problem:
        raise UnusableRaster(RasterFault.NO_CRS, str(problem)) from problem

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    placed = shapely.transform(shapely.segmentize(areas, LONGEST_EDGE_DEGREES), project)
    broken = ~shapely.is_valid(placed)
    placed[broken] = shapely.make_valid(placed[broken])
    return np.asarray(placed, dtype=object)


def _summed(
    raster: DatasetReader, areas: NDArray[np.object_], progress: Callable[[float], None] | None
) -> NDArray[np.float64]:
    import geopandas
    from exactextract import exact_extract
    from exactextract.raster import RasterioRasterSource

    failed: list[Exception] = []

    class People(RasterioRasterSource):  # type: ignore[misc]
        """The raster with everything masked that is no number of people."""

        def nodata_value(self) -> None:
            return None  # masked already

        def read_window(self, x0: int, y0: int, nx: int, ny: int) -> Any:
            try:
                window = np.ma.asarray(super().read_window(x0, y0, nx, ny)).astype(float)
            except Exception as problem:  # lost on its way through the library, so kept
                failed.append(problem)
                raise
            values = np.asarray(window.data)
            people = np.isfinite(values) & (values >= 0) & ~np.ma.getmaskarray(window)
            return np.ma.array(values, mask=~people)

    features = geopandas.GeoDataFrame({"row": np.arange(len(areas))}, geometry=areas, crs=raster.crs.to_wkt())
    try:
        table = exact_extract(
            People(raster),
            features,
            ["sum", "count"],
            include_cols=["row"],
            output="pandas",
            max_cells_in_memory=CELLS_AT_ONCE,
            progress=(lambda share, _told: progress(share)) if progress else False,
        )
    except Exception:
        if failed:
            raise failed[0] from None
        raise
    people = np.full(len(areas), np.nan)
    held = table["count"].to_numpy() > 0
    people[table["row"].to_numpy()[held]] = table["sum"].to_numpy()[held]
    return people
