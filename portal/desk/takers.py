"""The stations that can take a request over, as the desk offers them."""

from __future__ import annotations

from collections.abc import Iterable

from portal.language import _, current, pick
from stations.registry.nearest_stations import FoundStation


def takers_in_words(found: Iterable[FoundStation]) -> dict[str, str]:
    """Each station's code → its name and how far it is from the firm, in the order of ``found``."""
    return {
        one.station.code: _(
            "{station} · {distance}",
            station=pick(one.station.name, one.station.name_en),
            distance=current().format_distance(one.distance_m),
        )
        for one in found
    }
