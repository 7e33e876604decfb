"""The county map of a page: fills, legend, markers, and clicks.

The map is created once for each ``key``; afterwards only fills, highlight, markers and view are sent. Inputs and clicks
are in WGS-84 degrees, whatever the base map's own system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from geo.coordinates import from_wgs84, to_wgs84
from geo.counties import county_layer
from portal import language
from portal.language import _
from portal.maps import base_maps
from portal.maps.elements import CountyOutlines, CountyState, LocalMap
from portal.maps.geometry import geometry_url
from portal.maps.legend import LegendEntry, legend_html
from portal.own_path import is_own_path
from portal.settings import Settings, settings
from portal.theme import CHOSEN_OUTLINE, COLOURS, NO_FIGURE, AreaStyle, MarkerStyle

Bounds = tuple[float, float, float, float]
"""West, south, east, north in WGS-84 degrees."""

MAX_ZOOM = 18  # without tiles Leaflet sets none, and clusters need one


@dataclass(frozen=True)
class Fill:
    """The fill of a county, and the name and line of text in its tooltip."""

    style: AreaStyle
    name: str
    label: str = ""


@dataclass(frozen=True)
class Marker:
    """A marker at a position in WGS-84 degrees. All texts are plain text, never HTML.

    ``detail``: the lines of its popup; ``href``: the page it links to, a path of this site; a ``sample`` is drawn with
    a dashed edge and labelled as one.

    Raises:
        ValueError: ``href`` is not a path of this site.
    """

    lon: float
    lat: float
    style: MarkerStyle
    name: str
    detail: tuple[str, ...] = ()
    sample: bool = False
    href: str = ""

    def __post_init__(self) -> None:
        if self.href and not is_own_path(self.href):
            raise ValueError(f"a marker leads to a page of this site, not to {self.href!r}")


@dataclass(frozen=True)
class MapClick:
    """The position of a click, in WGS-84 degrees."""

    lon: float
    lat: float


def _crs(configured: Settings) -> str:
    base_map = base_maps.chosen(configured)
    return base_map.crs if base_map else "wgs84"


def _leaflet_bounds(bounds: Bounds, crs: str) -> list[list[float]]:
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


def _standing_map(configured: Settings, title: str) -> LocalMap:
    """Return the constant part of the map, which depends only on settings, language and title."""
    base_map = base_maps.chosen(configured)
    west, south, east, north = province = county_layer().total_bounds
    drawn = LocalMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=7,
        tiles=None,
        zoom_control=False,  # CountyMap adds one in the visitor's language
        zoom_snap=1 if base_map else 0.25,
        min_zoom=6,
    )
    drawn.options["maxZoom"] = base_map.max_zoom if base_map else MAX_ZOOM
    if base_map:
        for url in base_maps.tile_urls(configured, language.current().code):
            folium.TileLayer(url, attr=" ", subdomains=base_map.subdomains or "abc", max_zoom=base_map.max_zoom).add_to(
                drawn
            )
    CountyOutlines(
        {
            "geometry": geometry_url(_crs(configured)),
            "bounds": _leaflet_bounds(province, _crs(configured)),
            "lang": language.current().tag,
            "title": title,
            "attribution": _attribution(configured),
            "unfilled": NO_FIGURE.colour,
            "fillOpacity": 0.62 if base_map else 1,
            "outline": {"color": "#ffffff", "weight": 1, "opacity": 1},
            "hoveredOutline": {"color": COLOURS["ink"], "weight": 2, "opacity": 1},
            "chosenOutline": {"color": CHOSEN_OUTLINE, "weight": 4, "opacity": 1},
            "texts": {
                "zoomIn": _("Zoom in"),
                "zoomOut": _("Zoom out"),
                "open": _("Open its page"),
                "sample": _("Sample"),
                "failed": _("The map could not be loaded. The table below says the same."),
            },
        }
    ).add_to(drawn)
    return drawn


def _state(
    fills: Mapping[str, Fill],
    markers: Sequence[Marker],
    highlight: str | None,
    bounds: Bounds | None,
    crs: str,
    cluster_from: int,
) -> dict[str, Any]:
    styles = list(dict.fromkeys(fill.style for fill in fills.values()))
    number = {style: index for index, style in enumerate(styles)}
    lons, lats = from_wgs84([marker.lon for marker in markers], [marker.lat for marker in markers], crs)
    return {
        "styles": [{"colour": style.colour, "hatch": style.hatch} for style in styles],
        "fills": {adcode: [number[fill.style], fill.name, fill.label] for adcode, fill in fills.items()},
        "highlight": highlight,
        "bounds": _leaflet_bounds(bounds, crs) if bounds else None,
        "clusterFrom": cluster_from,
        "markers": [
            {
                "lon": round(float(lon), 6),
                "lat": round(float(lat), 6),
                "shape": marker.style.shape,
                "colour": marker.style.colour,
                "fill": marker.style.fill,
                "name": marker.name,
                "detail": marker.detail,
                "sample": marker.sample,
                "href": marker.href,
            }
            for marker, lon, lat in zip(markers, lons, lats, strict=True)
        ],
    }


def county_map(
    fills: Mapping[str, Fill],
    *,
    key: str,
    title: str,
    legend: Sequence[LegendEntry] = (),
    markers: Sequence[Marker] = (),
    highlight: str | None = None,
    bounds: Bounds | None = None,
    height: int = 560,
    cluster_from: int = 40,
) -> MapClick | None:
    """Draw the map of the counties with its legend, and return a click on it.

    Args:
        fills: by county adcode; a county without one is drawn as having no figure.
        key: identifies this map on its page; while it stays the same the map is not recreated.
        title: the content of the map, for screen readers.
        legend: the meaning of fills and markers, drawn above the map.
        markers: marked positions; from ``cluster_from`` markers on they are clustered.
        highlight: adcode of the county to outline.
        bounds: the part to show; a change moves the view. All counties if None.
        height: in pixels; less on a phone.

    Returns:
        The click that caused this run of the page, else None: each click is returned once. A click on a marker opens
        its popup and is not returned.
    """
    configured = settings()
    crs = _crs(configured)
    if legend:
        st.html(legend_html(legend, _("Legend")))
    group = folium.FeatureGroup(name=key)
    CountyState(_state(fills, markers, highlight, bounds, crs, cluster_from)).add_to(group)

    clicked = f"{key}:clicked"

    def remember() -> None:
        st.session_state[clicked] = True

    answer = st_folium(
        _standing_map(configured, title),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_clicked"],
        feature_group_to_add=group,
        on_change=remember,
    )
    # The frame repeats its last value in every run; it is a new click only in the run that its change caused.
    if not st.session_state.pop(clicked, False) or not answer.get("last_clicked"):
        return None
    lon, lat = to_wgs84(answer["last_clicked"]["lng"], answer["last_clicked"]["lat"], crs)
    return MapClick(lon=float(lon), lat=float(lat))
