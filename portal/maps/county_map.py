"""The county map of a page: fills, legend, markers, and clicks.

The map is created once for each ``key``; afterwards only fills, highlight, markers and view are sent. Inputs and clicks
are in WGS-84 degrees, whatever the base map's own system.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import streamlit as st
from markupsafe import Markup
from streamlit_folium import st_folium

from geo.coordinates import from_wgs84, to_wgs84
from geo.counties import locate
from portal.language import _
from portal.maps.areas import Area, areas_data
from portal.maps.dots import Dots
from portal.maps.elements import CountyState
from portal.maps.legend import LegendEntry, legend_data, legend_html
from portal.maps.spokes import Spokes, spokes_data
from portal.maps.standing_map import Bounds, crs_of, leaflet_bounds, standing_map
from portal.own_path import is_own_path
from portal.settings import settings
from portal.theme import AreaStyle, MarkerStyle
from stations.province import province_name

_NOT_IN_CLASS = re.compile(r"[^a-zA-Z0-9_-]")  # what Streamlit replaces where it makes a class of a key


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
    a dashed edge and labelled as one. ``number``: that of its entry in the list beside the map.

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
    number: int | None = None

    def __post_init__(self) -> None:
        if self.href and not is_own_path(self.href):
            raise ValueError(f"a marker leads to a page of this site, not to {self.href!r}")


@dataclass(frozen=True)
class MapClick:
    """The position of a click, in WGS-84 degrees."""

    lon: float
    lat: float


def _state(
    fills: Mapping[str, Fill],
    markers: Sequence[Marker],
    highlight: str | None,
    bounds: Bounds | None,
    crs: str,
) -> dict[str, Any]:
    styles = list(dict.fromkeys(fill.style for fill in fills.values()))
    number = {style: index for index, style in enumerate(styles)}
    lons, lats = from_wgs84([marker.lon for marker in markers], [marker.lat for marker in markers], crs)
    return {
        "styles": [{"colour": style.colour, "hatch": style.hatch} for style in styles],
        "fills": {adcode: [number[fill.style], fill.name, fill.label] for adcode, fill in fills.items()},
        "highlight": highlight,
        "bounds": leaflet_bounds(bounds, crs) if bounds else None,
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
                "number": marker.number,
            }
            for marker, lon, lat in zip(markers, lons, lats, strict=True)
        ],
    }


def county_map(
    fills: Mapping[str, Fill],
    *,
    key: str,
    title: str,
    asked: Sequence[str] = (),
    legend: Sequence[LegendEntry] = (),
    markers: Sequence[Marker] = (),
    spokes: Sequence[Spokes] = (),
    dots: Dots | None = None,
    areas: Sequence[Area] = (),
    highlight: str | None = None,
    bounds: Bounds | None = None,
    height: int = 560,
    cluster_from: int = 40,
    beyond: bool = False,
) -> MapClick | None:
    """Draw the map of the counties with its legend, and return a click on it.

    Args:
        fills: by county adcode; a county without one is drawn as having no figure.
        key: identifies this map on its page; while it stays the same the map is not recreated, and one that had to be
            stands where the visitor left it.
        title: the content of the map, for screen readers, pictures and print.
        asked: what the map answers, such as the date and the filters, for pictures and print.
        legend: the meaning of fills and markers, drawn above the map.
        markers: marked positions; from ``cluster_from`` markers on they are clustered.
        dots: over the counties, below lines and markers; told in the legend.
        spokes: lines from places to others, below the markers.
        areas: areas over the counties, the largest first.
        highlight: adcode of the county to outline.
        bounds: the part to show; a change moves the view. All counties if None.
        height: in pixels; less on a phone.
        beyond: whether a click outside the province means something to the page; otherwise it is answered here.

    Returns:
        The click that caused this run of the page, else None: each click is returned once. A click on a marker opens
        its popup and is not returned.
    """
    configured = settings()
    crs = crs_of(configured)
    st.html(_asked_html(title, asked))
    st.html(f"<style>.st-key-{_place_key(key)} {{ --map-height: {height}px; }}</style>")
    if dots:
        legend = [*legend, LegendEntry(MarkerStyle("circle", dots.colour), dots.label)]
    if legend:
        st.html(legend_html(legend, _("Legend")))
    state = {
        **_state(fills, markers, highlight, bounds, crs),
        "spokes": spokes_data(spokes, crs),
        "dots": {"url": dots.url, "colour": dots.colour} if dots else None,
        "areas": areas_data(areas, crs),
        "clusterFrom": cluster_from,
        "legend": legend_data(legend),
        "asked": list(asked),
    }
    group = folium.FeatureGroup(name=key)
    CountyState(state).add_to(group)

    clicked = f"{key}:clicked"

    def remember() -> None:
        st.session_state[clicked] = True

    with st.container(key=_place_key(key)):
        answer = st_folium(
            standing_map(configured, title, key),
            key=key,
            height=height,
            use_container_width=True,
            returned_objects=["last_clicked"],
            feature_group_to_add=group,
            render=False,  # it is rendered all the same; this leaves out a first time, of the document around it
            on_change=remember,
        )
    # The frame repeats its last value in every run; it is a new click only in the run that its change caused.
    if not st.session_state.pop(clicked, False) or not answer.get("last_clicked"):
        return None
    lon, lat = to_wgs84(answer["last_clicked"]["lng"], answer["last_clicked"]["lat"], crs)
    click = MapClick(lon=float(lon), lat=float(lat))
    if not beyond and locate(click.lon, click.lat) is None:
        told = _("You clicked outside {province}. Click a place inside it.", province=province_name())
        st.html(Markup('<p class="map-outside" role="status">{}</p>').format(told))
        return None
    return click


def _place_key(key: str) -> str:
    """Return the key of the container that keeps the map's place until its frame is drawn, as its class has it."""
    return _NOT_IN_CLASS.sub("-", f"{key}_place")


def _asked_html(title: str, asked: Sequence[str]) -> Markup:
    """Return the title and what was asked as text for print."""
    lines = Markup("").join(Markup("<span>{}</span>").format(line) for line in asked)
    return Markup('<p class="map-asked"><strong>{}</strong>{}</p>').format(title, lines)
