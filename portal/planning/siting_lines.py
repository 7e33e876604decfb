"""The lines on the siting map from stations to those whom they serve."""

from __future__ import annotations

import numpy as np

from portal.language import _
from portal.maps.legend import LegendEntry
from portal.maps.spokes import Spokes
from portal.theme import LINES
from stations.planning.siting_detail import ServingLine, serving_lines
from stations.planning.station_siting import SitingAnswer

MOST_LINES = 400
"""Above this number the places that a station serves in one county share a line to their middle."""

Ends = tuple[tuple[float, float], ...]


def lines_of(answer: SitingAnswer) -> tuple[list[Spokes], list[LegendEntry]]:
    """Return the lines from each site to the demand places that it serves, and their legend."""
    spokes, bundled = spokes_of(answer)
    told = {
        "new_site": _("From a new station to whom it serves, by county")
        if bundled
        else _("From a new station to whom it serves"),
        "station": _("From a station that stands, by county") if bundled else _("From a station that stands"),
    }
    legend = [LegendEntry(LINES[kind], told[kind]) for kind in told if any(one.style is LINES[kind] for one in spokes)]
    return spokes, legend


def spokes_of(answer: SitingAnswer) -> tuple[list[Spokes], bool]:
    """Return the lines from each site to the demand places that it serves, and whether they are bundled by county."""
    lines = serving_lines(answer.detail, answer.question.model, answer.demand, answer.candidates)
    bundled = len(lines) > MOST_LINES
    by_site: dict[str, list[ServingLine]] = {}
    for one in lines:
        by_site.setdefault(one.site.id, []).append(one)
    added = set(answer.added)
    spokes = []
    for code, own in by_site.items():
        site, kind = own[0].site, "new_site" if code in added else "station"
        spokes.append(Spokes(site.lon, site.lat, _bundled(own) if bundled else _each(own), LINES[kind]))
    # Those of the new stations are drawn last, above the others.
    spokes.sort(key=lambda one: one.style is LINES["new_site"])
    return [one for one in spokes if one.ends], bundled


def _each(lines: list[ServingLine]) -> Ends:
    """Return the places served; one at the site itself needs no line."""
    return tuple((one.demand.lon, one.demand.lat) for one in lines if one.way > 0)


def _bundled(lines: list[ServingLine]) -> Ends:
    """Return the middle of the people served in each county."""
    by_county: dict[str | None, list[ServingLine]] = {}
    for one in lines:
        by_county.setdefault(one.demand.county, []).append(one)
    return tuple(
        (
            float(np.average([one.demand.lon for one in own], weights=[one.demand.weight * one.share for one in own])),
            float(np.average([one.demand.lat for one in own], weights=[one.demand.weight * one.share for one in own])),
        )
        for own in by_county.values()
    )
