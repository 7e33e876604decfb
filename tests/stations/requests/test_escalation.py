"""Escalation: each level once, by working days, however many processes run at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import set_contact
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidInput, NotAllowed
from stations.jobs.escalation import escalate_all
from stations.jobs.job import Turn
from stations.notices.outbox import Notice, NoticeState
from stations.requests.escalation import (
    Escalation,
    Level,
    change_rules,
    escalate,
    last_day_for,
    list_escalations,
    list_overdue,
    list_rules,
    standing_levels,
)
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from stations.requests.queue import QueueFilter, list_requests
from stations.requests.service_request import ServiceRequest
from stations.working_days import add_working_days, working_days_between
from tests.conftest import NOW
from tests.stations.request_factories import KUNSHAN, actor_with, file_one, steward_of

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
SUZHOU = actor_with(Role.CITY, AreaKind.CITY, "320500")
OFFICE = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)


def after_deadline(request: ServiceRequest, days: int) -> datetime:
    day = add_working_days(request.due_on, days).day
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def levels(session: Session, now: datetime) -> list[Level]:
    return [one.level for one in escalated(session, samples=True, now=now)]


def escalated(session: Session, *, samples: bool, now: datetime) -> list[Escalation]:
    overdue = list_overdue(session, samples=samples, now=now)
    told = [escalate(session, *one, samples=samples, now=now) for one in overdue]
    return [one for one in told if one is not None]


def test_from_station_to_county_to_city_to_province_each_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        assert levels(session, after_deadline(request, 0)) == []
        for days, expected in ((1, Level.COUNTY), (3, Level.CITY), (5, Level.PROVINCE)):
            assert levels(session, after_deadline(request, days)) == [expected]
            assert levels(session, after_deadline(request, days)) == []
        assert [one.level for one in list_escalations(session, request)] == list(Level)
        assert standing_levels(session, [request.id]) == {request.id: Level.PROVINCE}


def test_what_was_long_overlooked_goes_to_every_level_at_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        assert levels(session, after_deadline(request, 30)) == list(Level)


def test_the_next_deadline_is_another_one(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        now = after_deadline(request, 1)
        levels(session, now)
        steward = steward_of(request.station)
        move_as_station(session, steward, request.number, MoveName.ACCEPT, version=request.version, now=now)
        assert standing_levels(session, [request.id]) == {}
        assert levels(session, after_deadline(request, 1)) == [Level.COUNTY]
        assert len(list_escalations(session, request)) == 2


def test_while_the_firm_owes_an_answer_nothing_is_overdue(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        later = after_deadline(request, 30)
        steward = steward_of(request.station)
        move_as_station(
            session, steward, request.number, MoveName.RETURN, version=request.version, note="请补充", now=NOW
        )
        assert levels(session, later) == []


def test_a_station_in_no_known_county_goes_to_the_city(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        request.station.county_adcode = None
        session.flush()
        assert levels(session, after_deadline(request, 1)) == []
        assert levels(session, after_deadline(request, 3)) == [Level.CITY]


def test_each_level_finds_in_its_queue_what_is_escalated_to_it(reference_engine: Engine) -> None:
    escalated = QueueFilter(escalated=True)
    with transaction(reference_engine) as session:
        request = file_one(session)
        for days, expected in ((1, (1, 0, 0)), (3, (1, 1, 0)), (5, (1, 1, 1))):
            levels(session, after_deadline(request, days))
            session.flush()
            queues = tuple(
                len(list_requests(session, who, escalated, samples=True)) for who in (OFFICE, SUZHOU, PROVINCE)
            )
            assert queues == expected
        elsewhere = actor_with(Role.COUNTY, AreaKind.COUNTY, "320102")
        for nobody in (elsewhere, steward_of(request.station), actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")):
            assert list_requests(session, nobody, escalated, samples=True) == []


def test_the_office_is_told_by_the_outbox_and_of_samples_nobody(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        set_contact(session, KUNSHAN, "email", "ks@example.com", by="test", now=NOW)
        real, sample = file_one(session), file_one(session, sample=True)
        assert len(escalated(session, samples=False, now=after_deadline(real, 1))) == 1
        assert len(escalated(session, samples=True, now=after_deadline(real, 1))) == 1
        session.flush()
        told = {
            notice.data["number" if "number" in notice.data else "subject"]: notice
            for notice in session.scalars(sa.select(Notice).where(Notice.key.startswith("escalation/")))
        }
        assert told[real.number].state is NoticeState.WAITING and told[real.number].address == "ks@example.com"
        assert told[sample.number].state is NoticeState.WITHHELD
        assert real.firm_name not in told[real.number].text and real.number in told[real.number].text


def test_several_servers_at_once_escalate_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        set_contact(session, KUNSHAN, "email", "ks@example.com", by="test", now=NOW)
        requests = [file_one(session) for _ in range(12)]
        now = after_deadline(requests[0], 5)
    turn = Turn(reference_engine, now, now.date(), lambda: now, samples=False)
    start = threading.Barrier(4)

    def run(_server: int) -> int:
        start.wait()
        return len(escalate_all(turn))

    with ThreadPoolExecutor(4) as servers:
        total = sum(servers.map(run, range(4)))
    # A process that skipped a row locked by another one finds it in the next round.
    total += len(escalate_all(turn))
    with reading(reference_engine) as session:
        rows = session.execute(sa.select(Escalation.request_id, Escalation.level)).all()
        assert total == len(rows) == len(set(rows)) == 36
        entries = session.scalar(
            sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "escalate")
        )
        notices = session.scalar(
            sa.select(sa.func.count()).select_from(Notice).where(Notice.key.startswith("escalation/"))
        )
        assert (entries, notices) == (36, 12)


def test_the_rules_are_the_provinces_to_change(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for nobody in (None, SUZHOU):
            with pytest.raises(NotAllowed):
                change_rules(session, nobody, {Level.COUNTY: 2}, now=NOW)
        for wrong in ({Level.COUNTY: 0}, {Level.CITY: 61}, {Level.COUNTY: 4, Level.CITY: 2}):
            with pytest.raises(InvalidInput) as problem:
                change_rules(session, PROVINCE, wrong, now=NOW)
            assert problem.value.field == "after_days"
        change_rules(session, PROVINCE, {Level.COUNTY: 2, Level.CITY: None, Level.PROVINCE: 4}, now=NOW)
        assert [(rule.level, rule.active) for rule in list_rules(session)] == [
            (Level.COUNTY, True),
            (Level.CITY, False),
            (Level.PROVINCE, True),
        ]
        request = file_one(session)
        assert levels(session, after_deadline(request, 1)) == []
        assert levels(session, after_deadline(request, 4)) == [Level.COUNTY, Level.PROVINCE]


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(1, 20))
def test_the_last_day_is_the_latest_that_is_so_long_ago(today: date, days: int) -> None:
    last = last_day_for(today, days)
    assert working_days_between(last, today) >= days
    assert working_days_between(last + timedelta(days=1), today) < days
