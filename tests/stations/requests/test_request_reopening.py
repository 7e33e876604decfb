from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.errors import Conflict, InvalidInput, NotFound
from stations.requests.deadlines import is_reminded
from stations.requests.filing import Draft
from stations.requests.handling import deliver_item, move_as_firm, move_as_station
from stations.requests.moves import MoveName
from stations.requests.reopening import items_to_reopen, may_remind, remind, reopen
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import SERVICES, file_one, steward_of

DAY = timedelta(days=1)


def delivered(session: Session, draft: Draft, *services: str) -> ServiceRequest:
    request = file_one(session, draft=draft)
    steward = steward_of(request.station)
    move_as_station(session, steward, request.number, MoveName.ACCEPT, version=request.version, now=NOW)
    for service in services or SERVICES:
        version = request.version
        deliver_item(session, steward, request.number, service, version=version, performer="院", result="证书", now=NOW)
    return request


def reopen_first(session: Session, request: ServiceRequest, code: str, days: int, **changes) -> ServiceRequest:
    given = {"service_code": SERVICES[0], "note": "编号有误", "version": request.version} | changes
    return reopen(session, request.number, code, now=NOW + days * DAY, **given)


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_not_done_is_reopened_and_delivered_anew(reference_engine: Engine, closed: bool) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft)
        if closed:
            version = request.version
            move_as_firm(session, request.number, draft.code, MoveName.CLOSE, version=version, now=NOW)
        reopen_first(session, request, draft.code, 3)
        assert request.state is State.IN_PROGRESS
        deliver_item(
            session,
            steward_of(request.station),
            request.number,
            SERVICES[0],
            version=request.version,
            performer="院",
            result="新证书",
            now=NOW + 4 * DAY,
        )
        assert request.state is State.DELIVERED and request.items[0].result == "新证书"
        assert [event.note for event in request.events if event.item is request.items[0]] == [
            "证书",
            "编号有误",
            "新证书",
        ]


def test_one_service_can_be_reopened_while_another_is_still_open(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft, SERVICES[0])
        assert items_to_reopen(request, TODAY) == [request.items[0]]
        reopen_first(session, request, draft.code, 0)
        assert request.state is State.IN_PROGRESS and items_to_reopen(request, TODAY) == []


def test_what_cant_be_reopened(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft, SERVICES[0])
        with pytest.raises(InvalidInput) as refused:
            reopen_first(session, request, draft.code, 0, service_code=SERVICES[1])
        assert refused.value.field == "service_code"
        with pytest.raises(InvalidInput) as refused:
            reopen_first(session, request, draft.code, 0, note="")
        assert refused.value.field == "note"
        with pytest.raises(Conflict):
            reopen_first(session, request, draft.code, 0, version=request.version - 1)
        with pytest.raises(Conflict, match="time for reopening is over"):
            reopen_first(session, request, draft.code, 15)  # the eleventh working day
        with pytest.raises(NotFound):
            reopen_first(session, request, Draft().code, 0)
        assert reopen_first(session, request, draft.code, 14)


def test_a_reminder_takes_days_without_a_step(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)

        def nudge(days: int) -> ServiceRequest:
            return remind(session, request.number, draft.code, version=request.version, now=NOW + days * DAY)

        # Filed on a Tuesday; three working days later is Friday.
        assert not may_remind(request, TODAY + 2 * DAY) and may_remind(request, TODAY + 3 * DAY)
        with pytest.raises(Conflict, match="2026-11-27"):
            nudge(2)
        assert nudge(3).state is State.SUBMITTED and is_reminded(request)
        due = request.due_on
        with pytest.raises(Conflict, match="2026-12-02"):
            nudge(7)
        nudge(8)
        assert request.due_on == due, "a reminder moves no deadline"
        steward = steward_of(request.station)
        version = request.version
        move_as_station(session, steward, request.number, MoveName.ACCEPT, version=version, now=NOW + 9 * DAY)
        assert not is_reminded(request)


def test_nobody_is_reminded_while_the_firm_itself_has_to_act(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft)
        with pytest.raises(Conflict):
            remind(session, request.number, draft.code, version=request.version, now=NOW + 30 * DAY)
