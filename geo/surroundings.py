"""What maps of a province show around and above its counties: other provinces, water, and where names stand.

One GeoJSON FeatureCollection in WGS-84 degrees, built by ``geo.build_surroundings``. The ``kind`` of each feature:

- ``sea``, ``lake`` (tidal reaches of rivers too): areas. ``river``, ``border`` (between other provinces): lines.
- ``county``, ``city``, ``province``, ``water``: points at which the name stands, with ``name`` and ``name_en``;
  all but water have ``room_km``, how wide the area is there; counties and cities have their ``adcode``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from geo.counties import CountyLayer
from geo.province import Province, province_in_use

SURROUNDINGS = "surroundings.geojson"
REACH = (3.5, 2.0)
"""How far the layer goes beyond the province: degrees of longitude, degrees of latitude."""


def surroundings_geojson(province: Province | None = None) -> bytes:
    """Return the layer of a province, by default of the one in use, as UTF-8 bytes."""
    return _read((province or province_in_use()).folder)


def limits(layer: CountyLayer) -> tuple[float, float, float, float]:
    """Return the rectangle that the surroundings of a province fill: west, south, east, north in WGS-84 degrees."""
    west, south, east, north = layer.total_bounds
    return west - REACH[0], south - REACH[1], east + REACH[0], north + REACH[1]


@cache
def _read(folder: Path) -> bytes:
    return (folder / SURROUNDINGS).read_bytes()
