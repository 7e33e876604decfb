"""Urging, and taking over: an office above a station hastens it, and hides nothing of its lateness."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from stations.alerts.alert_contacts import set_contact
from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidForm, NotAllowed
from stations.language import day_in_china
from stations.notices.outbox import Notice
from stations.requests.deadlines import deadlines
from stations.requests.handling import deliver_item, move_as_station
from stations.requests.moves import MoveName
from stations.requests.queue import QueueFilter, list_requests
from stations.requests.states import DueKind, State
from stations.requests.stewards import stewards_of
from stations.requests.urging import (
    Addressee,
    UrgingForm,
    addressees_for,
    answer_urging,
    awaits_answer,
    list_urgings,
    urge,
    withdraw_urging,
)
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import KUNSHAN, SERVICES, actor_with, add_steward, file_one, steward_of

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
CITY = actor_with(Role.CITY, AreaKind.CITY, "320500")
COUNTY = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
LATE = NOW + timedelta(days=20)
BY = TODAY + timedelta(days=3)


def form(addressee: str = "station", text: str = "请尽快办理", due_on: object = BY) -> UrgingForm:
    return UrgingForm(addressee, text, due_on)  # type: ignore[arg-type]


@pytest.mark.parametrize("office", [PROVINCE, CITY, COUNTY], ids=["province", "city", "county"])
def test_an_office_that_takes_over_becomes_no_steward_and_hides_no_lateness(
    reference_engine: Engine, office: object
) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        add_steward(session, request.station, "zhao")
        before = request.due_on
        move_as_station(session, office, request.number, MoveName.ACCEPT, version=1, now=LATE)  # type: ignore[arg-type]
        assert (request.state, request.steward, request.steward_username) == (State.ACCEPTED, None, None)
        assert request.events[-1].taken_over
        # For the firm the work runs; for the station its own first step is as overdue as it was.
        assert (request.due_on, request.answered_late) == (before, None)
        assert deadlines(request)[0].kind is DueKind.TAKE_UP
        overdue = list_requests(session, PROVINCE, QueueFilter(overdue_on=day_in_china(LATE)), samples=False)
        assert overdue == [request]
        steward = steward_of(request.station)
        begun = LATE + timedelta(days=1)
        move_as_station(session, steward, request.number, MoveName.START, version=2, now=begun)
        assert (request.answered_late, request.answered_at) == (True, begun)
        assert request.due_on > before and deadlines(request)[0].kind is DueKind.DELIVER


def test_a_steward_who_accepts_is_the_steward_and_an_office_of_a_station_without_any_answers(
    reference_engine: Engine,
) -> None:
    with transaction(reference_engine) as session:
        own, alone = file_one(session), file_one(session)
        add_steward(session, own.station, "zhao")
        move_as_station(session, steward_of(own.station), own.number, MoveName.ACCEPT, version=1, now=NOW)
        assert (own.steward, own.answered_late, own.events[-1].taken_over) == ("李管家", False, False)
        move_as_station(session, COUNTY, alone.number, MoveName.ACCEPT, version=1, now=LATE)
        assert (alone.steward, alone.answered_late, alone.events[-1].taken_over) == (None, True, False)


def test_delivering_at_once_is_the_stations_first_step_too(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        add_steward(session, request.station, "zhao")
        move_as_station(session, CITY, request.number, MoveName.ACCEPT, version=1, now=NOW)
        deliver_item(
            session, steward_of(request.station), request.number, SERVICES[0],
            version=request.version, performer="本站", result="好", now=NOW + timedelta(hours=1),
        )  # fmt: skip
        assert request.answered_late is False


def test_who_is_urged_answers_and_everybody_above_and_below_sees_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        number, steward = request.number, steward_of(request.station)
        add_steward(session, request.station, "zhao")
        before = (request.version, request.due_on, request.steward, len(request.events))
        urging = urge(session, CITY, number, form(), now=NOW)
        assert before == (request.version, request.due_on, request.steward, len(request.events))
        with pytest.raises(Conflict):
            urge(session, CITY, number, form(), now=NOW)
        urge(session, PROVINCE, number, form("city"), now=NOW)
        assert [one.addressee for one in list_urgings(session, request)] == [Addressee.STATION, Addressee.CITY]
        waiting = QueueFilter(behind=awaits_answer(steward, to_answer=True))
        assert list_requests(session, steward, waiting, samples=False) == [request]
        assert not list_requests(
            session, COUNTY, QueueFilter(behind=awaits_answer(COUNTY, to_answer=True)), samples=False
        )
        for wrong in (COUNTY, PROVINCE):
            with pytest.raises(NotAllowed):
                answer_urging(session, wrong, urging.id, "已办", version=1, now=NOW)
        answer_urging(session, steward, urging.id, "明日送样", version=1, now=NOW + timedelta(days=9))
        assert (urging.answer, urging.answered_late, urging.late(TODAY)) == ("明日送样", True, True)
        with pytest.raises(Conflict):
            answer_urging(session, steward, urging.id, "再答", version=2, now=NOW)
        assert not list_requests(session, steward, waiting, samples=False)
    with reading(reference_engine) as session:
        logged = [one.action for one in entries_about(session, "service_request", number)]
        assert logged[-3:] == ["urge", "urge", "answer_urging"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 1001}, "text"),
        ({"due_on": None}, "due_on"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"due_on": TODAY + timedelta(days=91)}, "due_on"),
        ({"addressee": "city"}, "addressee"),
        ({"addressee": "nobody"}, "addressee"),
    ],
)
def test_what_cannot_be_urged_names_its_field(reference_engine: Engine, changes: dict[str, object], field: str) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        with pytest.raises(InvalidForm) as problem:
            urge(session, CITY, request.number, form(**changes), now=NOW)  # type: ignore[arg-type]
        assert [one.field for one in problem.value.problems] == [field]
        assert list_urgings(session, request) == []


def test_only_an_office_urges_and_only_whoever_is_below_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        area = request.station.area
        assert addressees_for(PROVINCE, area) == list(Addressee)
        assert addressees_for(CITY, area) == [Addressee.STATION, Addressee.COUNTY]
        assert addressees_for(COUNTY, area) == [Addressee.STATION]
        for nobody in (None, steward_of(request.station), actor_with(Role.CITY, AreaKind.CITY, "320100")):
            assert addressees_for(nobody, area) == []
            with pytest.raises(NotAllowed):
                urge(session, nobody, request.number, form(), now=NOW)
        move_as_station(
            session, steward_of(request.station), request.number, MoveName.REFUSE, version=1, note="x", now=NOW
        )
        with pytest.raises(Conflict):
            urge(session, CITY, request.number, form(), now=NOW)


def test_an_urging_taken_back_stays_on_the_record(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        urging = urge(session, CITY, request.number, form(), now=NOW)
        with pytest.raises(NotAllowed):
            withdraw_urging(session, PROVINCE, urging.id, version=1, now=NOW)
        withdraw_urging(session, CITY, urging.id, version=1, now=NOW)
        assert not urging.open and not urging.late(TODAY + timedelta(days=99))
        assert list_urgings(session, request) == [urging]


def test_offices_and_stewards_are_told_and_no_notice_says_whose_request_it_is(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        add_steward(session, request.station, "zhao")
        stewards_of(session, request.station)[0].email = "zhao@example.com"
        set_contact(session, "320500", "email", "city@example.com", by="x", now=NOW)
        urging = urge(session, CITY, request.number, form(), now=NOW)
        answer_urging(session, steward_of(request.station), urging.id, "已办", version=1, now=NOW)
        notices = session.scalars(select(Notice).order_by(Notice.id)).all()
        assert [one.address for one in notices] == ["zhao@example.com", "city@example.com"]
        assert all(request.firm_name not in one.text and "请尽快" not in one.text for one in notices)
