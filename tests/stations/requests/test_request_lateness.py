"""A late answer and a passed wish remain visible while the request is open."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from stations.database import transaction
from stations.requests.handling import deliver_item, move_as_station
from stations.requests.lateness import answered_late_by, wish_passed
from stations.requests.moves import MoveName
from stations.working_days import working_days_between
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import SERVICES, file_one, steward_of


def test_an_answer_given_long_after_its_day_stays_marked(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        steward = steward_of(request.station)
        assert answered_late_by(request) == 0, "not answered yet: its deadline tells"
        answered = NOW + timedelta(days=36)
        move_as_station(session, steward, request.number, MoveName.ACCEPT, version=request.version, now=answered)
        assert answered_late_by(request) == working_days_between(request.answer_due_on, answered.date()) == 24
        assert request.due_on > answered.date(), "the next deadline shows nothing of it"
        in_time = file_one(session)
        move_as_station(
            session, steward_of(in_time.station), in_time.number, MoveName.ACCEPT, version=in_time.version, now=NOW
        )
        assert answered_late_by(in_time) == 0
        refused = file_one(session)
        move_as_station(
            session, steward_of(refused.station), refused.number, MoveName.REFUSE,
            version=refused.version, note="无此项目", now=answered,
        )  # fmt: skip
        assert answered_late_by(refused) == 0, "it has come to its end"


def test_a_wish_has_passed_until_all_is_delivered(reference_engine: Engine) -> None:
    wish = date(2026, 12, 10)
    with transaction(reference_engine) as session:
        request = file_one(session, wanted_on=wish)
        steward = steward_of(request.station)
        assert not wish_passed(request, TODAY)
        assert not wish_passed(request, wish)
        assert wish_passed(request, wish + timedelta(days=1))
        move_as_station(session, steward, request.number, MoveName.ACCEPT, version=request.version, now=NOW)
        for code in SERVICES:
            deliver_item(
                session, steward, request.number, code, version=request.version, performer="本站", result="好", now=NOW
            )
        assert not wish_passed(request, wish + timedelta(days=1))
        assert not wish_passed(file_one(session), wish + timedelta(days=99)), "no day was wished for"
