"""From each place with demand to the site that serves it, for maps and files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from stations.errors import DomainError
from stations.planning.demand import DemandPlace
from stations.planning.scenario import Scenario
from stations.planning.siting_candidates import Candidate
from stations.planning.station_siting import SitingAnswer
from stations.planning.travel import Travel, travel_of


@dataclass(frozen=True)
class Line:
    """A place with demand and the site that serves it, ``way`` metres or seconds apart."""

    demand: DemandPlace
    site: Candidate
    way: float


def lines_of_answer(answer: SitingAnswer, travel: Travel) -> list[Line]:
    """Return a line from each place of the demand to its nearest site by ``travel``; none where there is no way."""
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
        Line(place, sites[site], float(ways[row, site]))
        for row, (place, site) in enumerate(zip(answer.demand, nearest, strict=True))
        if np.isfinite(ways[row, site])
    ]


def lines_of_scenario(session: Session, scenario: Scenario) -> list[Line]:
    """Return the lines of a saved answer, by its measure of distance; none where that is no longer on file."""
    answer = scenario.read_answer()
    try:
        travel = travel_of(session, answer.question.travel)
    except DomainError:
        return []
    return lines_of_answer(answer, travel)
