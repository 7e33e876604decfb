"""What planners bring: lists with a description, population rasters, and extracts of roads.

Lists are read and applied as a command does it, and rolled back. Rasters and extracts are real ones with odd facts, or
damaged on their way; a raster is summed over three areas in place of all hexagons of the province.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from sqlalchemy.orm import Session

from geo.population_raster import UnusableRaster, people_in
from stations.errors import DomainError
from stations.planning.demand_point import import_demand_points, read_demand_points
from stations.planning.distance_table import import_distances, read_distances
from stations.planning.imported_figure import import_figure, read_figure
from stations.planning.population_layer import as_problem
from stations.planning.road_data import build_roads
from tests.conftest import NOW
from tests.fuzz.lists import files, rolled_back
from tests.fuzz.target import Target, told
from tests.fuzz.texts import ANY_TEXT
from tests.geo.roads.drawn_extract import DrawnExtract
from tests.stations.registry_factories import PROVINCE

_FIGURE = "区县,数值\n昆山市,12\n".encode()
_AREAS = np.array([shapely.box(120 + x / 2, 31, 120.5 + x / 2, 32) for x in range(3)], dtype=object)
_TAGS = st.dictionaries(
    st.sampled_from(["highway", "route", "access", "oneway", "maxspeed", "duration", "barrier", "motor_vehicle"]),
    st.one_of(
        st.sampled_from(["motorway", "primary", "ferry", "no", "yes", "-1", "50", "30 mph", "gate", "00:10", "PT1H"]),
        ANY_TEXT.map(lambda text: text[:200].encode("utf-8", "ignore").decode().replace("\0", "")),
    ),
    max_size=4,
)


@st.composite
def descriptions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw how a figure is described: some of it right, the rest anything."""
    text = ANY_TEXT.map(lambda written: written[:1000])
    return {
        "code": draw(st.one_of(st.just("FIRMS-2025"), text)),
        "name": draw(st.one_of(st.just("企业"), text)),
        "unit": draw(st.one_of(st.just("家"), text)),
        "year": draw(st.one_of(st.just(2025), st.integers())),
        "source": draw(st.one_of(st.just("测试"), text)),
    }


def _described(session: Session, description: dict[str, Any]) -> None:
    import_figure(session, PROVINCE, read_figure(_FIGURE, description["unit"]), now=NOW, **description)


def _distances(session: Session, content: bytes) -> None:
    rows = read_distances(content)
    import_distances(session, PROVINCE, rows, code="D-1", name="行车", year=2025, source="测试", file="a.csv", now=NOW)


def _demand(session: Session, content: bytes) -> None:
    rows = read_demand_points(content, crs="gcj02")
    import_demand_points(session, PROVINCE, rows, source="测试", now=NOW, replace=True)


@st.composite
def rasters(draw: st.DrawFn) -> bytes:
    """Draw a GeoTIFF, perhaps with several bands, odd cells, another system, or bytes that were lost or changed."""
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    count, dtype = draw(st.sampled_from([1, 1, 1, 2])), draw(st.sampled_from(["float32", "int16", "uint8", "float64"]))
    size = draw(st.sampled_from([0.1, 0.01, 1000.0, 1e-9, 1e9, float("nan")]))
    place = Affine(size, draw(st.sampled_from([0.0, 0.0, 0.01])), draw(st.sampled_from([120.0, 0.0, 1e308])), 0.0,
                   draw(st.sampled_from([-size, -size, size])), draw(st.sampled_from([32.0, -90.0, 3e6])))  # fmt: skip
    options: dict[str, Any] = {
        "crs": draw(st.sampled_from(["EPSG:4326", "EPSG:4326", "ESRI:54009", "EPSG:4490", "EPSG:32650", None])),
        "compress": draw(st.sampled_from(["deflate", "lzw", None])),
        "nodata": draw(st.sampled_from([None, 0, 1, float("nan")])) if dtype.startswith("float") else None,
    }
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=width, height=height, count=count, dtype=dtype, transform=place, **options
        ) as made:
            made.write(np.full((count, height, width), draw(st.sampled_from([1, 0, 7]))).astype(dtype))
        content = bytes(memory.read())
    return draw(_harmed(content))


@st.composite
def _harmed(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw what became of a file on its way; of half of them nothing."""
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(["none", "bytes", "bytes", "cut"])):
            case "bytes":
                content = content[:at] + draw(st.binary(min_size=1, max_size=8)) + content[at + 8 :]
            case "cut":
                content = content[:at]
    return content


@st.composite
def extracts(draw: st.DrawFn) -> bytes:
    """Draw an extract of some places and ways with any tags, or one that was damaged."""
    degrees = st.one_of(st.floats(119, 121), st.floats(-90, 90))
    nodes = draw(st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(degrees, degrees), min_size=1))
    ways = draw(st.lists(st.tuples(st.text("ABCDEFX", max_size=6), _TAGS), max_size=4))
    tagged = draw(st.dictionaries(st.sampled_from("ABCDEF"), _TAGS, max_size=2))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.osm.pbf"
        DrawnExtract(nodes, ways, tagged).write(path)
        return draw(_harmed(path.read_bytes()))


def _raster(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.tif"
        path.write_bytes(content)
        try:
            people_in(path, _AREAS)
        except UnusableRaster as problem:
            told(as_problem(problem, path))


def _roads(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roads.osm.pbf"
        path.write_bytes(content)
        try:
            build_roads(path)
        except DomainError as error:
            told(error)


_DISTANCES = ("起点", "终点", "分钟", "公里", "origin", "destination", "km")
_DEMAND = ("名称", "地址", "经度", "纬度", "坐标", "产值", "amount")
PLANNING = [
    Target("descriptions of figures", descriptions(), partial(rolled_back, _described)),
    Target("table of distances", files(_DISTANCES), partial(rolled_back, _distances), short=25),
    Target("places with demand", files(_DEMAND), partial(rolled_back, _demand), short=25),
    Target("population rasters", rasters(), _raster, short=25),
    Target("extracts of roads", extracts(), _roads, short=25),
]
