"""The table of request states: what follows from it, and that it is consistent with the moves."""

from __future__ import annotations

import pytest

from stations.requests.moves import MOVES, MoveName, moves_open_to
from stations.requests.states import COURSE, FINAL, OPEN, STATIONS_TURN, Party, State

every_state = pytest.mark.parametrize("state", State)


def test_what_is_read_from_the_table() -> None:
    assert {State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.IN_PROGRESS, State.PAUSED} == OPEN
    assert {State.CLOSED, State.REFUSED, State.CANCELLED} == FINAL
    assert {State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS} == STATIONS_TURN
    assert {state for state in State if state.deliverable} == {State.ACCEPTED, State.IN_PROGRESS}
    assert {state for state in State if state.facts.done} == {State.DELIVERED, State.CLOSED}
    assert COURSE == (State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS, State.DELIVERED, State.CLOSED)


@every_state
def test_whoever_has_to_act_can(state: State) -> None:
    if state.turn is None:
        assert {move.name for party in Party for move in moves_open_to(party, state)} <= {MoveName.REOPEN}
    else:
        moves = moves_open_to(state.turn, state)
        assert any(move.leads_to(state) is not state for move in moves) or state.deliverable


@every_state
def test_a_service_is_delivered_where_delivering_ends_the_work(state: State) -> None:
    """Delivering starts the work automatically if it has not begun."""
    begun = {state, *(MOVES[MoveName.START].leads_to(state) for _ in [0] if state in MOVES[MoveName.START].sources)}
    ends = bool(begun & MOVES[MoveName.DELIVER].sources)
    assert state.deliverable == (ends and state.turn is Party.STATION)


@every_state
def test_a_state_can_be_reached_and_is_shown(state: State) -> None:
    assert state is State.SUBMITTED or any(
        move.leads_to(one) is state for move in MOVES.values() for one in move.sources
    )
    assert not state.facts.step or State(state.facts.step) in COURSE
    assert state.next_step(Party.FIRM) != state.next_step(Party.STATION)
    assert state.label
