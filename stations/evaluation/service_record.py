"""Figures of a station's work in the last twelve months, for firms that choose a station."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import SupportsFloat

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from stations.language import CHINA_TIME
from stations.requests.rating import Rating
from stations.requests.service_request import RequestItem, ServiceRequest

WINDOW_DAYS = 365
FEW = 5
"""With fewer ratings or deliveries a mean says little and is marked."""


@dataclass(frozen=True)
class ServiceRecord:
    """The figures of one station for ``WINDOW_DAYS`` up to and including a day.

    ``requests``: number of requests with a service delivered, of which ``sample`` are samples. ``deliveries``:
    number of services delivered. ``working_days``: mean from acceptance to delivery. ``in_time``: share (0 to 1)
    delivered by the due day. ``ratings``: number of ratings. ``rating``: mean overall grade, 1 to 5. None where
    there is no data for a mean. Real stations handle no sample requests, and sample stations no real ones.
    """

    requests: int = 0
    sample: int = 0
    deliveries: int = 0
    working_days: float | None = None
    in_time: float | None = None
    ratings: int = 0
    rating: float | None = None

    @property
    def few_deliveries(self) -> bool:
        """Whether the figures of delivery are based on few deliveries."""
        return self.deliveries < FEW

    @property
    def few_ratings(self) -> bool:
        """Whether the mean rating is based on few ratings."""
        return self.ratings < FEW


def service_records(
    session: Session, station_ids: Iterable[int], *, as_of: date, samples: bool
) -> dict[int, ServiceRecord]:
    """Return station id → its figures, for every requested station, with two queries in total.

    A service counts for the station that delivered it. Deliveries from before durations were recorded have no
    working days and are left out of the means.
    """
    wanted = list(dict.fromkeys(station_ids))
    end = datetime.combine(as_of + timedelta(days=1), time(), CHINA_TIME)
    start = end - timedelta(days=WINDOW_DAYS)
    mine: ColumnElement[bool] = ServiceRequest.station_id.in_(wanted)
    if not samples:
        mine &= ServiceRequest.sample.is_(False)
    late = RequestItem.delivered_late
    delivered = session.execute(
        select(
            ServiceRequest.station_id,
            func.count(ServiceRequest.id.distinct()),
            func.count(case((ServiceRequest.sample, ServiceRequest.id)).distinct()),
            func.count(),
            func.avg(RequestItem.working_days),
            func.avg(case((late.is_(False), 1.0), (late.is_(True), 0.0))),
        )
        .join(RequestItem, RequestItem.request_id == ServiceRequest.id)
        .where(mine, RequestItem.delivered_at >= start, RequestItem.delivered_at < end)
        .group_by(ServiceRequest.station_id)
    ).all()
    rated = session.execute(
        select(ServiceRequest.station_id, func.count(), func.avg(Rating.overall))
        .join(Rating, Rating.request_id == ServiceRequest.id)
        .where(mine, Rating.created_at >= start, Rating.created_at < end)
        .group_by(ServiceRequest.station_id)
    ).all()
    ratings = {station: (count, float(mean)) for station, count, mean in rated}
    records = dict.fromkeys(wanted, ServiceRecord())
    for station, requests, sample, deliveries, days, in_time in delivered:
        records[station] = ServiceRecord(requests, sample, deliveries, _float(days), _float(in_time))
    for station, (count, mean) in ratings.items():
        records[station] = replace(records[station], ratings=count, rating=mean)
    return records


def _float(value: SupportsFloat | None) -> float | None:
    return None if value is None else float(value)
