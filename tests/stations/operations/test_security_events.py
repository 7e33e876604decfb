"""Events are counted by hour without anything about who it was, and the operator is told once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts.operator_actions import reset_second_factor_as_operator
from stations.accounts.sign_in_guard import GUESSES_OF_ONE_NAME
from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.jobs.job import Turn
from stations.jobs.watch import watch
from stations.notices.outbox import Notice
from stations.operations.telling import read_operator_ways
from stations.requests.code_guard import TRIES_BEFORE_CLOSING, try_look_up
from stations.security_events import EventKind, Tally, events_since, note_events, tally
from tests.conftest import NOW, TODAY
from tests.stations.account_factories import account, enrol, try_password

HOUR = timedelta(hours=1)
TOLD = {"OPERATOR_NOTICES": "email:ops@example.com sms:13800001234"}


def look_around(engine: Engine, after: timedelta = timedelta(), environment: dict[str, str] = TOLD) -> int:
    return watch(Turn(engine, NOW + after, TODAY, lambda: NOW, False, environment)).told


def counted(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return Counter({event.kind.value: event.count for event in events_since(session, NOW - HOUR)})


def test_guessing_is_an_event_without_a_name(reference_engine: Engine) -> None:
    account(reference_engine)
    for _ in range(GUESSES_OF_ONE_NAME):
        try_password(reference_engine, "wang", "wrong")
    assert counted(reference_engine) == {"guessing": 1}
    enrol(reference_engine)
    with transaction(reference_engine) as session:
        reset_second_factor_as_operator(session, "wang", now=NOW)
    assert counted(reference_engine) == {"guessing": 1, "second_factor_reset": 1}
    with reference_engine.connect() as connection:
        assert "wang" not in str(connection.execute(sa.text("SELECT * FROM security_event")).all())


def test_guessing_codes_of_requests_is_one_event(empty_engine: Engine) -> None:
    for turn in range(TRIES_BEFORE_CLOSING + 2):
        try_look_up(empty_engine, f"Q202611-{turn:06d}", "ABCDE-FGHJK", client="192.0.2.1", now=NOW, samples=False)
    assert counted(empty_engine) == {"code_guessing": 1}


def test_the_operator_is_told_once_an_hour_from_so_many_on(empty_engine: Engine) -> None:
    tally.take()
    for _ in range(19):
        tally.add(EventKind.UPLOADS_REFUSED)
    assert look_around(empty_engine) == 0
    tally.add(EventKind.UPLOADS_REFUSED)
    assert look_around(empty_engine) == 1 and counted(empty_engine)["uploads_refused"] == 20
    for _ in range(30):
        tally.add(EventKind.UPLOADS_REFUSED)
    assert look_around(empty_engine, HOUR / 2) == 0
    for _ in range(30):
        tally.add(EventKind.UPLOADS_REFUSED)
    assert look_around(empty_engine, 2 * HOUR) == 1
    with reading(empty_engine) as session:
        told = session.scalars(sa.select(Notice).order_by(Notice.id)).all()
    assert [(notice.channel.code, notice.address) for notice in told] == 2 * [
        ("email", "ops@example.com"),
        ("sms", "13800001234"),
    ]
    assert "拒收" in told[0].text and "20" in told[0].text


def test_a_part_that_fails_is_told_once_a_day(empty_engine: Engine) -> None:
    broken = {**TOLD, "BACKUP_KEEP_DAYS": "many"}
    looks = [look_around(empty_engine, timedelta(minutes=minute), broken) for minute in range(5)]
    assert looks == [0, 0, 1, 0, 0]
    assert [look_around(empty_engine, timedelta(hours=5, minutes=minute), broken) for minute in range(4)] == [0] * 4
    assert sum(look_around(empty_engine, timedelta(hours=26, minutes=minute), broken) for minute in range(4)) == 1


def test_without_an_address_nothing_is_sent_and_everything_stays_to_be_seen(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        note_events(session, EventKind.AUDIT_BROKEN, NOW)
    assert look_around(empty_engine, environment={}) == 0
    assert counted(empty_engine) == {"audit_broken": 1}
    assert look_around(empty_engine) == 1, "once an address is set"


def test_what_could_not_be_noted_is_counted_again() -> None:
    own = Tally()
    own.add(EventKind.FOREIGN_HOSTS)
    taken = own.take()
    own.add(EventKind.FOREIGN_HOSTS)
    own.put_back(taken)
    assert own.take() == {EventKind.FOREIGN_HOSTS: 2} and own.take() == {}


def test_events_of_long_ago_are_deleted(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        note_events(session, EventKind.GUESSING, NOW - timedelta(days=91))
        note_events(session, EventKind.GUESSING, NOW)
    with reading(empty_engine) as session:
        assert len(events_since(session, NOW - timedelta(days=365))) == 1


@pytest.mark.parametrize("written", ["ops@example.com", "pigeon:loft", "email:nowhere", "email:"])
def test_an_address_that_can_not_be_used_is_named(written: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        read_operator_ways({"OPERATOR_NOTICES": written})
    assert wrong.value.field == "OPERATOR_NOTICES"
    assert read_operator_ways({}) == ()
