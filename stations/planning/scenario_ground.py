"""Scenarios measured on one ground: the same demand, measure of distance and date for all of them.

What a scenario says of itself rests on what it was solved on. Side by side, its sites are measured anew: new sites as
they were chosen and, where its question keeps existing stations, those active on the ground's date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from stations.language import Worded
from stations.planning.demand import DemandPlace, demand_of
from stations.planning.scenario import Scenario
from stations.planning.site_reach import reach_within
from stations.planning.siting_candidates import Candidate, standing_stations
from stations.planning.station_siting import added_sites
from stations.planning.travel import Travel, TravelUnit, travel_of


@dataclass(frozen=True)
class Ground:
    """What figures are measured on: a demand layer, what counts there, a measure of distance, and the date of the
    stations.
    """

    demand: str
    weighting: str
    travel: str
    as_of: date


@dataclass(frozen=True)
class Measured:
    """How a set of sites serves the demand of a ground.

    ``stations``: all sites, ``new`` of them new. ``within``: shares of the demand by the kilometres or minutes told.
    ``average``, ``worst``: of the ways of the demand that has one, in the measure's unit; None if none has.
    ``unreached``: the share of the demand without any way.
    """

    stations: int
    new: int
    within: dict[int, float]
    average: float | None
    worst: float | None
    unreached: float


@dataclass(frozen=True)
class Compared:
    """Scenarios on one ground. ``today``: with the stations of the ground's date alone; ``measured``: with the sites of
    each scenario; None where there is no site. ``unit``: of the ways, ``about``: what they are measured by.
    ``samples``: sample stations of the date.
    """

    ground: Ground
    unit: TravelUnit
    about: Worded
    today: Measured | None
    measured: tuple[Measured | None, ...]
    samples: int


def ground_of(scenario: Scenario) -> Ground:
    """Return what a scenario was solved on."""
    question = scenario.read_answer().question
    return Ground(question.demand, question.weighting, question.travel, scenario.as_of)


def differing(scenario: Scenario, ground: Ground) -> list[str]:
    """Return the names of the fields in which the ground that a scenario was solved on differs."""
    own = ground_of(scenario)
    return [field.name for field in fields(Ground) if getattr(own, field.name) != getattr(ground, field.name)]


def compare_on(
    session: Session,
    ground: Ground,
    scenarios: Sequence[Scenario],
    *,
    samples: bool,
    report: Callable[[float], None] | None = None,
) -> Compared:
    """Measure the stations of the ground's date alone, and the sites of each scenario, on one ground. ``report``: as of
    ``travel_of``.

    Raises:
        InvalidInput: the layer, the weighting or the measure of distance is unknown, or there is no demand.
        NotFound: there is no imported figure of that code, or no roads are imported.
    """
    places = demand_of(session, ground.demand, ground.weighting, samples=samples).places
    travel = travel_of(session, ground.travel, samples=samples, report=report)
    standing = standing_stations(session, ground.as_of, samples=samples)
    weights = np.array([one.weight for one in places])
    answers = [scenario.read_answer() for scenario in scenarios]
    today, *of_each = _nearest(travel, places, [standing, *map(added_sites, answers)])
    measured = []
    for answer, of_added in zip(answers, of_each, strict=True):
        added = added_sites(answer)
        ways = np.minimum(of_added, today) if answer.question.keep_existing else of_added
        kept = len(standing) if answer.question.keep_existing else 0
        measured.append(_measured(ways, weights, travel.unit, kept + len(added), len(added)))
    return Compared(
        ground,
        travel.unit,
        travel.about,
        _measured(today, weights, travel.unit, len(standing), 0),
        tuple(measured),
        sum(one.sample for one in standing),
    )


def _nearest(
    travel: Travel, places: Sequence[DemandPlace], sets: Sequence[Sequence[Candidate]]
) -> list[NDArray[np.float64]]:
    """Return, for each set of sites, the way from each place to its nearest; infinite where there is none.

    All ways are measured at once: by road that is one computation, whose progress can be told.
    """
    sites = [one for some in sets for one in some]
    if not sites:
        return [np.full(len(places), np.inf) for _some in sets]
    degrees = [np.array([getattr(one, axis) for one in some]) for some in (places, sites) for axis in ("lon", "lat")]
    ways = np.split(travel.matrix(*degrees), np.cumsum([len(some) for some in sets])[:-1], axis=1)
    return [of_set.min(axis=1, initial=np.inf) for of_set in ways]


def _measured(
    ways: NDArray[np.float64], weights: NDArray[np.float64], unit: TravelUnit, stations: int, new: int
) -> Measured | None:
    if not stations:
        return None
    some = weights > 0
    reach = reach_within(ways[some], weights[some], unit)
    return Measured(
        stations=stations,
        new=new,
        within=reach.within,
        average=reach.average if np.isfinite(reach.average) else None,
        worst=reach.worst if np.isfinite(reach.worst) else None,
        unreached=reach.unreached,
    )
