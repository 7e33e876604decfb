"""One field of several records at once: foreseen, then changed like single edits, all or none."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry
from stations.audit.vocabulary import AuditAction
from stations.database import transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, DomainError, InvalidInput, NotAllowed
from stations.keeping.bulk_edit import BULK_FIELDS, MOST, change_all, foresee
from stations.keeping.editing import FORM_OF
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
CITY = actor_with(Role.CITY, AreaKind.CITY, "320500")
HOURS = "周一至周五 9:00-17:00"
READ = "Mo-Fr 09:00-17:00"
STATION = RecordKind.STATION


def added(session: Session, count: int = 3) -> dict[str, int]:
    stations = [add_station(session, KUNSHAN) for _ in range(count)]
    session.flush()
    return {one.code: one.version for one in stations}


def test_what_is_foreseen_is_what_happens_and_each_record_is_logged(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        versions = added(session)
        session.scalar(select(Station).where(Station.code == min(versions))).hours = READ
        session.flush()
        foreseen = foresee(session, PROVINCE, STATION, versions, "hours", HOURS)
        assert [(one.code, one.changes) for one in foreseen] == [
            (code, place > 0) for place, code in enumerate(sorted(versions))
        ]
        assert {one.after for one in foreseen} == {READ}
    with transaction(reference_engine) as session:
        changed = change_all(session, PROVINCE, STATION, versions, "hours", HOURS, reason="统一时间", now=NOW)
        assert changed == sorted(versions)[1:]
    with transaction(reference_engine) as session:
        stations = session.scalars(select(Station).where(Station.code.in_(versions)))
        assert {one.hours for one in stations} == {READ}
        logged = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.EDIT_STATION.value)).all()
        assert sorted(entry.subject for entry in logged) == changed
        assert all(entry.detail["fields"] == ["hours"] for entry in logged), logged[0].detail


def test_all_or_none(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        versions = added(session)
    stale = versions | {max(versions): 0}
    for given, error in ((stale, Conflict), (versions, InvalidInput)):
        value = HOURS if error is Conflict else "整天都很忙"
        with pytest.raises(error), transaction(reference_engine) as session:
            change_all(session, PROVINCE, STATION, given, "hours", value, reason="x", now=NOW)
    with transaction(reference_engine) as session:
        assert {one.version for one in session.scalars(select(Station).where(Station.code.in_(versions)))} == {1}


def test_nobody_changes_more_than_one_by_one(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        versions = added(session, 1)
        (foreseen,) = foresee(session, CITY, STATION, versions, "hours", HOURS)
        assert isinstance(foreseen.problem, NotAllowed) and not foreseen.changes
        for codes, field in ((versions, "code"), ((), "hours"), ([f"S-{one}" for one in range(MOST + 1)], "hours")):
            with pytest.raises(InvalidInput):
                foresee(session, PROVINCE, STATION, codes, field, HOURS)
        with pytest.raises(DomainError):
            change_all(session, PROVINCE, STATION, versions, "hours", HOURS, reason=" ", now=NOW)
        with pytest.raises(NotAllowed):
            change_all(session, CITY, STATION, versions, "hours", HOURS, reason="x", now=NOW)


def test_the_fields_are_fields_of_the_forms() -> None:
    for kind, fields in BULK_FIELDS.items():
        assert set(fields) <= set(vars(FORM_OF[kind](None)))
