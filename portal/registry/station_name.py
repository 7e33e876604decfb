"""A station's name, and the address of its page."""

from __future__ import annotations

from markupsafe import Markup

from portal.components import link, page_url, sample_tag
from portal.language import pick
from stations.registry.station import Station


def station_url(code: str) -> str:
    """Return the address of a station's page."""
    return page_url("station", code=code)


def station_name(station: Station) -> Markup:
    """Return a station's name, linked to its page, with a mark if it is a sample."""
    name = link(station_url(station.code), pick(station.name, station.name_en))
    return Markup("{} {}").format(name, sample_tag()) if station.sample else name
