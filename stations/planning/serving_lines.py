"""From each place with demand to the site that serves it, for printed maps and files."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from stations.errors import DomainError
from stations.planning.scenario import Scenario
from stations.planning.siting_detail import ServingLine
from stations.planning.station_siting import SitingAnswer
from stations.planning.travel import Travel, travel_of


def lines_of_scenario(session: Session, scenario: Scenario) -> list[ServingLine]:
    """Return a line from each place of the demand to each site that serves it; none where there is no way.

    An answer saved before it told who serves whom is asked by its measure of distance; if that is no longer on file,
    there are no lines.
    """
    answer = scenario.read_answer()
    if answer.detail is not None:
        places = {one.id: one for one in answer.demand}
        sites = {one.id: one for one in answer.candidates}
        return [ServingLine(places[one.demand], sites[one.site], one.way, one.share) for one in answer.detail.served]
    try:
        return _to_the_nearest(answer, travel_of(session, answer.question.travel))
    except DomainError:
        return []


def _to_the_nearest(answer: SitingAnswer, travel: Travel) -> list[ServingLine]:
    chosen = set(answer.sites)
    sites = [one for one in answer.candidates if one.id in chosen]
    if not sites or not answer.demand:
        return []
    degrees = [
        np.array([getattr(one, axis) for one in some]) for some in (answer.demand, sites) for axis in ("lon", "lat")
    ]
    ways = travel.matrix(*degrees)
    nearest = ways.argmin(axis=1)
    return [
        ServingLine(place, sites[site], float(ways[row, site]), 1.0)
        for row, (place, site) in enumerate(zip(answer.demand, nearest, strict=True))
        if np.isfinite(ways[row, site])
    ]
