"""The results of the firms' requests in a month, by city and for the whole province.

“In time” is counted as in the evaluation (``stations.evaluation.counts``): in the month in which it was *due*, so
work never done counts as late. A request counts for the city of the station that is handling it now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import CTE, Select, func, select
from sqlalchemy.orm import Session, joinedload

from geo.province import province_in_use
from stations.evaluation.basis import rated_in
from stations.evaluation.counts import Counted, Counts, count
from stations.evaluation.indicators import UnitLevel
from stations.evaluation.period import Period
from stations.places.counties import County
from stations.registry.station import Station
from stations.requests.moves import MoveName
from stations.requests.rating import Rating
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import WITHDRAWN


@dataclass
class RequestFigures:
    """Counts of one area in a month.

    Of requests: ``filed``: received. ``delivered``: with all their services delivered. ``answers_due``: with the
    first answer due, of which ``answered_in_time``. Of services: ``deliveries_due``: due in the month, of which
    ``delivered_in_time``. ``overdue``: due by the end of the month, at any time, and not delivered by then.
    ``ratings``: number of ratings. ``grades``: sum of their overall grades from 1 to 5.
    """

    filed: int = 0
    delivered: int = 0
    answers_due: int = 0
    answered_in_time: int = 0
    deliveries_due: int = 0
    delivered_in_time: int = 0
    overdue: int = 0
    ratings: int = 0
    grades: int = 0

    @property
    def mean_grade(self) -> float | None:
        """The mean overall grade; None without ratings."""
        return self.grades / self.ratings if self.ratings else None

    @property
    def idle(self) -> bool:
        """Whether all counts are 0."""
        return not any(vars(self).values())

    def add(self, other: RequestFigures) -> None:
        """Add the counts of another area."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class OverdueStation:
    """A station with services due by the end of a month and not delivered by then: ``services`` of them, of which
    ``samples`` of sample requests; ``due_on``: the earliest day due.
    """

    station: Station
    services: int
    samples: int
    due_on: date


def overdue_stations(session: Session, month: Period, counted: Counted, *, today: date) -> list[OverdueStation]:
    """Return the stations behind ``RequestFigures.overdue``, those with most services first."""
    late = _late(month, today)
    told = (
        select(Station.id, func.count(), func.count().filter(ServiceRequest.sample), func.min(late.c.due_on))
        .select_from(late)
        .join(ServiceRequest, ServiceRequest.id == late.c.request_id)
        .join(ServiceRequest.station)
        .where(ServiceRequest.state.not_in(WITHDRAWN))
        .group_by(Station.id)
    )
    rows = session.execute(counted.narrow(told, ServiceRequest, Station.city_adcode)).all()
    named = select(Station).where(Station.id.in_([row[0] for row in rows]))
    areas = joinedload(Station.city), joinedload(Station.county)
    stations = {one.id: one for one in session.scalars(named.options(*areas))}
    found = [
        OverdueStation(stations[id_], services, samples, due_on)
        for id_, services, samples, due_on in rows
        if due_on is not None
    ]
    return sorted(found, key=lambda one: (-one.services, one.due_on, one.station.code))


def request_figures(session: Session, month: Period, counted: Counted, *, today: date) -> dict[str, RequestFigures]:
    """Return the figures by adcode of each city, and of the whole province under its own adcode.

    ``today``: deadlines before this day are judged.
    """
    told = count(session, [month], UnitLevel.CITY, today, counted)[month]
    cities = session.scalars(select(County.city_adcode).distinct().order_by(County.city_adcode))
    figures = {city: _of_counts(told.get(city, Counts())) for city in cities}
    for name, statement in (
        ("delivered", _delivered(month)),
        ("overdue", _overdue(month, today)),
        ("grades", _grades(month)),
    ):
        narrowed = counted.narrow(statement.group_by(Station.city_adcode), ServiceRequest, Station.city_adcode)
        for city, number in session.execute(narrowed):
            setattr(figures[city], name, number)
    whole = RequestFigures()
    for one in figures.values():
        whole.add(one)
    return {province_in_use().adcode: whole, **figures}


def _of_counts(counts: Counts) -> RequestFigures:
    return RequestFigures(
        filed=counts.filed,
        answers_due=counts.answers_judged,
        answered_in_time=counts.answers_in_time,
        deliveries_due=counts.deliveries_judged,
        delivered_in_time=counts.deliveries_in_time,
        ratings=counts.ratings,
    )


def _delivered(month: Period) -> Select[str, int]:
    """Return the query of city → requests whose last service was delivered in the month."""
    inside = (
        select(RequestEvent.request_id)
        .where(RequestEvent.move == MoveName.DELIVER, RequestEvent.at >= month.start, RequestEvent.at < month.end)
        .distinct()
    )
    requests = select(Station.city_adcode, func.count()).select_from(ServiceRequest).join(ServiceRequest.station)
    return requests.where(ServiceRequest.id.in_(inside))


def _overdue(month: Period, today: date) -> Select[str, int]:
    """Return the query of city → services due by the end of the month (of the current month: before ``today``) and not
    delivered by then. Cancelled requests are left out, as in the evaluation.
    """
    late = _late(month, today)
    return (
        select(Station.city_adcode, func.count())
        .select_from(late)
        .join(ServiceRequest, ServiceRequest.id == late.c.request_id)
        .join(ServiceRequest.station)
        .where(ServiceRequest.state.not_in(WITHDRAWN))
    )


def _late(month: Period, today: date) -> CTE:
    """Return the services due by the end of the month, and not delivered by then: few among very many, so they are
    found first. Left to itself the database may go through all requests of every station.
    """
    found = select(RequestItem.request_id, RequestItem.due_on).where(
        RequestItem.due_on < min(month.last + timedelta(days=1), today),
        RequestItem.delivered_at.is_(None) | (RequestItem.delivered_at >= month.end),
    )
    return found.cte("late").prefix_with("MATERIALIZED")


def _grades(month: Period) -> Select[str, int]:
    """Return the query of city → sum of the overall grades given in the month."""
    rated = (
        select(Station.city_adcode, func.sum(Rating.overall))
        .select_from(ServiceRequest)
        .join(ServiceRequest.station)
        .join(Rating, Rating.request_id == ServiceRequest.id)
    )
    return rated.where(rated_in(month))
