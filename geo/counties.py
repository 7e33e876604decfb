"""The county-level divisions of a province: names, outlines, and the county that contains a point.

The data lies in the province's folder (see its ``SOURCES.md`` for the origin) and is read on first use. All
coordinates are WGS-84 degrees unless another system is named.
"""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.coordinates import CRS, UnknownCRS, check_coordinates, from_wgs84
from geo.province import Province, province_in_use

if TYPE_CHECKING:
    import geopandas

FULL_LAYER = "counties_full.fgb"
MAP_LAYER = "counties_map.geojson"
COUNTY_TABLE = "counties.csv"

KINDS = ("district", "county_level_city", "county")
"""区, 县级市 and 县."""

MAP_DECIMALS = 5
"""Decimals of a degree in the map layer: about a metre."""

# GB/T 2260, last two digits of a county's code: first and last of each range, and the kind.
_CODE_RANGES = (
    (1, 20, "district"),
    (21, 50, "county"),
    (51, 80, "district"),
    (81, 99, "county_level_city"),
)


class UnknownAdcode(ValueError):
    """An adcode names no county-level division of the layer."""


@dataclass(frozen=True)
class City:
    """A prefecture-level city: adcode of six digits (GB/T 2260), Chinese and English name."""

    adcode: str
    name: str
    name_en: str


@dataclass(frozen=True)
class County:
    """A county-level division.

    ``adcode`` and ``city_adcode`` are six digits (GB/T 2260); ``kind`` is one of ``KINDS``;
    ``area_km2`` is measured in an equal-area projection; ``lon``, ``lat`` is a point inside it.
    """

    adcode: str
    name: str
    name_en: str
    kind: str
    city_adcode: str
    city: str
    city_en: str
    area_km2: float
    lon: float
    lat: float


def county_kind(adcode: str) -> str:
    """Return the kind of division (one of ``KINDS``) that the adcode of a county encodes (GB/T 2260).

    Valid for the counties of prefecture-level cities.

    Raises:
        UnknownAdcode: the code is not one of a county.
    """
    if len(adcode) == 6 and adcode.isascii() and adcode.isdigit():
        for first, last, kind in _CODE_RANGES:
            if first <= int(adcode[4:]) <= last:
                return kind
    raise UnknownAdcode(f"{adcode!r} is not the six-digit code of a county (GB/T 2260)")


class CountyLayer:
    """The counties with their outlines. Use the shared instance from ``county_layer()``."""

    def __init__(self, folder: Path) -> None:
        """Read the county table from ``folder``; the full-detail outlines there are read when they are first needed."""
        with open(folder / COUNTY_TABLE, encoding="utf-8", newline="") as table:
            self.counties: tuple[County, ...] = tuple(
                County(
                    adcode=row["adcode"],
                    name=row["name"],
                    name_en=row["name_en"],
                    kind=row["kind"],
                    city_adcode=row["city_adcode"],
                    city=row["city"],
                    city_en=row["city_en"],
                    area_km2=float(row["area_km2"]),
                    lon=float(row["lon"]),
                    lat=float(row["lat"]),
                )
                for row in csv.DictReader(table)
            )
        self.cities: tuple[City, ...] = tuple(
            City(*city)
            for city in sorted({(c.city_adcode, c.city, c.city_en) for c in self.counties})
        )
        self._by_adcode = {county.adcode: county for county in self.counties}
        self._folder = folder
        self._reading = Lock()
        self._read: tuple[NDArray[np.object_], shapely.STRtree] | None = None

    def _indexed(self) -> tuple[NDArray[np.object_], shapely.STRtree]:
        """Return the outlines, and their index; read at the first call."""
        with self._reading:
            if self._read is None:
                outlines = _read_outlines(self._folder / FULL_LAYER, [c.adcode for c in self.counties])
                shapely.prepare(outlines)
                # A prepared outline builds its index on first use. Trigger that now, while only one thread uses it.
                for outline, county in zip(outlines, self.counties, strict=True):
                    shapely.intersects_xy(outline, county.lon, county.lat)
                self._read = outlines, shapely.STRtree(outlines)
            return self._read

    @property
    def _outlines(self) -> NDArray[np.object_]:
        return self._indexed()[0]

    @functools.cached_property
    def frame(self) -> geopandas.GeoDataFrame:
        """The full-detail layer, EPSG:4326, one row per county sorted by adcode.

        Columns: the fields of ``County`` and ``geometry``. The object is shared: copy it before changing it.
        """
        import geopandas  # takes over a second with pandas, and only this needs it

        return geopandas.GeoDataFrame(
            [vars(county) for county in self.counties],
            geometry=self._outlines.copy(),
            crs="EPSG:4326",
        )

    def get(self, adcode: str) -> County:
        """Return the county with this adcode. Raise ``UnknownAdcode`` if there is none."""
        if adcode not in self._by_adcode:
            raise UnknownAdcode(f"no county has the adcode {adcode!r}")
        return self._by_adcode[adcode]

    def outlines(self) -> Iterator[tuple[str, shapely.Geometry]]:
        """Yield the adcode and the full-detail outline (a multipolygon, WGS-84 degrees) of every county."""
        yield from zip(self._by_adcode, self._outlines, strict=True)

    def bounds(self, adcode: str) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) of a county in WGS-84 degrees. Raise ``UnknownAdcode`` if there is none."""
        outline = self._outlines[self.counties.index(self.get(adcode))]
        west, south, east, north = (float(edge) for edge in outline.bounds)
        return west, south, east, north

    @functools.cached_property
    def total_bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) of all counties in WGS-84 degrees."""
        west, south, east, north = (float(edge) for edge in shapely.total_bounds(self._outlines))
        return west, south, east, north

    def locate(self, lon: float, lat: float) -> County | None:
        """Return the county that contains a point (WGS-84 degrees), or None outside all of them.

        A point exactly on a shared border belongs to the county with the lowest adcode.

        Raises:
            CoordinateOutOfRange: the longitude or latitude is out of range.
        """
        check_coordinates(lon, lat)
        outlines, tree = self._indexed()
        for row in np.sort(tree.query(shapely.Point(lon, lat))):
            if shapely.intersects_xy(outlines[row], lon, lat):
                return self.counties[int(row)]
        return None

    def locate_many(self, lons: ArrayLike, lats: ArrayLike) -> list[str | None]:
        """Return for each point the adcode of the county that contains it, or None outside all of them.

        Takes two array-likes of one length, WGS-84 degrees. Borders as in ``locate``.

        Raises:
            CoordinateOutOfRange: a value is out of range; the message names the position of the first one.
            ValueError: the lengths differ.
        """
        xs = np.asarray(lons, dtype=float).reshape(-1)
        ys = np.asarray(lats, dtype=float).reshape(-1)
        if len(xs) != len(ys):
            raise ValueError(f"{len(xs)} longitudes but {len(ys)} latitudes")
        check_coordinates(xs, ys)
        # Index the points: each outline is tested once against the index, which is faster than testing each
        # point.
        rows, points = shapely.STRtree(np.asarray(shapely.points(xs, ys))).query(
            self._outlines, predicate="intersects"
        )
        holder = np.full(len(xs), len(self.counties))
        np.minimum.at(holder, points, rows)
        adcodes = [*self._by_adcode, None]
        return [adcodes[row] for row in holder]

    def map_geojson(self, crs: str = "wgs84") -> bytes:
        """Return the map layer as the UTF-8 bytes of a GeoJSON FeatureCollection.

        The outlines are simplified as one coverage, so neighbours still share their borders. Each feature has one
        property, ``adcode``. Coordinates are in the system named ``crs`` (one of ``geo.coordinates.CRS``),
        rounded to ``MAP_DECIMALS`` decimals. Standard GeoJSON (RFC 7946) is WGS-84; the other systems are for
        base maps that use them.

        Raises:
            UnknownCRS: ``crs`` is another name.
        """
        if crs not in CRS:
            raise UnknownCRS(crs)
        return _map_geojson(self._folder, crs)


def county_layer(province: Province | None = None) -> CountyLayer:
    """Return the county layer of a province, by default the one in use; each is read once."""
    return _layer((province or province_in_use()).folder)


@functools.cache
def _layer(folder: Path) -> CountyLayer:
    return CountyLayer(folder)


def locate(lon: float, lat: float) -> County | None:
    """Return the county of the province in use that contains a point; see ``CountyLayer.locate``."""
    return county_layer().locate(lon, lat)


def feature_collection(adcodes: list[str], outlines: NDArray[np.object_]) -> bytes:
    """Return outlines with their adcodes as the UTF-8 bytes of a compact GeoJSON FeatureCollection.

    ``outlines``: an array of polygons or multipolygons in degrees, written unchanged except that a multipolygon
    of one part becomes a polygon. The same input gives the same bytes.
    """
    features = []
    for adcode, outline in zip(adcodes, outlines, strict=True):
        parts = shapely.get_parts(outline)
        geometry = shapely.geometry.mapping(parts[0] if len(parts) == 1 else outline)
        features.append({"type": "Feature", "properties": {"adcode": adcode}, "geometry": geometry})
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode()


@functools.cache
def _map_geojson(folder: Path, crs: str) -> bytes:
    wgs84 = (folder / MAP_LAYER).read_bytes()
    if crs == "wgs84":
        return wgs84
    features = json.loads(wgs84)["features"]
    outlines = shapely.transform(
        shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features]),
        lambda points: np.column_stack(from_wgs84(points[:, 0], points[:, 1], crs)).round(MAP_DECIMALS),
    )
    return feature_collection([f["properties"]["adcode"] for f in features], outlines)


def _read_outlines(path: Path, adcodes: list[str]) -> NDArray[np.object_]:
    """Return the outlines of the full-detail layer, in the order of the county table."""
    import pyogrio.raw  # imports geopandas and pandas: half a second and more

    _, _, wkb, (codes,) = pyogrio.raw.read(path, columns=["adcode"])
    if list(codes) != adcodes:
        raise ValueError(f"{path.name} and {COUNTY_TABLE} differ: rebuild both layers")
    return np.asarray(shapely.from_wkb(wkb), dtype=object)
