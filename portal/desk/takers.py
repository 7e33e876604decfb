"""The choice of stations that can take over a request."""

from __future__ import annotations

from collections.abc import Iterable

from portal.language import _, current, pick
from portal.option_labels import distinct
from stations.answers.places import distance_in_words
from stations.registry.nearest_stations import FoundStation


def takers_in_words(found: Iterable[FoundStation]) -> dict[str, str]:
    """Return each station's code with its name and distance from the firm, in the order of ``found``; no two alike."""
    names = {
        one.station.code: _(
            "{station} · {distance}",
            station=pick(one.station.name, one.station.name_en),
            distance=distance_in_words(one, current()),
        )
        for one in found
    }
    return distinct(names)
