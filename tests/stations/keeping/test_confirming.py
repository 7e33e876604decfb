"""The yearly confirmation of stations' records: who gives it, when it is due, who is asked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select

from stations.alerts.alert_contacts import set_contact
from stations.alerts.confirmation_notices import ask_for_confirmations
from stations.audit.log import AuditEntry
from stations.audit.vocabulary import AuditAction
from stations.database import transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, NotAllowed
from stations.keeping.confirming import confirm_station, stations_to_confirm
from stations.keeping.listing import list_records
from stations.language import CHINA_TIME, day_in_china
from stations.notices.outbox import Notice
from stations.registry.confirmation import (
    CONFIRM_EVERY,
    SOON,
    Confirmation,
    Confirmed,
    confirmations_of,
    first_fresh_day,
)
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with, add_steward, steward_of

COUNTY = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
AUDITOR = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")


def test_a_record_is_confirmed_by_its_steward_and_due_again_in_a_year(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        station.created_at = NOW - timedelta(days=380)
        session.flush()
        (due,) = stations_to_confirm(session, COUNTY, TODAY, samples=False)
        assert (due.station, due.standing, due.confirmation.last) == (station, Confirmed.OVERDUE, None)
        assert due.confirmation.due_on == day_in_china(station.created_at) + CONFIRM_EVERY
        with pytest.raises(NotAllowed):
            confirm_station(session, AUDITOR, station.code, version=station.version, now=NOW)
        with pytest.raises(Conflict):
            confirm_station(session, steward_of(station), station.code, version=0, now=NOW)
        confirm_station(session, steward_of(station), station.code, version=station.version, now=NOW)
        session.flush()
        confirmation = confirmations_of(session, [station])[station.code]
        assert (confirmation.last, confirmation.due_on) == (TODAY, TODAY + CONFIRM_EVERY)
        assert stations_to_confirm(session, COUNTY, TODAY, samples=False) == []
        soon = TODAY + CONFIRM_EVERY - SOON
        assert [one.standing for one in stations_to_confirm(session, COUNTY, soon, samples=False)] == [Confirmed.SOON]
        assert stations_to_confirm(session, COUNTY, soon - timedelta(days=1), samples=False) == []
        code = station.code
    with transaction(reference_engine) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (entry.action, entry.subject) == (AuditAction.CONFIRM_STATION.value, code)


def test_pages_and_lists_agree_on_the_day_around_every_leap_day() -> None:
    for ordinal in range(date(2023, 1, 1).toordinal(), date(2033, 1, 1).toordinal()):
        today = date.fromordinal(ordinal)
        first = first_fresh_day(today)
        before, on = (
            Confirmation(last, last + CONFIRM_EVERY).standing(today) for last in (first - timedelta(days=1), first)
        )
        assert (before, on) == (Confirmed.SOON, Confirmed.FRESH), today


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("confirmed", [date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)])
def test_who_is_asked_and_what_is_listed_are_the_same(reference_engine: Engine, confirmed: date, days: int) -> None:
    today = confirmed + CONFIRM_EVERY - SOON + timedelta(days=days)
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        station.created_at = datetime.combine(confirmed, time(12), CHINA_TIME)
        session.flush()
        asked = [one.station for one in stations_to_confirm(session, COUNTY, today, samples=False)]
        listed = list_records(session, COUNTY, RecordKind.STATION, today, samples=False, to_confirm=True)
        assert asked == [one.record for one in listed] == ([station] if days >= 0 else [])


def test_the_register_lists_what_is_to_be_confirmed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        old, fresh = add_station(session, KUNSHAN), add_station(session, KUNSHAN)
        old.created_at = NOW - timedelta(days=350)
        session.flush()
        mine = {"samples": False, "to_confirm": True}
        listed = list_records(session, COUNTY, RecordKind.STATION, TODAY, **mine)
        assert [one.record for one in listed] == [old]
        assert listed[0].confirmation.standing(TODAY) is Confirmed.SOON
        everything = list_records(session, COUNTY, RecordKind.STATION, TODAY, samples=False)
        assert {one.record for one in everything} >= {old, fresh}


def test_stewards_and_the_nearest_office_are_asked_once_soon_and_once_late(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for station in session.scalars(select(Station)):
            station.created_at = NOW
        station = add_station(session, KUNSHAN)
        station.created_at = NOW - timedelta(days=350)
        add_steward(session, station, "steward-k")
        session.flush()
        set_contact(session, "320500", "email", "sz@example.com", by="test", now=NOW)
        for day, asked in ((TODAY, 1), (TODAY, 1), (TODAY + timedelta(days=3), 1), (TODAY + timedelta(days=30), 2)):
            ask_for_confirmations(session, day, now=NOW)
            notices = session.scalars(select(Notice).order_by(Notice.id)).all()
            assert [one.address for one in notices] == ["sz@example.com"] * asked
        assert station.name in notices[0].text
