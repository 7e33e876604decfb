"""One record that can't be read holds up no other, in none of the jobs that go through records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from stations.database import reading, transaction
from stations.firms.instruments import InstrumentLedger
from stations.firms.subscriptions import Subscription, SubscriptionForm, subscribe
from stations.jobs import erasure, escalation, reminders
from stations.jobs.job import Job, Turn
from stations.language import day_in_china
from stations.one_by_one import one_by_one
from stations.requests.handling import move_as_firm
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from stations.retention import kept_for
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.ledger_factories import add_instrument, begin, remind
from tests.stations.request_factories import Draft, file_one

SECRET = "13800001234"
SERVICE = "metrology.calibration"


def overdue_requests(session: Session) -> None:
    for _ in range(3):
        file_one(session)


def ended_requests(session: Session) -> None:
    for draft in (Draft(), Draft(), Draft()):
        number = file_one(session, draft=draft).number
        move_as_firm(session, number, draft.code, MoveName.CANCEL, version=1, note="改期", now=NOW)


def due_ledgers(session: Session) -> None:
    for number in range(3):
        ledger = begin(session).ledger
        remind(session, ledger, f"{number}@example.com")
        add_instrument(session, ledger, "1", date(2025, 1, 1))


def subscriptions(session: Session) -> None:
    for name in "abc":
        form = SubscriptionForm("320583", SERVICE, "email", f"{name}@example.com", consent=True, language="zh_CN")
        subscribe(session, form, now=NOW, today=TODAY)


def confirmed_subscriptions(session: Session) -> None:
    subscriptions(session)
    session.execute(sa.update(Subscription).values(confirmed_at=NOW))
    add_station(session, "320583", services=[SERVICE])


CASES: dict[str, tuple[Job[Any], Callable[[Session], None], type[Any], datetime, Callable[[Any], int]]] = {
    "escalation": (escalation.JOB, overdue_requests, ServiceRequest, NOW + timedelta(days=5), len),
    "erasure": (erasure.JOB, ended_requests, ServiceRequest, NOW + kept_for("request") + timedelta(days=1), int),
    "reminders": (reminders.JOB, due_ledgers, InstrumentLedger, NOW, lambda done: done.ledgers),
    "openings": (reminders.JOB, confirmed_subscriptions, Subscription, NOW, lambda done: done.openings),
    "deletion": (
        reminders.JOB,
        subscriptions,
        Subscription,
        NOW + kept_for("unconfirmed") + timedelta(days=1),
        lambda done: done.deleted,
    ),
}


@contextmanager
def unreadable(model: type[Any], record_id: int | None) -> Iterator[None]:
    """Let a record fail whenever it is loaded, with a message that must not be logged."""

    def fail(record: Any, _context: object) -> None:
        if record.id == record_id:
            raise KeyError(SECRET)

    sa.event.listen(model, "load", fail)
    try:
        yield
    finally:
        sa.event.remove(model, "load", fail)


@pytest.mark.one_database
@pytest.mark.parametrize("case", CASES)
def test_the_others_are_served_and_the_log_names_the_record(
    case: str, reference_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    job, prepare, model, now, count = CASES[case]
    with transaction(reference_engine) as session:
        prepare(session)
    with reading(reference_engine) as session:
        first = session.scalar(sa.select(sa.func.min(model.id)))
    turn = Turn(reference_engine, now, day_in_china(now), lambda: now, False, {})
    with unreadable(model, first):
        assert count(job.run(turn)) == 2
    (told,) = {record.getMessage().splitlines()[0] for record in caplog.records if record.levelname == "ERROR"}
    assert str(first) in told and "KeyError" in caplog.text and SECRET not in caplog.text
    assert count(job.run(turn)) == 1, "once it can be read, it is served as well"


@pytest.mark.one_database
def test_a_database_that_fails_is_no_fault_of_a_record(empty_engine: Engine) -> None:
    asked = []

    def act(_session: Session, key: int) -> None:
        asked.append(key)
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        one_by_one(empty_engine, "record", [1, 2], act)
    assert asked == [1]
