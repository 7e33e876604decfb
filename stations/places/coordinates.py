"""Read longitudes, latitudes and the coordinate system they are given in.

Degrees: ``120.9807``, ``120°58′50.5″``, ``东经120度58分50.5秒``, ``E120 58 50.5``, ``120:58:50.5``, ``经度：120.98``.
Both in one text: ``120.9807, 31.3856``, ``东经120.98 北纬31.39``, ``(31.3856 120.9807)``, ``lon=120.98, lat=31.39``.
Systems: ``wgs84``, ``GCJ-02``, ``百度``. Latitude before longitude is swapped if only the swapped order is possible.
"""

from __future__ import annotations

import math
import re
import unicodedata

from geo.coordinates import CRS, to_wgs84
from stations.entered_text import comparable, visible
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten
from stations.province import bounds_in_degrees, example, province_name

CRS_WORDS: dict[str, str] = {
    **{crs: crs for crs in CRS},
    **dict.fromkeys(
        ("WGS-84", "WGS84坐标系", "GPS", "CGCS2000", "CGCS 2000", "国家2000", "2000国家大地坐标系"), "wgs84"
    ),
    **dict.fromkeys(("大地2000", "天地图"), "wgs84"),
    **dict.fromkeys(
        ("GCJ-02", "GCJ02坐标系", "火星坐标", "火星坐标系", "高德", "高德地图", "腾讯", "腾讯地图"), "gcj02"
    ),
    **dict.fromkeys(("BD-09", "BD09坐标系", "BD09LL", "百度", "百度地图", "百度坐标"), "bd09"),
}
"""Names in use for the coordinate systems. Case, width and blanks do not matter."""

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
_METRES = 1000.0
"""From this value on, a number is taken for metres of a projection."""

# Characters used for degrees, minutes and seconds, and the words for them → one character each. NFKC turns a double
# prime into two single ones.
_SIGNS = str.maketrans(
    {
        "º": "°", "˚": "°", "度": "°",
        "’": "'", "‘": "'", "′": "'", "´": "'", "ˊ": "'", "分": "'",
        "”": "''", "“": "''", "″": "''", '"': "''", "秒": "''",
        "。": ".",
    }
)  # fmt: skip
_AXIS = "东经北纬EeNn: "  # markers of the axis, before or after the number
_LABEL = re.compile(r"(?:[经纬]度|\b(?:longitude|latitude|lng|lon|lat|point)\b)\s*[:：=]?\s*\(?", re.IGNORECASE)
_AWAY = re.compile(r"[swSW西南]")
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SEXAGESIMAL = re.compile(rf"([0-9]{{1,3}})(?:°|:|-|\s)\s*({_NUMBER})(?:'|:|-|\s|$)\s*(?:({_NUMBER})(?:''|')?)?")
# An e right after a digit belongs to an exponent.
_BETWEEN = re.compile(r"[,;、|/]|(?<=[\d°'])\s*(?=北纬|东经|[NEn]\d)|(?<=[\d°'])\s+(?=e\d)|(?<=[ENen])\s+")


def read_degrees(field: str, text: str) -> float:
    """Return decimal degrees, east and north positive.

    Raises:
        InvalidInput: ``text`` is not a number of degrees, or its minutes or seconds are 60 or more.
    """
    value = _degrees(text)
    if value is None:
        raise InvalidInput(
            field, N_("“{text}” is not a number of degrees; write it as {example}"),
            text=text.strip(),
            example=example().in_advice()["lat" if field == "lat" else "lon"],
        )
    if field in _LIMITS and not math.isfinite(value):
        check_degrees(field, value)
    return value


def read_degrees_pair(field: str, text: str) -> tuple[float, float]:
    """Return the two numbers of degrees in one text, in the order written (see ``in_order``).

    Raises:
        InvalidInput: ``text`` does not contain two numbers of degrees.
    """
    plain = _plain(text).strip("()[] ")
    parts = [part for part in _BETWEEN.split(plain) if part.strip()]
    if len(parts) == 1:
        parts = plain.split()
    values = [value for part in parts if (value := _degrees(part)) is not None]
    if len(parts) != 2 or len(values) != 2:
        raise InvalidInput(
            field,
            N_("“{text}” does not hold a longitude and a latitude; write them as {lon}, {lat}"),
            text=text.strip(),
            lon=example().lon,
            lat=example().lat,
        )
    return values[0], values[1]


def in_order(lon: float, lat: float) -> tuple[float, float]:
    """Return longitude and latitude, swapped if only the swapped order is possible."""
    return (lat, lon) if abs(lon) <= _LIMITS["lat"][0] < abs(lat) <= _LIMITS["lon"][0] else (lon, lat)


def check_degrees(name: str, value: float) -> None:
    """Check that a value is a possible longitude (``lon``) or latitude (``lat``).

    Raises:
        InvalidInput: ``value`` is out of range.
    """
    limit, message = _LIMITS[name]
    if math.isfinite(value) and abs(value) >= _METRES:
        message = N_("{value} is no number of degrees, perhaps metres of a projection; write degrees like {example}")
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


def read_coordinate_system(field: str, text: str) -> str:
    """Return the key of ``geo.coordinates.CRS`` that ``text`` names.

    Raises:
        InvalidInput: ``text`` names none.
    """
    try:
        return _SYSTEMS[comparable(text)]
    except KeyError:
        raise InvalidInput(
            field,
            N_("“{value}” is not a coordinate system; use one of: {known}"),
            value=text.strip(),
            known=ListedAsWritten(CRS),
        ) from None


def systems_named_in(text: str) -> set[str]:
    """Return the keys of ``geo.coordinates.CRS`` whose names occur in a text, such as a heading 经纬度（高德）."""
    plain = comparable(text)
    return {crs for word, crs in _SYSTEMS.items() if word in plain}


def read_place(lon: float, lat: float, crs: str = "wgs84") -> tuple[float, float]:
    """Return the WGS-84 degrees ``(lon, lat)`` of a place given in ``crs``, in either order (``in_order``).

    Raises:
        InvalidInput: a number is not a longitude or latitude (``field`` is ``lon`` or ``lat``), or the system is
            unknown (``crs``).
    """
    system = read_coordinate_system("crs", crs)
    lon, lat = in_order(lon, lat)
    for name, value in (("lon", lon), ("lat", lat)):
        check_degrees(name, value)
    real_lon, real_lat = to_wgs84(lon, lat, system)
    return float(real_lon), float(real_lat)


def _plain(written: str) -> str:
    plain = _LABEL.sub(" ", visible(written)).translate(_SIGNS)
    return unicodedata.normalize("NFKC", plain).translate(_SIGNS).strip()


def _degrees(written: str) -> float | None:
    text = _plain(written)
    try:
        return float(text.rstrip("°"))
    except ValueError:
        pass
    if _AWAY.search(text):
        return None
    text = text.strip(_AXIS)
    try:
        return float(text.rstrip("°"))
    except ValueError:
        found = _SEXAGESIMAL.fullmatch(text)
    if found is None:
        return None
    whole, minutes, seconds = (float(part or 0) for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        return None
    return whole + minutes / 60 + seconds / 3600


_SYSTEMS = {comparable(word): crs for word, crs in CRS_WORDS.items()}
