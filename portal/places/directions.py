"""Links that open a place in other maps. They leave this site only when followed."""

from __future__ import annotations

from markupsafe import Markup

from geo.map_links import amap_directions, amap_marker, tianditu_map
from portal.language import _
from stations.province import link_source


def direction_links(lon: float, lat: float, name: str) -> Markup:
    """The way to a place (WGS-84 degrees) in AMap, and the place in AMap and in Tianditu."""
    return _links(
        (amap_directions(lon, lat, name, link_source()), _("Directions (AMap)")),
        (amap_marker(lon, lat, name, link_source()), _("AMap")),
        (tianditu_map(lon, lat), _("Tianditu")),
    )


def way_link(lon: float, lat: float, name: str) -> Markup:
    """The way there only, for a card."""
    return _links((amap_directions(lon, lat, name, link_source()), _("Directions (AMap)")))


def _links(*links: tuple[str, str]) -> Markup:
    drawn = [
        Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, text) for url, text in links
    ]
    return Markup('<span class="directions">{}</span>').format(Markup(" · ").join(drawn))
