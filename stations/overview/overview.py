"""The overview of an area (驾驶舱): how coverage, targets and service stand, and what waits for somebody.

Each figure is computed where its records are listed, so that the list it opens holds what was counted. The number of
queries does not depend on how many requests, stations or months there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stations.alerts.alert_list import count_open_alerts
from stations.coverage.county_coverage import CoverageStatus
from stations.coverage.through_time import (
    CountyTimeline,
    CoverageHistory,
    EndangeredCounty,
    coverage_history,
    month_end,
)
from stations.duty.roles import Action, Actor, Area, AreaKind, Responsibility, outside_duty, signed_in
from stations.evaluation.counts import KEYS
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.evaluation.results import EvaluatedUnit, evaluate_for, mean_of
from stations.keeping.proposal import ProposalState
from stations.keeping.proposing import count_proposals
from stations.places.counties import County
from stations.registry.station import Station
from stations.requests.desk_figures import DeskFigures, desk_figures
from stations.requests.lateness import overdue_on
from stations.requests.queue import seen_by
from stations.requests.service_request import ServiceRequest
from stations.targets.target import TargetStanding, list_targets, standing_on

CURVE_MONTHS = 12
"""How far back the curve of coverage goes."""
_UNITS = {
    AreaKind.PROVINCE: UnitLevel.CITY,
    AreaKind.CITY: UnitLevel.COUNTY,
    AreaKind.COUNTY: UnitLevel.STATION,
    AreaKind.STATION: UnitLevel.STATION,
}
"""What an area is taken apart into."""
_MEANS = (Indicator.ANSWERED_IN_TIME, Indicator.DELIVERED_IN_TIME, Indicator.SATISFACTION, Indicator.URGED_LATE)


@dataclass(frozen=True)
class CoveragePoint:
    """The numbers of counties of the area that are covered, and fully served, on a day."""

    day: date
    covered: int
    fully_served: int


@dataclass(frozen=True)
class Overview:
    """An area's figures on the day ``as_of``.

    ``duty``: the actor's widest, whose area it is. ``curve``: coverage at the ends of the last months, and today last;
    ``counties``: of the area. ``endangered``: counties about to fall out, soonest first. ``targets``: of the province,
    where the area is all of it. ``units``: cities, counties or stations in ``period``; ``overdue``: by unit, now;
    ``means``: of the whole area, None without data. ``desk``, ``alerts``, ``proposals``: what waits, None where it is
    outside the actor's duty.
    """

    as_of: date
    period: Period
    duty: Responsibility
    level: UnitLevel
    counties: int
    curve: Sequence[CoveragePoint]
    endangered: Sequence[EndangeredCounty]
    targets: Sequence[TargetStanding]
    units: Sequence[EvaluatedUnit]
    overdue: Mapping[str, int]
    means: Mapping[Indicator, float | None]
    filed: int
    desk: DeskFigures | None
    alerts: int | None
    proposals: int | None

    @property
    def covered(self) -> int:
        """The number of covered counties today."""
        return self.curve[-1].covered

    @property
    def fully_served(self) -> int:
        """The number of fully served counties today."""
        return self.curve[-1].fully_served


def overview_for(session: Session, actor: Actor | None, period: Period, *, samples: bool, today: date) -> Overview:
    """Return the overview of the widest area in which the actor may see the evaluation.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor includes the evaluation.
    """
    actor = signed_in(actor)
    duty = _widest(actor)
    history = coverage_history(session, samples=samples)
    inside = _timelines(session, history, duty)
    codes = {timeline.county.adcode for timeline in inside}
    level = _UNITS[duty.area_kind]
    units = evaluate_for(session, actor, period, level, today=today, samples=samples).units
    mine = [unit for unit in units if duty.holds(unit.area)]
    sees_requests, sees_alerts, reviews = map(
        actor.may_somewhere, (Action.SEE_REQUESTS, Action.SEE_ALERTS, Action.REVIEW_PROPOSALS)
    )
    return Overview(
        as_of=today,
        period=period,
        duty=duty,
        level=level,
        counties=len(inside),
        curve=[_point(inside, day) for day in _month_ends(today)],
        endangered=[one for one in history.endangered(today) if one.county.adcode in codes],
        targets=_targets(session, duty, samples, today),
        units=[unit for unit in mine if unit.values[Indicator.REQUESTS] or level is not UnitLevel.STATION],
        overdue=_overdue(session, actor, level, samples, today) if sees_requests else {},
        means={one: mean_of(mine, one) for one in _MEANS},
        filed=sum(int(unit.values[Indicator.REQUESTS] or 0) for unit in mine),
        desk=desk_figures(session, actor, samples=samples, today=today) if sees_requests else None,
        alerts=count_open_alerts(session, actor, samples=samples) if sees_alerts else None,
        proposals=count_proposals(session, actor, samples=samples)[ProposalState.WAITING] if reviews else None,
    )


def _widest(actor: Actor) -> Responsibility:
    duties = actor.duties_for(Action.SEE_EVALUATION)
    if not duties:
        raise outside_duty(Action.SEE_EVALUATION)
    return min(duties, key=lambda duty: list(AreaKind).index(duty.area_kind))


def _timelines(session: Session, history: CoverageHistory, duty: Responsibility) -> list[CountyTimeline]:
    """Return the timelines of the counties in the area of a duty; of a station, that of its county."""
    if duty.area_kind is AreaKind.STATION:
        county = session.scalar(select(Station.county_adcode).where(Station.code == duty.area_code))
        return [one for one in history.counties if one.county.adcode == county]
    return [one for one in history.counties if duty.holds(_area(one.county))]


def _area(county: County) -> Area:
    return Area.of_codes(county.city_adcode, county.adcode)


def _month_ends(today: date) -> list[date]:
    ends = (month_end(today - relativedelta(months=back)) for back in range(CURVE_MONTHS - 1, 0, -1))
    return [*ends, today]


def _point(inside: Sequence[CountyTimeline], day: date) -> CoveragePoint:
    states = [timeline.on(day) for timeline in inside]
    full = sum(state.status is CoverageStatus.FULLY_SERVED for state in states)
    return CoveragePoint(day, sum(state.covered for state in states), full)


def _targets(session: Session, duty: Responsibility, samples: bool, today: date) -> list[TargetStanding]:
    if duty.area_kind is not AreaKind.PROVINCE:
        return []
    return [standing_on(session, target, today, samples=samples) for target in list_targets(session)]


def _overdue(session: Session, actor: Actor, level: UnitLevel, samples: bool, today: date) -> dict[str, int]:
    key = KEYS[level]
    statement = select(key, func.count()).select_from(ServiceRequest).join(ServiceRequest.station)
    statement = statement.where(seen_by(actor, samples), overdue_on(today), key.is_not(None)).group_by(key)
    return {code: number for code, number in session.execute(statement)}

