"""The deadlines of a request, counted by hand on the calendar of late November 2026 (no holidays in it)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.language import CHINA_TIME
from stations.requests.deadlines import DueKind, deadlines, is_provisional, reopening_ends, settle
from stations.requests.filing import Draft, file_request
from stations.requests.handling import deliver_item, move_as_firm, move_as_station, write_as_firm, write_as_station
from stations.requests.moves import MoveName
from stations.requests.reopening import reopen
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.settling import settle_old_requests
from stations.requests.states import Party, State
from stations.requests.transfer import transfer
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, filled_form, steward_of

CALIBRATION, PRODUCT_TESTING = SERVICES


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA_TIME)


class Case:
    """A request, with short methods to move it."""

    def __init__(self, session: Session, filed: datetime) -> None:
        self.session, self.draft = session, Draft()
        form = filled_form(add_station(session, KUNSHAN))
        self.request = file_request(session, form, self.draft, now=filed, samples=False)
        self.number = self.request.number

    def station(self, name: MoveName, now: datetime) -> None:
        steward = steward_of(self.request.station)
        move_as_station(self.session, steward, self.number, name, version=self.request.version, note="说明", now=now)

    def firm(self, name: MoveName, now: datetime) -> None:
        version = self.request.version
        move_as_firm(self.session, self.number, self.draft.code, name, version=version, note="说明", now=now)

    def deliver(self, service: str, now: datetime) -> None:
        deliver_item(
            self.session,
            steward_of(self.request.station),
            self.number,
            service,
            version=self.request.version,
            performer="测试院",
            result="证书",
            now=now,
        )

    def told(self) -> list[tuple[DueKind, date | None]]:
        return [(due.kind, due.by.day if due.by else None) for due in deadlines(self.request)]


def test_a_filed_request_is_accepted_within_two_working_days(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 26, 23))  # a Thursday, late in the evening
        assert case.told() == [(DueKind.ACCEPT, date(2026, 11, 30))]
        assert case.request.due_on == date(2026, 11, 30)
        (due,) = deadlines(case.request)
        assert due.party is Party.STATION
        assert not due.overdue(date(2026, 11, 30)) and due.overdue(date(2026, 12, 1))


def test_the_clock_stands_still_while_the_firm_owes_an_answer(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        case.station(MoveName.RETURN, at(11, 25))
        assert case.told() == [(DueKind.FIRM_ANSWER, None)] and case.request.due_on is None
        case.firm(MoveName.ANSWER, at(12, 2))  # five working days later
        assert case.told() == [(DueKind.ACCEPT, date(2026, 12, 3))]


def test_what_was_accepted_already_starts_anew_with_the_firms_answer(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        case.station(MoveName.ACCEPT, at(11, 25))
        case.station(MoveName.RETURN, at(11, 26))
        assert all(item.due_on is None for item in case.request.items)
        case.firm(MoveName.ANSWER, at(12, 2))
        assert case.told() == [(DueKind.ACCEPT, date(2026, 12, 4))]


def test_work_that_waits_for_the_firm_stands_still_and_goes_on(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        calibration, testing = case.request.items
        calibration.service.working_days, testing.service.working_days = 5, 10
        case.station(MoveName.ACCEPT, at(11, 24))
        case.deliver(CALIBRATION, at(11, 25))
        due = testing.due_on
        case.station(MoveName.RETURN, at(11, 26))
        assert case.request.state is State.PAUSED
        assert case.told() == [(DueKind.FIRM_ANSWER, None)] and case.request.due_on is None
        assert (testing.due_on, calibration.due_on, calibration.delivered_late) == (None, date(2026, 12, 1), False)
        case.firm(MoveName.ANSWER, at(12, 1))  # three working days later
        assert case.request.state is State.IN_PROGRESS
        assert (due, testing.due_on) == (
            date(2026, 12, 8),
            date(2026, 12, 11),
        ) and case.request.due_on == testing.due_on
        assert calibration.due_on == date(2026, 12, 1), "what was delivered before the pause keeps its day"
        case.station(MoveName.RETURN, at(12, 2))
        case.station(MoveName.START, at(12, 3))  # the missing information came in another way
        assert testing.due_on == date(2026, 12, 14)
        case.deliver(PRODUCT_TESTING, at(12, 14))
        # Fourteen working days from acceptance, of which four were suspended.
        assert (testing.working_days, testing.delivered_late) == (10, False)


def test_each_service_has_its_usual_days_from_acceptance(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        items = {item.service_code: item for item in case.request.items}
        items[CALIBRATION].service.working_days, items[PRODUCT_TESTING].service.working_days = 5, None
        case.station(MoveName.ACCEPT, at(11, 24))
        assert [(one.service_code, one.due_on) for one in case.request.items] == [
            (CALIBRATION, date(2026, 12, 1)),
            (PRODUCT_TESTING, date(2026, 12, 15)),  # no number in the catalogue: fifteen
        ]
        assert case.told() == [(DueKind.DELIVER, date(2026, 12, 1)), (DueKind.DELIVER, date(2026, 12, 15))]
        case.deliver(CALIBRATION, at(12, 2))
        assert (items[CALIBRATION].working_days, items[CALIBRATION].delivered_late) == (6, True)
        case.deliver(PRODUCT_TESTING, at(12, 2))
        assert (items[PRODUCT_TESTING].working_days, items[PRODUCT_TESTING].delivered_late) == (6, False)
        assert case.told() == [(DueKind.FIRM_CONFIRM, None)] and case.request.due_on is None
        assert reopening_ends(case.request).day == date(2026, 12, 16)


def test_a_reopened_service_starts_anew_and_the_other_stays_delivered(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        case.station(MoveName.ACCEPT, at(11, 24))
        for service in SERVICES:
            case.deliver(service, at(11, 25))
        reopen(
            session,
            case.number,
            case.draft.code,
            CALIBRATION,
            version=case.request.version,
            note="编号有误",
            now=at(12, 4),
        )
        calibration, testing = case.request.items
        assert case.request.state is State.IN_PROGRESS
        assert calibration.delivered_at is None and calibration.result is None and calibration.performer
        assert calibration.due_on > date(2026, 12, 4) and case.request.due_on == calibration.due_on
        assert testing.delivered_at == at(11, 25) and testing.working_days == 1


def test_a_transfer_gives_the_new_station_its_own_days(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        case.station(MoveName.ACCEPT, at(11, 25))
        other = add_station(session, KUNSHAN)
        transfer(
            session,
            steward_of(case.request.station),
            case.number,
            other.code,
            version=case.request.version,
            note="能力范围",
            now=at(12, 1),
        )
        assert case.told() == [(DueKind.ACCEPT, date(2026, 12, 3))]


def test_a_firms_message_is_answered_within_two_working_days(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24))
        case.station(MoveName.ACCEPT, at(11, 24))
        write_as_firm(session, case.number, case.draft.code, "进展如何？", now=at(11, 25))
        write_as_firm(session, case.number, case.draft.code, "在吗？", now=at(11, 27))
        assert case.told()[0] == (DueKind.REPLY, date(2026, 11, 27))
        assert case.request.due_on == date(2026, 11, 27)
        write_as_station(session, steward_of(case.request.station), case.number, "在办", now=at(11, 27, 11))
        assert DueKind.REPLY not in {kind for kind, _ in case.told()}


def test_beyond_the_published_calendar_a_day_is_provisional(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, datetime(2026, 12, 30, 10, tzinfo=CHINA_TIME))
        (due,) = deadlines(case.request)
        assert due.by.provisional and is_provisional(due.by.day) and is_provisional(case.request.due_on)


def test_what_an_older_version_left_is_settled_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        filed, delivered = Case(session, at(11, 24)), Case(session, at(11, 24))
        delivered.station(MoveName.ACCEPT, at(11, 24))
        for service in SERVICES:
            delivered.deliver(service, at(11, 25))
        session.flush()
        session.execute(update(ServiceRequest).values(due_on=None))
        session.execute(update(RequestItem).values(due_on=None, working_days=None, delivered_late=None))
        session.expire_all()
        assert settle_old_requests(session) == 2
        assert filed.request.due_on == date(2026, 11, 26)
        assert [item.working_days for item in delivered.request.items] == [1, 1]
        assert settle_old_requests(session) == 0


@pytest.mark.parametrize("after", [timedelta(), timedelta(days=400)])
def test_settling_again_changes_nothing(reference_engine: Engine, after: timedelta) -> None:
    with transaction(reference_engine) as session:
        case = Case(session, at(11, 24) + after)
        before = case.request.due_on
        settle(case.request)
        assert case.request.due_on == before
