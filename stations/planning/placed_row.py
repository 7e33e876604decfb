"""The point that a row of a list gives by its coordinates."""

from __future__ import annotations

from geo.counties import locate
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.coordinates import read_degrees, read_degrees_pair, read_place
from stations.province import province_name
from stations.tables.table_file import TableRow

COORDINATE_COLUMNS = {
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "place": ("place", "coordinates", "坐标", "经纬度", "经纬度坐标", "地理坐标"),
}
"""Headings of a longitude, a latitude, or both in one column."""


class OutsideTheProvince(InvalidInput):
    """The coordinates lie in no county of the province."""


def has_coordinates(row: TableRow) -> bool:
    """Whether anything is written where the coordinates stand."""
    return any(row.cells.get(column) for column in COORDINATE_COLUMNS)


def point_of_row(row: TableRow, crs: str, name: str) -> tuple[float, float, str]:
    """Return longitude and latitude (WGS-84 degrees) of a row and the adcode of the county there.

    ``crs``: the coordinate system of the list, ``wgs84``, ``gcj02`` or ``bd09``. ``name``: of the place, for messages.

    Raises:
        OutsideTheProvince: the point lies in no county.
        InvalidInput: the coordinates can't be read.
    """
    if both := row.cells.get("place"):
        lon, lat = read_place(*read_degrees_pair("place", both), crs)
    else:
        lon, lat = read_place(
            read_degrees("lon", row.cells.get("lon", "")), read_degrees("lat", row.cells.get("lat", "")), crs
        )
    county = locate(lon, lat)
    if county is None:
        raise OutsideTheProvince(
            "lon",
            N_("“{text}” at {lon}, {lat} lies outside {province}; check the numbers and their coordinate system"),
            text=name,
            lon=f"{lon:.5f}",
            lat=f"{lat:.5f}",
            province=province_name(),
        )
    return lon, lat, county.adcode
