"""Reading a place that somebody enters: coordinates in any of the three systems, made WGS-84."""

from __future__ import annotations

import math
import re
import unicodedata

from geo.coordinates import CRS, to_wgs84
from stations.errors import InvalidInput
from stations.language import N_
from stations.province import bounds_in_degrees, example, province_name

_LIMITS = {
    "lon": (
        180.0,
        N_("The longitude {value} is out of range; in {province} it lies from {least} to {most}, such as {example}"),
    ),
    "lat": (
        90.0,
        N_("The latitude {value} is out of range; in {province} it lies from {least} to {most}, such as {example}"),
    ),
}


def check_degrees(name: str, value: float) -> None:
    """Let a longitude (``lon``) or latitude (``lat``) of this Earth pass.

    Raises:
        InvalidInput: it is none.
    """
    limit, message = _LIMITS[name]
    if not math.isfinite(value) or abs(value) > limit:
        west, south, east, north = bounds_in_degrees()
        raise InvalidInput(
            name,
            message,
            value=f"{value:.10g}",
            province=province_name(),
            least=west if name == "lon" else south,
            most=east if name == "lon" else north,
            example=example().lon if name == "lon" else example().lat,
        )


def read_degrees(text: str) -> tuple[float, float]:
    """Longitude and latitude from one text, as a map gives them: ``120.98, 31.39``, apart by a comma or a
    blank. The other way round they are put right where only that way they can be a place.

    Raises:
        InvalidInput: it is no two numbers; ``field`` is ``lon``.
    """
    parts = [part for part in re.split(r"[\s,;]+", unicodedata.normalize("NFKC", text).replace("、", ",")) if part]
    try:
        first, second = map(float, parts)
    except ValueError:
        raise InvalidInput(
            "lon", N_("Type longitude and latitude in degrees, such as 120.98, 31.39; “{text}” is none"), text=text
        ) from None
    return (second, first) if abs(second) > _LIMITS["lat"][0] >= abs(first) else (first, second)


def read_place(lon: float, lat: float, crs: str = "wgs84") -> tuple[float, float]:
    """WGS-84 degrees ``(lon, lat)`` of a place given in ``crs`` (``wgs84``, ``gcj02`` or ``bd09``).

    Raises:
        InvalidInput: a number is no longitude or latitude, or the system is not known.
    """
    if crs not in CRS:
        raise InvalidInput(
            "crs", N_("“{value}” is not a coordinate system; use one of: {known}"), value=crs, known=", ".join(CRS)
        )
    for name, value in (("lon", lon), ("lat", lat)):
        check_degrees(name, value)
    real_lon, real_lat = to_wgs84(lon, lat, crs)
    return float(real_lon), float(real_lat)
