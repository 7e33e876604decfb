"""The table of request states: what follows from it, and that it is consistent with the moves."""

from __future__ import annotations

from typing import Any

import pytest

from stations.language import Language
from stations.registry.station import Station
from stations.requests.moves import MOVES, MoveName, moves_open_to
from stations.requests.service_request import RequestEvent
from stations.requests.states import COURSE, FINAL, OPEN, STATIONS_TURN, WITHDRAWN, Party, State
from stations.requests.words import step_in_words

every_state = pytest.mark.parametrize("state", State)


def test_what_is_read_from_the_table() -> None:
    assert {State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.IN_PROGRESS, State.PAUSED} == OPEN
    assert {State.CLOSED, State.REFUSED, State.CANCELLED} == FINAL
    assert {State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS} == STATIONS_TURN
    assert {state for state in State if state.deliverable} == {State.ACCEPTED, State.IN_PROGRESS}
    assert {state for state in State if state.facts.done} == {State.DELIVERED, State.CLOSED}
    assert {state for state in State if state.suspends} == {State.PAUSED}
    assert {State.CANCELLED} == WITHDRAWN
    assert COURSE == (State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS, State.DELIVERED, State.CLOSED)


def test_what_is_true_of_the_moves() -> None:
    def those(fact: str) -> set[MoveName]:
        return {name for name, move in MOVES.items() if getattr(move, fact)}

    assert set(MOVES) == set(MoveName)
    assert those("answers") == {MoveName.ACCEPT, MoveName.RETURN, MoveName.REFUSE}
    assert those("onward") == {MoveName.ACCEPT, MoveName.START, MoveName.ANSWER, MoveName.CLOSE}
    assert (those("appoints"), those("silent")) == ({MoveName.ACCEPT}, {MoveName.ASSIGN})
    assert those("template") == {MoveName.RETURN, MoveName.REFUSE}
    start = MOVES[MoveName.START]
    assert (start.label_in(State.ACCEPTED), start.label_in(State.PAUSED)) == ("Start work", "Go on with the work")


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ({"move": MoveName.START, "source": State.ACCEPTED}, "Work began"),
        ({"move": MoveName.START, "source": State.PAUSED}, "Work goes on"),
        ({"move": MoveName.ANSWER, "source": State.RETURNED}, "The firm answered and submitted again"),
        ({"move": MoveName.ANSWER, "source": State.PAUSED}, "The firm answered, and work goes on"),
        ({"move": MoveName.ASSIGN, "source": State.ACCEPTED, "note": "Li"}, "A steward was named"),
        ({"move": MoveName.ASSIGN, "source": State.ACCEPTED}, "Given back to all stewards of the station"),
        ({"move": MoveName.TRANSFER, "source": State.ACCEPTED}, "Handed over to another station"),
        (
            {"move": MoveName.TRANSFER, "source": State.ACCEPTED, "station": Station(name="小站", name_en="Hub")},
            "Handed over to Hub",
        ),
        ({"source": None}, "The firm filed the request"),
        ({"source": None, "party": Party.STATION}, "Split off from another request of the firm"),
    ],
)
def test_a_step_is_told_as_its_move_says(taken: dict[str, Any], told: str) -> None:
    event = RequestEvent(**{"party": Party.FIRM, "move": None, "note": "", **taken})
    assert step_in_words(Language("en"), event) == told


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
