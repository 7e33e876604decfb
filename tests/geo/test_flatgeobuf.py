from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from geo.counties import FULL_LAYER, LAYERS
from geo.flatgeobuf import read_outlines

RING = [(120.0, 31.0), (121.0, 31.0), (121.0, 32.0), (120.0, 31.0)]
ISLAND = shapely.box(118.0, 33.0, 119.0, 34.0)
HOLED = shapely.Polygon(
    shapely.box(116.0, 30.0, 118.0, 32.0).exterior, [shapely.box(116.5, 30.5, 117.0, 31.0).exterior]
)


def written(path: Path, outlines: list, index: str = "NO", kind: str = "Unknown", texts: bool = True) -> Path:
    values = ["甲", "", "丙"] if texts else [1, 2, 3]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(outlines, dtype=object)),
        [
            np.array(["x"] * len(outlines), dtype=object),
            np.array(values[: len(outlines)], dtype=object if texts else int),
        ],
        ["other", "name"],
        driver="FlatGeobuf",
        geometry_type=kind,
        crs="EPSG:4326",
        layer_options={"SPATIAL_INDEX": index},
    )
    return path


def test_the_county_layer_reads_as_gdal_reads_it() -> None:
    codes, outlines = read_outlines(LAYERS / FULL_LAYER, "adcode")
    _, _, wkb, (theirs,) = pyogrio.raw.read(LAYERS / FULL_LAYER, columns=["adcode"])
    assert codes == list(theirs) and len(codes) == 95
    assert list(shapely.to_wkb(outlines)) == list(wkb)


def test_holes_parts_and_empty_texts(tmp_path: Path) -> None:
    given = [shapely.Polygon(RING), HOLED, shapely.MultiPolygon([HOLED, ISLAND])]
    texts, outlines = read_outlines(written(tmp_path / "a.fgb", given), "name")
    assert texts == ["甲", "", "丙"]
    assert list(outlines) == given


@pytest.mark.parametrize(
    "given, message",
    [
        ({"outlines": [ISLAND], "index": "YES"}, "spatial index"),
        ({"outlines": [ISLAND], "texts": False}, "no column of texts called name"),
        ({"outlines": [shapely.Point(120, 31)]}, "no polygon"),
    ],
)
def test_what_is_not_read_is_told(tmp_path: Path, given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_outlines(written(tmp_path / "a.fgb", **given), "name")


def test_another_kind_of_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.fgb").write_bytes(b"PK\x03\x04")
    with pytest.raises(ValueError, match="no FlatGeobuf file"):
        read_outlines(tmp_path / "a.fgb", "name")


def test_asking_where_a_place_lies_loads_no_pandas() -> None:
    asked = "import sys; from geo.counties import locate; locate(120.98, 31.38); sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
