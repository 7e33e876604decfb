"""The coordinate reference systems in which features are given and asked for.

All three have the same degrees here: CGCS2000 is taken as equal to WGS-84 (``geo.coordinates``), from which it differs
by centimetres. They differ in the order of their axes, which is that of the register of EPSG: latitude first.
"""

from __future__ import annotations

from dataclasses import dataclass

from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten


@dataclass(frozen=True)
class ReferenceSystem:
    """``uri``: as OGC writes it. ``short``: as people do. ``lat_first``: whether its first axis is the latitude."""

    uri: str
    short: str
    lat_first: bool


CRS84 = ReferenceSystem("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84", lat_first=False)
WGS84 = ReferenceSystem("http://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:4326", lat_first=True)
CGCS2000 = ReferenceSystem("http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490", lat_first=True)
REFERENCE_SYSTEMS = (CRS84, WGS84, CGCS2000)

_BY_NAME = {
    name.casefold(): system
    for system in REFERENCE_SYSTEMS
    for name in (system.uri, system.uri.replace("http:", "https:"), system.short, f"[{system.short}]")
}


def read_reference_system(field: str, text: str) -> ReferenceSystem:
    """Return the system that a text names, by its URI (``http://www.opengis.net/def/crs/EPSG/0/4490``) or as
    ``EPSG:4490``.

    Raises:
        InvalidInput: it names none of ours.
    """
    try:
        return _BY_NAME[text.strip().casefold()]
    except KeyError:
        raise InvalidInput(
            field,
            N_("“{value}” is not known; use one of: {known}"),
            value=text,
            known=ListedAsWritten(system.uri for system in REFERENCE_SYSTEMS),
        ) from None
