"""The monthly bulletin (月度通报): the figures of one month, gathered from the rules that own them.

Coverage at the month's end and against the end of the month before, the counties without a station,
reach, the policy's targets, and what became of the firms' requests. A month counts by China's
clock. The month that still runs is told as of today, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from stations.access.roles import Action, Actor, Area, require
from stations.coverage.county_coverage import Coverage, coverage_on
from stations.coverage.share_reached import CoverageReach, reach_on
from stations.coverage.through_time import CountyChange, coverage_history, month_end
from stations.errors import InvalidInput
from stations.evaluation.satisfaction import Rating
from stations.language import CHINA_TIME, N_
from stations.places.counties import County
from stations.registry.station import Station
from stations.requests.moves import MoveName
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.targets.target import TargetStanding, list_targets, standing_on

PROVINCE = "320000"


@dataclass(frozen=True)
class RequestFigures:
    """What became of requests in the month, in one area.

    ``filed``: received; ``delivered``: all their services delivered; ``in_time``: of these, each
    service by the day it was due (``stations.requests.deadlines``); ``timed``: those that this can be said of;
    ``samples``: invented ones among ``filed`` and ``delivered``. ``ratings``: firms that rated,
    ``grades`` the sum of their overall grades from 1 to 5, ``sample_ratings`` invented ones.
    """

    filed: int = 0
    delivered: int = 0
    in_time: int = 0
    timed: int = 0
    samples: int = 0
    ratings: int = 0
    grades: int = 0
    sample_ratings: int = 0

    @property
    def mean_grade(self) -> float | None:
        """The mean overall grade; None where nobody rated."""
        return self.grades / self.ratings if self.ratings else None


@dataclass(frozen=True)
class Bulletin:
    """The figures of the month that ``as_of`` ends, or runs in where ``running``. ``before`` is the
    coverage at the end of the month before; ``requests``: by adcode of the city, and of the whole
    province under ``PROVINCE``."""

    month: date
    as_of: date
    running: bool
    samples: bool
    coverage: Coverage
    before: Coverage
    changes: Sequence[CountyChange]
    reach: CoverageReach
    standings: Sequence[TargetStanding]
    requests: dict[str, RequestFigures]

    @property
    def holds_samples(self) -> bool:
        """Whether any figure in it holds invented records."""
        return bool(
            self.coverage.sample_stations
            or self.before.sample_stations
            or self.requests[PROVINCE].samples
            or any(standing.sample_codes for standing in self.standings)
        )

    def uncovered_by_city(self) -> list[tuple[str, list[str]]]:
        """The names of the counties without a station, by their city's name, in order of adcode."""
        cities: dict[str, list[str]] = {}
        for row in self.coverage.uncovered:
            cities.setdefault(row.county.city.name, []).append(row.county.name)
        return list(cities.items())


def read_month(text: str) -> date:
    """The first day of a month written as ``2026-10``.

    Raises:
        InvalidInput: it is not written so.
    """
    try:
        if len(text) != len("2026-10"):
            raise ValueError(text)
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidInput("month", N_("“{text}” is not a month; write it as 2026-10"), text=text) from None


def make_bulletin(session: Session, actor: Actor | None, month: date, *, samples: bool, today: date) -> Bulletin:
    """The bulletin, for somebody whose duty it is; as ``gather_bulletin`` otherwise.

    Raises:
        NotAllowed: nobody is signed in, or the actor's duty does not include bulletins.
    """
    require(actor, Action.SEND_BULLETIN, Area(PROVINCE, sample=samples))
    return gather_bulletin(session, month, samples=samples, today=today)


def gather_bulletin(session: Session, month: date, *, samples: bool, today: date) -> Bulletin:
    """The figures of the month that the day ``month`` lies in; samples are taken in where ``samples``.

    Raises:
        InvalidInput: the month has not begun by ``today``.
    """
    first = month.replace(day=1)
    if first > today:
        raise InvalidInput("month", N_("The month {month} has not begun yet"), month=f"{first:%Y-%m}")
    as_of = min(month_end(first), today)
    eve = first - timedelta(days=1)
    return Bulletin(
        month=first,
        as_of=as_of,
        running=as_of < month_end(first),
        samples=samples,
        coverage=coverage_on(session, as_of, samples=samples),
        before=coverage_on(session, eve, samples=samples),
        changes=coverage_history(session, samples=samples).changes(eve, as_of),
        reach=reach_on(session, as_of, samples=samples),
        standings=[standing_on(session, target, as_of, samples=samples) for target in list_targets(session)],
        requests=_requests(session, first, as_of, samples),
    )


def _requests(session: Session, first: date, last: date, samples: bool) -> dict[str, RequestFigures]:
    start = datetime.combine(first, time(), CHINA_TIME)
    end = datetime.combine(last + timedelta(days=1), time(), CHINA_TIME)
    shown = true() if samples else ServiceRequest.sample.is_(False)
    counts: dict[str, dict[str, int]] = {}

    def count(city: str, name: str, step: int = 1) -> None:
        for area in (city, PROVINCE):
            figures = counts.setdefault(area, {})
            figures[name] = figures.get(name, 0) + step

    filed = (
        select(Station.city_adcode, func.count(), func.count().filter(ServiceRequest.sample))
        .join(ServiceRequest, ServiceRequest.station_id == Station.id)
        .where(shown, ServiceRequest.created_at >= start, ServiceRequest.created_at < end)
        .group_by(Station.city_adcode)
    )
    for city, received, invented in session.execute(filed):
        count(city, "filed", received)
        count(city, "samples", invented)
    for city, invented, timed, in_time in _delivered(session, start, end, shown):
        count(city, "delivered")
        count(city, "samples", invented)
        count(city, "timed", timed)
        count(city, "in_time", in_time)
    rated = (
        select(Station.city_adcode, func.count(), func.sum(Rating.overall), func.count().filter(ServiceRequest.sample))
        .join(ServiceRequest, ServiceRequest.station_id == Station.id)
        .join(Rating, Rating.request_id == ServiceRequest.id)
        .where(shown, Rating.created_at >= start, Rating.created_at < end)
        .group_by(Station.city_adcode)
    )
    for city, ratings, grades, invented in session.execute(rated):
        count(city, "ratings", ratings)
        count(city, "grades", grades)
        count(city, "sample_ratings", invented)
    cities = session.scalars(select(County.city_adcode).distinct())
    return {area: RequestFigures(**counts.get(area, {})) for area in (PROVINCE, *sorted(cities))}


def _delivered(
    session: Session, start: datetime, end: datetime, shown: ColumnElement[bool]
) -> Iterator[tuple[str, int, bool, bool]]:
    """The requests delivered between two instants: city, whether a sample, timed, in time."""
    inside = (
        select(RequestEvent.request_id)
        .where(RequestEvent.move == MoveName.DELIVER, RequestEvent.at >= start, RequestEvent.at < end)
        .distinct()
    )
    late = RequestItem.delivered_late
    requests = (
        select(
            Station.city_adcode,
            ServiceRequest.sample,
            func.count(),
            func.count(late),
            func.count().filter(late.is_(True)),
        )
        .join(Station, Station.id == ServiceRequest.station_id)
        .join(RequestItem, RequestItem.request_id == ServiceRequest.id)
        .where(shown, ServiceRequest.id.in_(inside))
        .group_by(ServiceRequest.id, Station.city_adcode, ServiceRequest.sample)
    )
    for city, sample, items, judged, too_late in session.execute(requests):
        yield city, int(sample), items == judged, items == judged and not too_late
