from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.evaluation.service_record import WINDOW_DAYS, ServiceRecord, service_records
from stations.language import CHINA_TIME, day_in_china
from stations.registry.station import Station
from stations.requests.filing import Draft
from stations.requests.rating import Question, Rating, rate
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import file_one
from tests.stations.requests.test_request_reopening import delivered

DAY = timedelta(days=1)


def test_a_station_is_told_by_what_it_delivered(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft)
        untouched = file_one(session)
        rate(session, request.number, draft.code, {Question.OVERALL: 4}, {}, "", now=NOW + DAY)
        mine, other = request.station_id, untouched.station_id
        records = service_records(session, [mine, other], as_of=TODAY + DAY, samples=False)
        assert records == {
            mine: ServiceRecord(requests=1, deliveries=2, working_days=0.0, in_time=1.0, ratings=1, rating=4.0),
            other: ServiceRecord(),
        }
        assert records[mine].few_deliveries and records[mine].few_ratings
        before = service_records(session, [mine], as_of=TODAY - DAY, samples=False)
        later = service_records(session, [mine], as_of=TODAY + (WINDOW_DAYS + 1) * DAY, samples=False)
        assert before == later == {mine: ServiceRecord()}
        assert service_records(session, [], as_of=TODAY, samples=False) == {}


def by_hand(session: Session, station: Station) -> tuple[int, float | None, float | None, int]:
    requests = session.scalars(sa.select(ServiceRequest).where(ServiceRequest.station_id == station.id)).all()
    items = [
        item
        for one in requests
        for item in one.items
        if item.delivered_at and day_in_china(item.delivered_at) > TODAY - 365 * DAY
    ]
    rated = session.scalars(
        sa.select(Rating).where(
            Rating.request_id.in_([one.id for one in requests]),
            Rating.created_at >= datetime.combine(TODAY - 364 * DAY, time(), CHINA_TIME),
        )
    ).all()
    mean = sum(item.working_days for item in items) / len(items) if items else None
    in_time = sum(not item.delivered_late for item in items) / len(items) if items else None
    return len(items), mean, in_time, len(rated)


def test_the_figures_of_the_sample_network_are_those_counted_by_hand(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        stations = session.scalars(sa.select(Station).where(Station.sample)).all()
        records = service_records(session, [one.id for one in stations], as_of=TODAY, samples=True)
        assert sum(record.ratings for record in records.values()) > 50
        for station in stations:
            record = records[station.id]
            count, mean, in_time, ratings = by_hand(session, station)
            assert (record.deliveries, record.ratings) == (count, ratings)
            assert record.working_days == (pytest.approx(mean) if count else None)
            assert record.in_time == (pytest.approx(in_time) if count else None)
            assert record.sample == record.requests
        hidden = service_records(session, [one.id for one in stations], as_of=TODAY, samples=False)
        assert set(hidden.values()) == {ServiceRecord()}
