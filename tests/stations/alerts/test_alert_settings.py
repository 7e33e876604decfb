"""Who may set the alert rules and the offices' contacts, and what the audit log records of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import AlertContact, list_offices, save_office, set_contact
from stations.alerts.alert_rules import AlertKind, add_rule, list_rules, set_days
from stations.alerts.alerts import CoverageAlert, CoverageWatch
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.jobs.coverage_check import JOB
from stations.jobs.job import Turn
from stations.jobs.loop import keep_running
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.channels.webhook import CHANNEL as WEBHOOK
from stations.notices.outbox import Notice
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import actor_with

KUNSHAN, SUZHOU_CODE, PROVINCE_CODE = "320583", "320500", "320000"
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, PROVINCE_CODE)
SUZHOU = actor_with(Role.CITY, AreaKind.CITY, SUZHOU_CODE)
KUNSHAN_OFFICE = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
AUDITOR = actor_with(Role.AUDITOR, AreaKind.PROVINCE, PROVINCE_CODE)
INVENTED = actor_with(Role.PROVINCE, AreaKind.PROVINCE, PROVINCE_CODE, sample=True)
MAIL = {EMAIL: "office@example.com"}


def entries(session: Session, kind: str) -> list[tuple[str, str, str]]:
    session.commit()
    found = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_kind == kind).order_by(AuditEntry.id))
    return [(entry.actor, entry.action, entry.subject) for entry in found]


def test_the_province_sets_the_days_and_adds_rules(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        set_days(session, PROVINCE, {"uncovered-30": 45, "uncovered-90": None, "ending-60": 60}, now=NOW)
        added = add_rule(session, PROVINCE, AlertKind.ENDING, 14, Role.CITY, now=NOW)
        assert {rule.code: (rule.days, rule.active) for rule in list_rules(session)} == {
            "uncovered-30": (45, True),
            "uncovered-90": (90, False),
            "uncovered-180": (180, True),
            "ending-60": (60, True),
            added.code: (14, True),
        }
        set_days(session, PROVINCE, {"uncovered-90": 90}, now=NOW)
        assert session.get_one(type(added), "uncovered-90").active
        # Values that did not change leave no entry.
        assert entries(session, "coverage_alert_rule") == [
            (PROVINCE.username, "change_alert_rule", "uncovered-30"),
            (PROVINCE.username, "change_alert_rule", "uncovered-90"),
            (PROVINCE.username, "add_alert_rule", added.code),
            (PROVINCE.username, "change_alert_rule", "uncovered-90"),
        ]


def test_a_rule_that_is_there_is_not_added_again_whatever_its_code(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        with pytest.raises(Conflict):
            add_rule(session, PROVINCE, AlertKind.UNCOVERED, 30, Role.COUNTY, now=NOW)
        first = add_rule(session, PROVINCE, AlertKind.UNCOVERED, 7, Role.COUNTY, now=NOW)
        session.flush()
        set_days(session, PROVINCE, {first.code: 8}, now=NOW)
        session.flush()
        second = add_rule(session, PROVINCE, AlertKind.UNCOVERED, 7, Role.COUNTY, now=NOW)
        session.flush()
        assert first.code != second.code


def test_nobody_else_sets_rules_and_no_number_is_out_of_bounds(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        for nobody in (None, SUZHOU, KUNSHAN_OFFICE, AUDITOR, INVENTED):
            with pytest.raises(NotAllowed):
                set_days(session, nobody, {"uncovered-30": 45}, now=NOW)
            with pytest.raises(NotAllowed):
                add_rule(session, nobody, AlertKind.ENDING, 14, Role.CITY, now=NOW)
        with pytest.raises(NotFound):
            set_days(session, PROVINCE, {"no-rule": 45}, now=NOW)
        for days in (0, 3651):
            with pytest.raises(InvalidInput) as wrong:
                set_days(session, PROVINCE, {"uncovered-30": days}, now=NOW)
            assert wrong.value.field == "days"
        for days, role, field in ((None, Role.CITY, "days"), (0, Role.CITY, "days"), (9, Role.AUDITOR, "role")):
            with pytest.raises(InvalidInput) as wrong:
                add_rule(session, PROVINCE, AlertKind.ENDING, days, role, now=NOW)
            assert wrong.value.field == field


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (PROVINCE, {PROVINCE_CODE, SUZHOU_CODE, KUNSHAN, "320102"}),
        (SUZHOU, {SUZHOU_CODE}),
        (KUNSHAN_OFFICE, {KUNSHAN}),
        (AUDITOR, set()),
        (INVENTED, set()),
        (actor_with(Role.STATION, AreaKind.STATION, "S-3205-001"), set()),
    ],
    ids=["province", "city", "county", "auditor", "invented", "steward"],
)
def test_each_speaks_for_its_own_office_and_the_province_for_all(reference_engine: Engine, actor, may) -> None:
    with Session(reference_engine) as session:
        listed = {office.area.code for office in list_offices(session, actor)}
        assert len(listed) == (109 if actor is PROVINCE else len(may)) and may <= listed
        for code in (PROVINCE_CODE, SUZHOU_CODE, KUNSHAN, "320102"):
            if code in may:
                save_office(session, actor, code, MAIL, seen={}, now=NOW)
                continue
            with pytest.raises(NotAllowed):
                save_office(session, actor, code, MAIL, seen={}, now=NOW)
        session.flush()
        assert set(session.scalars(sa.select(AlertContact.area_code))) == may


def test_addresses_are_kept_changed_and_taken_away_and_the_log_holds_none(reference_engine: Engine) -> None:
    mobile = "138 0000 0000"
    with Session(reference_engine) as session:
        with pytest.raises(NotAllowed):
            save_office(session, None, KUNSHAN, MAIL, seen={}, now=NOW)
        with pytest.raises(InvalidInput):
            save_office(session, PROVINCE, "110000", MAIL, seen={}, now=NOW)
        wrong = {EMAIL: "nobody", SMS: "12", WEBHOOK: ""}
        with pytest.raises(InvalidForm) as problems:
            save_office(session, KUNSHAN_OFFICE, KUNSHAN, wrong, seen={}, now=NOW)
        assert [problem.field for problem in problems.value.problems] == ["email", "sms"]
        save_office(session, KUNSHAN_OFFICE, KUNSHAN, {**MAIL, SMS: mobile}, seen={}, now=NOW)
        (office,) = list_offices(session, KUNSHAN_OFFICE)
        assert office.addresses == {**MAIL, SMS: "13800000000"}
        with pytest.raises(Conflict):
            save_office(session, PROVINCE, KUNSHAN, {SMS: ""}, seen={}, now=NOW)
        save_office(session, PROVINCE, KUNSHAN, {**MAIL, SMS: ""}, seen=office.addresses, now=NOW)
        session.flush()
        assert list_offices(session, KUNSHAN_OFFICE)[0].addresses == MAIL
        assert [action for _, action, _ in entries(session, "alert_contact")] == [
            "set_alert_contact",
            "set_alert_contact",
            "remove_alert_contact",
        ]
        details = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_kind == "alert_contact"))
        assert [entry.detail for entry in details] == [{"channel": "email"}, {"channel": "sms"}, {"channel": "sms"}]


def count(engine: Engine, what: type) -> int:
    with reading(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(what))


def test_several_servers_that_watch_raise_and_tell_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        set_contact(session, PROVINCE_CODE, "email", "js@example.com", by="test", now=NOW)
        session.add(CoverageWatch(sample=False, began_on=date(2020, 1, 1)))
    barrier = threading.Barrier(3)

    def serve(_server: int) -> None:
        stop = threading.Event()
        barrier.wait()

        def clock() -> datetime:
            stop.set()
            return NOW

        keep_running(JOB, reference_engine, stop, clock, samples=False)

    with ThreadPoolExecutor(3) as servers:
        list(servers.map(serve, range(3)))
    raised = count(reference_engine, CoverageAlert)
    assert raised > 0 and count(reference_engine, Notice) == 1
    found, notices = JOB.run(Turn(reference_engine, NOW, TODAY, lambda: NOW, samples=False))
    assert (found.raised, notices, count(reference_engine, CoverageAlert)) == ((), [], raised)
