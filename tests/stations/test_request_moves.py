"""The table of moves by itself, then walked at random on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.request_filing import Draft
from stations.request_handling import deliver_item, look_up, move_as_firm, move_as_station
from stations.request_moves import FINAL, MOVES, NOTE_LIMIT, MoveName, Party, State, check_move, moves_open_to
from stations.service_request import RequestEvent, ServiceRequest
from tests.conftest import NOW
from tests.stations.request_factories import SERVICES, file_one, steward_of


def reachable(start: State, *, without: MoveName | None = None) -> set[State]:
    reached, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for move in MOVES.values():
            if move.name is not without and state in move.sources and move.target not in reached:
                reached.add(move.target)
                waiting.append(move.target)
    return reached


def test_every_state_can_be_reached_and_every_move_is_in_the_table_under_its_name() -> None:
    assert reachable(State.SUBMITTED) == set(State)
    assert set(MOVES) == set(MoveName)
    assert all(move.name is name for name, move in MOVES.items())


def test_nothing_is_delivered_that_was_not_accepted() -> None:
    reached = reachable(State.SUBMITTED, without=MoveName.ACCEPT)
    assert not reached & {State.ACCEPTED, State.IN_PROGRESS, State.DELIVERED, State.CLOSED}


def test_nothing_leads_out_of_an_end_and_everything_leads_to_one() -> None:
    for state in State:
        open_moves = [move for party in Party for move in moves_open_to(party, state)]
        if state in FINAL:
            assert not open_moves
        assert reachable(state) & FINAL


def test_each_unfinished_state_waits_for_somebody() -> None:
    # Work in progress waits for the station to deliver its items; that is no move of its own.
    waiting = {state: {party for party in Party if moves_open_to(party, state)} for state in State}
    assert waiting == {
        State.SUBMITTED: {Party.FIRM, Party.STATION},
        State.ACCEPTED: {Party.FIRM, Party.STATION},
        State.IN_PROGRESS: set(),
        State.DELIVERED: {Party.FIRM},
        State.RETURNED: {Party.FIRM},
        State.CLOSED: set(),
        State.REFUSED: set(),
        State.CANCELLED: set(),
    }


@pytest.mark.parametrize("name", list(MoveName))
@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("state", list(State))
def test_a_move_is_its_partys_from_its_states_with_its_reason(name: MoveName, party: Party, state: State) -> None:
    move = MOVES[name]
    if party not in move.parties:
        with pytest.raises(NotAllowed):
            check_move(name, party, state, "because")
    elif state not in move.sources:
        with pytest.raises(Conflict):
            check_move(name, party, state, "because")
    else:
        assert check_move(name, party, state, "because") is move
        assert move in moves_open_to(party, state)
        if move.note:
            with pytest.raises(InvalidInput):
                check_move(name, party, state, " \n")
        with pytest.raises(InvalidInput):
            check_move(name, party, state, "x" * (NOTE_LIMIT + 1))


def rebuilt(events: list[RequestEvent]) -> State:
    """The state that the events alone lead to."""
    state = None
    for position, event in enumerate(events):
        assert event.position == position
        assert event.source is state
        if event.move is not None:
            move = MOVES[event.move]
            assert event.source in move.sources and event.target is move.target
            assert event.note or not move.note
            assert event.party in move.parties or event.move is MoveName.DELIVER
        elif event.item_id is not None:
            assert event.source is event.target is State.IN_PROGRESS
        else:
            assert position == 0 and event.target is State.SUBMITTED
        state = event.target
    return state


Step = Callable[[Session, ServiceRequest, str], ServiceRequest]


def _by_station(name: MoveName) -> Step:
    return lambda session, request, code: move_as_station(
        session, steward_of(request.station), request.number, name, version=request.version, note="说明", now=NOW
    )


def _by_firm(name: MoveName) -> Step:
    return lambda session, request, code: move_as_firm(
        session, request.number, code, name, version=request.version, note="说明", now=NOW
    )


def _delivering(service: str) -> Step:
    return lambda session, request, code: deliver_item(
        session,
        steward_of(request.station),
        request.number,
        service,
        version=request.version,
        performer="测试院",
        result="证书",
        now=NOW + timedelta(days=1),
    )


STEPS: dict[str, Step] = (
    {f"station {name}": _by_station(name) for name in MoveName}
    | {f"firm {name}": _by_firm(name) for name in MoveName}
    | {f"deliver {service}": _delivering(service) for service in SERVICES}
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_whatever_is_tried_the_events_rebuild_the_state(reference_engine: Engine, walk: list[str]) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = file_one(session, draft=draft).number
    for step in walk:
        with transaction(reference_engine) as session:
            request = session.scalar(sa.select(ServiceRequest).where(ServiceRequest.number == number))
            before = (request.state, request.version, len(request.events))
            try:
                STEPS[step](session, request, draft.code)
            except (NotAllowed, Conflict):
                assert (request.state, request.version, len(request.events)) == before
            else:
                assert request.version > before[1] and len(request.events) > before[2]
    with transaction(reference_engine) as session:
        request = look_up(session, number, draft.code)
        assert rebuilt(request.events) is request.state
        made = [event.move for event in request.events]
        delivered = [item.delivered_at is not None for item in request.items]
        if any(delivered):
            assert MoveName.ACCEPT in made and MoveName.START in made
        assert all(delivered) == (request.state in {State.DELIVERED, State.CLOSED})
        assert {event.item_id for event in request.events if event.item_id} == {
            item.id for item in request.items if item.delivered_at
        }
