from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import set_contact
from stations.alerts.alert_list import acknowledge_alert, acknowledge_alerts, list_alerts
from stations.alerts.alert_notices import alert_in_words, contacts_for, enqueue_alerts
from stations.alerts.alert_rules import CoverageAlertRule
from stations.alerts.alerts import CoverageAlert, CoverageCheck, CoverageWatch, check_coverage, last_check
from stations.audit import log
from stations.audit.log import AuditEntry
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound
from stations.language import Language
from stations.notices.outbox import Notice, NoticeState
from stations.places.counties import County
from stations.registry.station import Status
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station

XUANWU, KUNSHAN = "320102", "320583"
DAY = date(2024, 6, 30)


def actor(role: Role, kind: AreaKind, code: str, *, sample: bool = False) -> Actor:
    return Actor("a", "甲", sample, (Responsibility(role, kind, code),))


PROVINCE = actor(Role.PROVINCE, AreaKind.PROVINCE, "320000")
SUZHOU = actor(Role.CITY, AreaKind.CITY, "320500")
KUNSHAN_OFFICE = actor(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
XUANWU_OFFICE = actor(Role.COUNTY, AreaKind.COUNTY, XUANWU)


def cover_all(session: Session, *besides: str) -> None:
    """Add a permanent station to every county except those in ``besides``; coverage is checked since 2020."""
    session.add_all(CoverageWatch(sample=sample, began_on=date(2020, 1, 1)) for sample in (False, True))
    for adcode in session.scalars(sa.select(County.adcode).where(County.adcode.not_in(besides))):
        add_station(session, adcode, [(Status.ACTIVE, "2020-01-01")])


def check(session: Session, on: date, *, samples: bool = False) -> CoverageCheck:
    return check_coverage(session, on, samples=samples, now=NOW)


def raised(session: Session, on: date) -> set[tuple[str, str, date]]:
    return {(alert.rule_code, alert.county_adcode, alert.since) for alert in check(session, on).raised}


def test_an_alert_is_raised_on_the_day_it_is_due_and_once(reference_engine: Engine) -> None:
    closed = date(2024, 6, 1)
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2020-01-01"), (Status.CLOSED, closed.isoformat())])
        assert raised(session, closed + timedelta(days=29)) == set()
        assert raised(session, closed + timedelta(days=30)) == {("uncovered-30", KUNSHAN, closed)}
        assert raised(session, closed + timedelta(days=30)) == set()
        assert raised(session, closed + timedelta(days=200)) == {
            ("uncovered-90", KUNSHAN, closed),
            ("uncovered-180", KUNSHAN, closed),
        }


def test_a_county_that_never_had_a_station_counts_from_the_promise(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, XUANWU)
        assert raised(session, DAY) == {
            (rule, XUANWU, date(2021, 1, 1)) for rule in ("uncovered-30", "uncovered-90", "uncovered-180")
        }


def test_what_is_known_to_come_is_told_before_and_settled_when_it_is_averted(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2020-01-01"), (Status.CLOSED, "2024-08-01")])
        assert raised(session, date(2024, 6, 1)) == set()
        assert raised(session, DAY) == {("ending-60", KUNSHAN, date(2024, 8, 1))}
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2024-07-01")])
        found = check(session, date(2024, 7, 2))
        assert (found.raised, [alert.rule_code for alert in found.settled]) == ((), ["ending-60"])
        assert found.settled[0].settled_on == date(2024, 7, 2)
        again = check(session, date(2024, 7, 2))
        assert (again.raised, again.settled) == ((), ())


def test_an_alert_is_settled_when_the_county_is_covered_again(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        history = [(Status.ACTIVE, "2020-01-01"), (Status.SUSPENDED, "2024-01-01"), (Status.ACTIVE, "2024-03-01")]
        add_station(session, KUNSHAN, [*history, (Status.CLOSED, "2024-07-01")])
        assert raised(session, date(2024, 2, 15)) == {("uncovered-30", KUNSHAN, date(2024, 1, 1))}
        assert [alert.county_adcode for alert in check(session, date(2024, 3, 2)).settled] == [KUNSHAN]
        assert raised(session, date(2024, 8, 15)) == {("uncovered-30", KUNSHAN, date(2024, 7, 1))}


def test_a_first_day_raises_nothing_about_what_was_so_before(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        assert raised(session, DAY) == set(), "94 counties without a station, and three rules"
        first = {rule for rule, _county, _since in raised(session, DAY + timedelta(days=30))}
        assert first == {"uncovered-30"}
        again = raised(session, DAY + timedelta(days=90))
        assert {rule for rule, _county, _since in again} == {"uncovered-90"}


def test_what_is_about_to_come_is_told_on_the_first_day_too(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2020-01-01"), (Status.CLOSED, "2024-08-01")])
        assert raised(session, DAY) == {("ending-60", KUNSHAN, date(2024, 8, 1))}


def test_an_alert_is_settled_by_the_change_that_ends_its_cause(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        cover_all(session, KUNSHAN)
        assert len(check(session, DAY).raised) == 3
    with transaction(reference_engine) as session:
        # Whoever changes the registry notes it in the log, with the time.
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2024-07-01")])
        log.record(
            session, at=NOW, actor="li", action=AuditAction.ADD_STATION, subject_kind=AuditSubject.STATION, subject="x"
        )
    with Session(reference_engine) as session:
        settled = session.scalars(sa.select(CoverageAlert.settled_on)).all()
        assert settled == [TODAY] * 3
        last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None and (last.action, last.detail) == ("check_coverage", {"raised": 0, "settled": 3})


def test_a_change_that_ends_no_cause_settles_nothing(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        cover_all(session, KUNSHAN)
        check(session, DAY)
    with transaction(reference_engine) as session:
        add_station(session, XUANWU, [(Status.ACTIVE, "2024-07-01")])
        log.record(
            session, at=NOW, actor="li", action=AuditAction.ADD_STATION, subject_kind=AuditSubject.STATION, subject="x"
        )
    with Session(reference_engine) as session:
        assert session.scalars(sa.select(CoverageAlert.settled_on)).all() == [None] * 3


def test_several_are_acknowledged_at_once_all_or_none(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        cover_all(session, KUNSHAN)
        codes = [alert.code for alert in check(session, DAY).raised]
    with pytest.raises(InvalidInput), transaction(reference_engine) as session:
        acknowledge_alerts(session, SUZHOU, [], now=NOW)
    with pytest.raises(Conflict), transaction(reference_engine) as session:
        acknowledge_alerts(session, SUZHOU, [(codes[0], 1), (codes[1], 9)], note="选址中", now=NOW)
    with transaction(reference_engine) as session:
        assert len(list_alerts(session, PROVINCE, samples=False, everything=True)) == 3
        done = acknowledge_alerts(session, SUZHOU, [(code, 1) for code in codes], note="选址中", now=NOW)
        assert {(one.acknowledged_by, one.note) for one in done} == {("a", "选址中")}


def test_a_rule_is_data(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        for rule in session.scalars(sa.select(CoverageAlertRule)):
            rule.active = rule.code == "uncovered-30"
        session.get_one(CoverageAlertRule, "uncovered-30").days = 3000
        session.flush()
        assert raised(session, DAY) == set()
        assert len(raised(session, date(2021, 1, 1) + timedelta(days=3000))) == 1


def test_two_servers_that_check_at_once_raise_each_alert_once(reference_engine: Engine) -> None:
    def run(_: int) -> int:
        with transaction(reference_engine) as session:
            return len(check(session, DAY).raised)

    with transaction(reference_engine) as session:
        session.add(CoverageWatch(sample=False, began_on=date(2020, 1, 1)))
    with ThreadPoolExecutor(4) as servers:
        counts = list(servers.map(run, range(4)))
    assert sorted(counts)[:3] == [0, 0, 0]
    with Session(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CoverageAlert)) == max(counts) > 0
        checks = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "check_coverage")
        assert session.scalar(checks) == 1


def test_the_picture_with_samples_has_alerts_of_its_own(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2020-01-01"), (Status.CLOSED, "2024-03-20")], sample=True)
        found = check(session, DAY, samples=True).raised
        assert {(alert.rule_code, alert.since, alert.sample) for alert in found} == {
            ("uncovered-30", date(2021, 1, 1), False),
            ("uncovered-90", date(2021, 1, 1), False),
            ("uncovered-180", date(2021, 1, 1), False),
            ("uncovered-30", date(2024, 3, 20), True),
            ("uncovered-90", date(2024, 3, 20), True),
        }
        assert {alert.sample for alert in list_alerts(session, PROVINCE, samples=True, everything=True)} == {True}
        assert {alert.sample for alert in list_alerts(session, PROVINCE, samples=False, everything=True)} == {False}
        invented = actor(Role.PROVINCE, AreaKind.PROVINCE, "320000", sample=True)
        assert list_alerts(session, invented, samples=False, everything=True) == []
        assert len(list_alerts(session, invented, samples=True, everything=True)) == 2


def test_each_sees_the_alerts_of_the_own_area_a_page_at_a_time(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN, XUANWU)
        check(session, DAY)
        seen = {
            who: {alert.county_adcode for alert in list_alerts(session, who, samples=False)}
            for who in (PROVINCE, SUZHOU, KUNSHAN_OFFICE, XUANWU_OFFICE)
        }
        assert seen == {
            PROVINCE: {KUNSHAN, XUANWU},
            SUZHOU: {KUNSHAN},
            KUNSHAN_OFFICE: {KUNSHAN},
            XUANWU_OFFICE: {XUANWU},
        }
        rules = {alert.rule_code for alert in list_alerts(session, SUZHOU, samples=False)}
        assert rules == {"uncovered-90"}  # only what the city has to act on
        auditor = actor(Role.AUDITOR, AreaKind.CITY, "320500")
        assert len(list_alerts(session, auditor, samples=False)) == 3
        first = list_alerts(session, PROVINCE, samples=False, everything=True, limit=4)
        rest = list_alerts(session, PROVINCE, samples=False, everything=True, after_id=first[-1].id)
        assert (len(first), len(rest)) == (4, 2)
        assert {alert.id for alert in first}.isdisjoint(alert.id for alert in rest)
        for nobody in (None, actor(Role.PLANNER, AreaKind.PROVINCE, "320000")):
            with pytest.raises(NotAllowed):
                list_alerts(session, nobody, samples=False)


def test_acknowledging(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        code = check(session, DAY).raised[0].code
        with pytest.raises(NotAllowed):
            acknowledge_alert(session, XUANWU_OFFICE, code, version=1, now=NOW)
        with pytest.raises(NotAllowed):
            acknowledge_alert(session, actor(Role.AUDITOR, AreaKind.PROVINCE, "320000"), code, version=1, now=NOW)
        with pytest.raises(NotFound):
            acknowledge_alert(session, PROVINCE, "CA-none", version=1, now=NOW)
        with pytest.raises(InvalidInput, match="too long"):
            acknowledge_alert(session, SUZHOU, code, version=1, note="字" * 401, now=NOW)
        alert = acknowledge_alert(session, SUZHOU, code, version=1, note=" 已选定新址 ", now=NOW)
        assert (alert.acknowledged_by, alert.note, alert.version) == ("a", "已选定新址", 2)
        with pytest.raises(Conflict):
            acknowledge_alert(session, PROVINCE, code, version=1, now=NOW)
        assert code not in {one.code for one in list_alerts(session, PROVINCE, samples=False)}
        assert code in {one.code for one in list_alerts(session, PROVINCE, samples=False, everything=True)}
        session.commit()
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == code)).one()
        assert (entry.action, entry.actor) == ("acknowledge_alert", "a")


def test_the_responsible_office_is_told_once_by_the_outbox(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN, XUANWU)
        set_contact(session, KUNSHAN, "email", "ks@example.com", by="test", now=NOW)
        set_contact(session, "320000", "email", "js@example.com", by="test", now=NOW)
        session.flush()
        alerts = check(session, DAY, samples=True).raised
        told = {
            (alert.county_adcode, alert.rule_code): [contact.address for contact in contacts_for(session, alert)]
            for alert in alerts
        }
        assert told[KUNSHAN, "uncovered-30"] == ["ks@example.com"]
        assert told[KUNSHAN, "uncovered-90"] == ["js@example.com"]  # the city has entered no address
        assert told[XUANWU, "uncovered-30"] == ["js@example.com"]
        notices = enqueue_alerts(session, alerts, now=NOW)
        enqueue_alerts(session, alerts, now=NOW)
        session.flush()
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == len(notices) == 2
        by_address = {notice.address: notice for notice in notices}
        assert len(by_address["js@example.com"].data["alerts"]) == 5
        assert "昆山市" in by_address["ks@example.com"].text
        assert all(notice.state is NoticeState.WAITING for notice in notices)


def test_contacts_are_checked_changed_and_taken_away(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        for area, channel, address, field in (
            ("110000", "email", "a@example.com", "area"),
            (KUNSHAN, "pigeon", "a@example.com", "channel"),
            (KUNSHAN, "email", "nobody", "address"),
        ):
            with pytest.raises(InvalidInput) as problem:
                set_contact(session, area, channel, address, by="test", now=NOW)
            assert problem.value.field == field
        cover_all(session, KUNSHAN)
        alert = next(alert for alert in check(session, DAY).raised if alert.rule_code == "uncovered-30")
        for address, expected in (("a@example.com", ["a@example.com"]), ("b@example.com", ["b@example.com"]), ("", [])):
            set_contact(session, KUNSHAN, "email", address, by="test", now=NOW)
            session.flush()
            assert [contact.address for contact in contacts_for(session, alert)] == expected


def test_an_alert_in_words(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        cover_all(session, KUNSHAN)
        alert = check(session, DAY).raised[0]
        assert alert_in_words(alert, Language("en")) == (
            "Suzhou Kunshan City has had no active quality station since 1 January 2021 (1276 days)."
        )
        assert alert_in_words(alert, Language("zh_CN")).startswith("苏州市昆山市自2021年1月1日起没有运行中的质量小站")


def test_a_check_is_on_record_though_nothing_came_of_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        cover_all(session)
        assert last_check(session) is None, "never checked is not all clear"
    with transaction(reference_engine) as session:
        assert not check(session, DAY).raised
    with transaction(reference_engine) as session:
        assert last_check(session) == NOW
        check_coverage(session, DAY, samples=False, now=NOW + timedelta(hours=1))
    with transaction(reference_engine) as session:
        assert last_check(session) == NOW, "a second check of the day does nothing"
        check_coverage(session, DAY + timedelta(days=1), samples=False, now=NOW + timedelta(days=1))
    with transaction(reference_engine) as session:
        assert last_check(session) == NOW + timedelta(days=1)
