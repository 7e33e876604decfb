"""The table of moves on its own, then random walks along it on a real database."""

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
from stations.requests.assigning import assign
from stations.requests.deadlines import settle
from stations.requests.filing import Draft
from stations.requests.handling import deliver_item, look_up, move_as_firm, move_as_station
from stations.requests.moves import MOVES, NOTE_LIMIT, MoveName, check_move, moves_open_to
from stations.requests.reopening import remind, reopen
from stations.requests.service_request import RequestEvent, ServiceRequest
from stations.requests.states import FINAL, Party, State
from stations.requests.stewards import stewards_of
from stations.requests.transfer import transfer
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, add_steward, file_one, steward_of


def reachable(start: State, *, without: MoveName | None = None) -> set[State]:
    reached, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for move in MOVES.values():
            if move.name is without or state not in move.sources:
                continue
            if (target := move.leads_to(state)) not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def test_every_state_can_be_reached_and_every_move_is_in_the_table_under_its_name() -> None:
    assert reachable(State.SUBMITTED) == set(State)
    assert set(MOVES) == set(MoveName)
    assert all(move.name is name for name, move in MOVES.items())


def test_nothing_is_delivered_that_was_not_accepted() -> None:
    reached = reachable(State.SUBMITTED, without=MoveName.ACCEPT)
    assert not reached & {State.ACCEPTED, State.IN_PROGRESS, State.PAUSED, State.DELIVERED, State.CLOSED}


def test_only_reopening_leads_out_of_an_end_and_everything_leads_to_one() -> None:
    for state in State:
        open_moves = [move.name for party in Party for move in moves_open_to(party, state)]
        if state in FINAL:
            assert open_moves == ([MoveName.REOPEN] if state is State.CLOSED else [])
        assert reachable(state) & FINAL


def test_each_unfinished_state_waits_for_somebody() -> None:
    # Work in progress waits for the station to deliver its items, which is not a move; the firm can remind it, or
    # reopen what was delivered. Nothing waits for the assignment of a steward.
    waiting = {
        state: {
            party for party in Party if any(move.name is not MoveName.ASSIGN for move in moves_open_to(party, state))
        }
        for state in State
    }
    assert waiting == {
        State.SUBMITTED: {Party.FIRM, Party.STATION},
        State.ACCEPTED: {Party.FIRM, Party.STATION},
        State.IN_PROGRESS: {Party.FIRM, Party.STATION},
        State.PAUSED: {Party.FIRM, Party.STATION},
        State.DELIVERED: {Party.FIRM},
        State.RETURNED: {Party.FIRM},
        State.CLOSED: {Party.FIRM},
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


def test_from_a_pause_the_request_goes_on_where_it_was_and_nowhere_else() -> None:
    leads = {move.leads_to(State.PAUSED) for party in Party for move in moves_open_to(party, State.PAUSED)}
    assert leads == {State.IN_PROGRESS, State.PAUSED}
    into = {(move.name, state) for move in MOVES.values() for state in move.sources - {State.PAUSED}}
    assert {(name, state) for name, state in into if MOVES[name].leads_to(state) is State.PAUSED} == {
        (MoveName.RETURN, State.IN_PROGRESS)
    }


def test_naming_a_steward_leads_nowhere() -> None:
    move = MOVES[MoveName.ASSIGN]
    assert move.sources == set(State) - FINAL and all(move.leads_to(state) is state for state in move.sources)


def rebuilt(events: list[RequestEvent]) -> tuple[State, set[int], int]:
    """Return the state, the delivered items and the answering station that follow from the events alone."""
    state, delivered, station = None, set(), 0
    for position, event in enumerate(events):
        assert event.position == position
        assert event.source is state
        station = event.station_id or station
        if event.move is not None:
            move = MOVES[event.move]
            assert event.source in move.sources and event.target is move.leads_to(event.source)
            assert event.note or not move.note
            assert event.party in move.parties or event.move is MoveName.DELIVER
            assert (event.item_id is not None) == (event.move is MoveName.REOPEN)
            assert (event.station_id is not None) == (event.move is MoveName.TRANSFER)
            if event.move is MoveName.REOPEN:
                delivered.remove(event.item_id)
        elif event.item_id is not None:
            assert event.source is event.target is State.IN_PROGRESS
            assert event.item_id not in delivered
            delivered.add(event.item_id)
        else:
            assert position == 0 and event.target is State.SUBMITTED and event.station_id
        state = event.target
    return state, delivered, station


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


def _transferring(session: Session, request: ServiceRequest, code: str) -> ServiceRequest:
    other = add_station(session, KUNSHAN)
    return transfer(
        session,
        steward_of(request.station),
        request.number,
        other.code,
        version=request.version,
        note="说明",
        now=NOW,
    )


def _reopening(service: str, days: int) -> Step:
    return lambda session, request, code: reopen(
        session, request.number, code, service, version=request.version, note="说明", now=NOW + timedelta(days=days)
    )


def _reminding(days: int) -> Step:
    return lambda session, request, code: remind(
        session, request.number, code, version=request.version, now=NOW + timedelta(days=days)
    )


def _assigning(session: Session, request: ServiceRequest, code: str) -> ServiceRequest:
    username = f"of-{request.station.code}"
    if not stewards_of(session, request.station):
        add_steward(session, request.station, username)
    return assign(
        session,
        steward_of(request.station),
        request.number,
        "" if request.steward_username == username else username,
        version=request.version,
        now=NOW,
    )


STEPS: dict[str, Step] = (
    {f"station {name}": _by_station(name) for name in MoveName}
    | {f"firm {name}": _by_firm(name) for name in MoveName}
    | {f"deliver {service}": _delivering(service) for service in SERVICES}
    | {f"reopen {service}": _reopening(service, 2) for service in SERVICES}
    | {"transfer": _transferring, "reopen late": _reopening(SERVICES[0], 60)}
    | {"remind": _reminding(8), "remind early": _reminding(0), "assign": _assigning}
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.sampled_from(sorted(STEPS)), max_size=14))
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
            except (NotAllowed, Conflict, InvalidInput):
                assert (request.state, request.version, len(request.events)) == before
            else:
                assert request.version > before[1] and len(request.events) > before[2]
    with transaction(reference_engine) as session:
        request = look_up(session, number, draft.code)
        state, delivered, station = rebuilt(request.events)
        assert (state, station) == (request.state, request.station_id)
        assert delivered == {item.id for item in request.items if item.delivered_at}
        made = [event.move for event in request.events]
        if delivered:
            assert MoveName.ACCEPT in made and MoveName.START in made
        assert (len(delivered) == len(request.items)) == (request.state in {State.DELIVERED, State.CLOSED})
        # The deadlines follow from the events, and the station has a due date exactly when it has to act.
        before = [request.due_on, *((item.due_on, item.working_days) for item in request.items)]
        settle(request)
        assert before == [request.due_on, *((item.due_on, item.working_days) for item in request.items)]
        assert (request.due_on is not None) == (request.state in {State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS})
        assert all((item.working_days is None) == (item.delivered_at is None) for item in request.items)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    walk=st.lists(
        st.sampled_from(["accept", "start", *SERVICES, "close", "reopen", "remind", "ask", "answer", "assign"]),
        max_size=10,
    )
)
def test_walks_along_the_table_come_through(reference_engine: Engine, walk: list[str]) -> None:
    """Mostly legal walks, so that the final states of the table are reached."""
    steps = {
        "accept": "station accept",
        "start": "station start",
        "close": "firm close",
        "reopen": f"reopen {SERVICES[0]}",
        "remind": "remind",
        "ask": "station return",
        "answer": "firm answer",
        "assign": "assign",
        **{service: f"deliver {service}" for service in SERVICES},
    }
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        for step in ("accept", SERVICES[0], *walk):
            try:
                STEPS[steps[step]](session, request, draft.code)
            except (NotAllowed, Conflict, InvalidInput):
                continue
        session.flush()
        state, delivered, _station = rebuilt(request.events)
        assert state is request.state
        assert delivered == {item.id for item in request.items if item.delivered_at}
