"""Links that open a position in external maps; nothing is sent there until the link is followed."""

from __future__ import annotations

from markupsafe import Markup

from geo.map_links import amap_directions, amap_marker, tianditu_map
from portal.language import _
from stations.province import link_source


def direction_links(lon: float, lat: float, name: str) -> Markup:
    """Return links to directions in AMap, and to the position in AMap and Tianditu; input in WGS-84 degrees."""
    return _links(
        (amap_directions(lon, lat, name, link_source()), _("Directions (AMap)")),
        (amap_marker(lon, lat, name, link_source()), _("AMap")),
        (tianditu_map(lon, lat), _("Tianditu")),
    )


def way_link(lon: float, lat: float, name: str) -> Markup:
    """Return only the link to directions, for a card; input in WGS-84 degrees."""
    return _links((amap_directions(lon, lat, name, link_source()), _("Directions (AMap)")))


def _links(*links: tuple[str, str]) -> Markup:
    drawn = [
        Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, text) for url, text in links
    ]
    return Markup('<span class="directions">{}</span>').format(Markup(" · ").join(drawn))
