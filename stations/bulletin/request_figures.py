"""What became of the firms' requests in a month, by city and in the whole province.

What is in time is counted as the evaluation counts it (``stations.evaluation.counts``): in the month in
which it was *due*, so that what is never done counts as late. A request counts for the city of the
station that answers it now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

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
from stations.requests.states import State


@dataclass
class RequestFigures:
    """Counts of one area in a month.

    Of requests: ``filed``, received; ``delivered``, all their services delivered; ``answers_due``, whose
    first answer was due, ``answered_in_time`` of these. Of services: ``deliveries_due``, due in the
    month, ``delivered_in_time`` of these; ``overdue``, due by the month's end, whenever that was, and
    not delivered by then. ``ratings``: firms that rated, ``grades`` the sum of their overall grades
    from 1 to 5.
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
        """The mean overall grade; None where nobody rated."""
        return self.grades / self.ratings if self.ratings else None

    @property
    def idle(self) -> bool:
        """Whether there is nothing in it."""
        return not any(vars(self).values())

    def add(self, other: RequestFigures) -> None:
        """Count another area in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def request_figures(session: Session, month: Period, counted: Counted, *, today: date) -> dict[str, RequestFigures]:
    """The figures by adcode of each city, and of the whole province under its own code. ``today``: up to
    when deadlines are judged."""
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
    """City → requests whose last service was delivered in the month."""
    inside = (
        select(RequestEvent.request_id)
        .where(RequestEvent.move == MoveName.DELIVER, RequestEvent.at >= month.start, RequestEvent.at < month.end)
        .distinct()
    )
    requests = select(Station.city_adcode, func.count()).select_from(ServiceRequest).join(ServiceRequest.station)
    return requests.where(ServiceRequest.id.in_(inside))


def _overdue(month: Period, today: date) -> Select[str, int]:
    """City → services due by the month's end, in a month that runs before ``today``, and not delivered
    by then; a cancelled request is left out, as the evaluation leaves it out."""
    items = (
        select(Station.city_adcode, func.count())
        .select_from(ServiceRequest)
        .join(ServiceRequest.station)
        .join(RequestItem, RequestItem.request_id == ServiceRequest.id)
    )
    return items.where(
        RequestItem.due_on < min(month.last + timedelta(days=1), today),
        RequestItem.delivered_at.is_(None) | (RequestItem.delivered_at >= month.end),
        ServiceRequest.state != State.CANCELLED,
    )


def _grades(month: Period) -> Select[str, int]:
    """City → the sum of the overall grades given in the month."""
    rated = (
        select(Station.city_adcode, func.sum(Rating.overall))
        .select_from(ServiceRequest)
        .join(ServiceRequest.station)
        .join(Rating, Rating.request_id == ServiceRequest.id)
    )
    return rated.where(rated_in(month))
