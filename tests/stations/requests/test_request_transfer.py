from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.registry.station import Status
from stations.requests.filing import Draft
from stations.requests.handling import move_as_station
from stations.requests.lookup import look_up, open_request
from stations.requests.moves import MoveName
from stations.requests.queue import list_requests
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party, State
from stations.requests.transfer import stations_to_take, transfer
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with, file_one, steward_of


def hand_over(session: Session, request: ServiceRequest, code: str, note: str = "能力范围以外") -> ServiceRequest:
    steward = steward_of(request.station)
    return transfer(session, steward, request.number, code, version=request.version, note=note, now=NOW)


def test_the_other_station_answers_from_then_on_and_the_firm_reads_why(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        first, number = steward_of(request.station), request.number
        move_as_station(session, first, number, MoveName.ACCEPT, version=request.version, now=NOW)
        other = add_station(session, KUNSHAN)
        hand_over(session, request, other.code)
    with transaction(reference_engine) as session:
        request = look_up(session, number, draft.code)
        assert (request.state, request.station.code, request.steward) == (State.SUBMITTED, other.code, None)
        event = request.events[-1]
        assert (event.move, event.party, event.note) == (MoveName.TRANSFER, Party.STATION, "能力范围以外")
        assert event.station.code == other.code
        with pytest.raises(NotAllowed):
            open_request(session, first, number)
        assert [one.number for one in list_requests(session, steward_of(other), samples=False)] == [number]


def test_where_it_cant_go(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        for code, told in {
            "": "Choose the station",
            request.station.code: "already",
            add_station(session, KUNSHAN, sample=True).code: "Choose the station",
            add_station(session, KUNSHAN, services=["metrology"]).code: "does not offer",
            add_station(session, KUNSHAN, [(Status.CLOSED, "2022-01-01")]).code: "not in operation",
        }.items():
            with pytest.raises(InvalidInput, match=told) as refused:
                hand_over(session, request, code)
            assert refused.value.field == "station_code"
        with pytest.raises(InvalidInput) as refused:
            hand_over(session, request, add_station(session, KUNSHAN).code, note=" ")
        assert refused.value.field == "note"
        assert len(request.events) == 1


def test_what_is_being_worked_on_stays(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        for name in (MoveName.ACCEPT, MoveName.START):
            version = request.version
            move_as_station(session, steward_of(request.station), request.number, name, version=version, now=NOW)
        with pytest.raises(Conflict):
            hand_over(session, request, add_station(session, KUNSHAN).code)


def test_who_only_reads_hands_nothing_over(reference_engine: Engine) -> None:
    auditor = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
    with transaction(reference_engine) as session:
        request, other = file_one(session), add_station(session, KUNSHAN)
        for actor in (None, auditor, steward_of(other)):
            with pytest.raises(NotAllowed):
                transfer(session, actor, request.number, other.code, version=1, note="x", now=NOW)


def test_the_stations_offered_are_those_it_can_go_to_the_nearest_first(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        far = add_station(session, "320102")
        near = add_station(session, KUNSHAN)
        add_station(session, KUNSHAN, sample=True)
        add_station(session, KUNSHAN, services=["metrology"])
        found = [one.station.code for one in stations_to_take(session, request, TODAY)]
        assert found[0] == near.code and far.code in found and request.station.code not in found
        for code in found[:1]:
            assert hand_over(session, request, code).station.code == code
