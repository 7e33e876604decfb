"""The base maps an operator can configure: none, Tianditu, AMap or OpenStreetMap.

Each uses its own coordinate system, so outlines and markers are converted to it, and clicks from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from portal.security_headers import host_source
from portal.settings import Settings
from stations.language import LANGUAGES, N_, LanguageCode


@dataclass(frozen=True)
class BaseMap:
    """A source of tiles.

    ``crs``: a system of ``geo.coordinates``; ``layers``: Leaflet tile addresses by the names that a
    language takes, lowest first (``{key}`` is
    the operator's key); ``subdomains``: the values of ``{s}``.
    """

    crs: str
    attribution: str
    layers: dict[Literal["zh", "en"], tuple[str, ...]]
    subdomains: str = ""
    max_zoom: int = 18


_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
_AMAP = "https://webrd0{{s}}.is.autonavi.com/appmaptile?lang={language}&size=1&scale=1&style=8&x={{x}}&y={{y}}&z={{z}}"
_OSM = ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",)

# vec: the map itself; cva and eva: its names in Chinese and in English.
BASE_MAPS: dict[str, BaseMap] = {
    "tianditu": BaseMap(
        crs="wgs84",  # CGCS2000, which agrees to within centimetres
        attribution=N_("Base map: Tianditu"),
        layers={
            "zh": (_TIANDITU.format(layer="vec"), _TIANDITU.format(layer="cva")),
            "en": (_TIANDITU.format(layer="vec"), _TIANDITU.format(layer="eva")),
        },
        subdomains="01234567",
    ),
    "amap": BaseMap(
        crs="gcj02",
        attribution=N_("Base map: AMap"),
        layers={"zh": (_AMAP.format(language="zh_cn"),), "en": (_AMAP.format(language="en"),)},
        subdomains="1234",
    ),
    "osm": BaseMap(
        crs="wgs84",
        attribution=N_("Base map: © OpenStreetMap contributors"),
        layers={"zh": _OSM, "en": _OSM},
        max_zoom=19,
    ),
}


def chosen(settings: Settings) -> BaseMap | None:
    """Return the base map of this installation, or None."""
    return BASE_MAPS.get(settings.base_map)


def tile_urls(settings: Settings, language: LanguageCode) -> tuple[str, ...]:
    """Return the Leaflet tile addresses, lowest layer first: of the operator's own copy, else of the provider."""
    base_map = chosen(settings)
    if base_map is None:
        return ()
    if settings.tile_url:
        return (settings.tile_url,)
    return tuple(url.replace("{key}", settings.tianditu_key) for url in base_map.layers[LANGUAGES[language].names])


def tile_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the hosts of tiles as sources of a content security policy."""
    urls = [url for language in LANGUAGES for url in tile_urls(settings, language)]
    return tuple(dict.fromkeys(host_source(url) for url in urls))


def tile_at(url: str, subdomain: str, lon: float, lat: float, zoom: int) -> str:
    """Return the address of the tile that holds a place (WGS-84, degrees), from a Leaflet tile address."""
    across = 2**zoom
    x = int((lon + 180) / 360 * across)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across)
    return url.replace("{s}", subdomain).replace("{x}", f"{x}").replace("{y}", f"{y}").replace("{z}", f"{zoom}")
