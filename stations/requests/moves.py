"""The moves between the states of a service request, as one table.

Every change of a request's state is a move of this table. Pages, API and command line offer the moves that
``moves_open_to`` returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from stations.audit.vocabulary import LoggedAction
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.language import N_
from stations.requests.states import FINAL, Party, State

NOTE_LIMIT = 2000


class MoveName(LoggedAction):
    """What can be done with a request; the audit log tells of it by the same name."""

    ACCEPT = "accept", N_("Accept")
    RETURN = "return", N_("Ask for more information")
    ANSWER = "answer", N_("Answer and submit again")
    REFUSE = "refuse", N_("Refuse")
    START = "start", N_("Start work")
    DELIVER = "deliver", N_("Deliver")
    CLOSE = "close", N_("Confirm and close")
    CANCEL = "cancel", N_("Cancel the request")
    TRANSFER = "transfer", N_("Hand over to another station")
    REOPEN = "reopen", N_("Reopen a service")
    REMIND = "remind", N_("Remind the station")
    SPLIT = "split", N_("Hand some services to another station")
    ASSIGN = "assign", N_("Assign to a steward")


@dataclass(frozen=True)
class Move:
    """A move: from which states a party can move a request to which state.

    ``target`` None: the state does not change. ``elsewhere``: the states from which it leads to another one than
    ``target``. ``note``: a reason is required. ``alone``: the move needs no more than the reason; others also need an
    object (a station, a service) and have their own function.
    """

    name: MoveName
    sources: frozenset[State]
    target: State | None
    parties: frozenset[Party]
    note: bool = False
    alone: bool = True
    elsewhere: Mapping[State, State] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def leads_to(self, state: State) -> State:
        """Return the state that follows if the move is made from ``state``."""
        return self.elsewhere.get(state) or self.target or state


def _move(
    name: MoveName,
    sources: set[State],
    target: State | None,
    *parties: Party,
    note: bool = False,
    alone: bool = True,
    elsewhere: Mapping[State, State] = MappingProxyType({}),
) -> Move:
    return Move(
        name, frozenset(sources | set(elsewhere)), target, frozenset(parties), note, alone, MappingProxyType(elsewhere)
    )


MOVES: dict[MoveName, Move] = {
    move.name: move
    for move in (
        _move(MoveName.ACCEPT, {State.SUBMITTED}, State.ACCEPTED, Party.STATION),
        # Started work is paused, and continues from where it was; delivered services remain delivered.
        _move(
            MoveName.RETURN,
            {State.SUBMITTED, State.ACCEPTED},
            State.RETURNED,
            Party.STATION,
            note=True,
            elsewhere={State.IN_PROGRESS: State.PAUSED},
        ),
        _move(
            MoveName.ANSWER,
            {State.RETURNED},
            State.SUBMITTED,
            Party.FIRM,
            note=True,
            elsewhere={State.PAUSED: State.IN_PROGRESS},
        ),
        _move(MoveName.REFUSE, {State.SUBMITTED}, State.REFUSED, Party.STATION, note=True),
        # From a pause: the station got what it asked for in another way.
        _move(MoveName.START, {State.ACCEPTED, State.PAUSED}, State.IN_PROGRESS, Party.STATION),
        # Made by the program when the last item is delivered; never made by a party.
        _move(MoveName.DELIVER, {State.IN_PROGRESS}, State.DELIVERED),
        _move(MoveName.CLOSE, {State.DELIVERED}, State.CLOSED, Party.FIRM),
        _move(
            MoveName.CANCEL, {State.SUBMITTED, State.RETURNED, State.ACCEPTED}, State.CANCELLED, Party.FIRM, note=True
        ),
        # The new station starts from the beginning; see ``transfer``.
        _move(
            MoveName.TRANSFER,
            {State.SUBMITTED, State.ACCEPTED},
            State.SUBMITTED,
            Party.STATION,
            note=True,
            alone=False,
        ),
        # A service that was delivered but is not done; see ``reopening``.
        _move(
            MoveName.REOPEN,
            {State.IN_PROGRESS, State.DELIVERED, State.CLOSED},
            State.IN_PROGRESS,
            Party.FIRM,
            note=True,
            alone=False,
        ),
        _move(
            MoveName.REMIND,
            {State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS},
            None,
            Party.FIRM,
            alone=False,
        ),
        # Some of the services become a separate request; see ``splitting``.
        _move(
            MoveName.SPLIT,
            {State.SUBMITTED, State.ACCEPTED},
            None,
            Party.STATION,
            note=True,
            alone=False,
        ),
        # One of the stewards becomes responsible, or nobody in particular; see ``assigning``.
        _move(MoveName.ASSIGN, set(State) - FINAL, None, Party.STATION, alone=False),
    )
}

_WANTED = {MoveName.ANSWER: N_("Write your answer, so that the station can go on")}
"""The message for an empty note, for moves whose note is not a reason."""


def moves_open_to(party: Party, state: State) -> list[Move]:
    """Return the moves that a party can make from a state, in the table's order."""
    return [move for move in MOVES.values() if party in move.parties and state in move.sources]


def check_move(name: MoveName, party: Party, state: State, note: str, *, alone: bool = False) -> Move:
    """Return the move if the party may make it from this state.

    ``alone``: allow only a move that needs no more than a reason.

    Raises:
        NotAllowed: this party may not make the move, or not in this way.
        Conflict: the request is in another state, because somebody moved it meanwhile.
        InvalidInput: the move needs a reason and ``note`` is blank, or it is too long.
    """
    move = MOVES[name]
    if party not in move.parties or (alone and not move.alone):
        raise NotAllowed(N_("This step is not yours to take"))
    if state not in move.sources:
        raise Conflict(N_("The request has moved on meanwhile; look at it again before you act"))
    if move.note and not note.strip():
        raise InvalidInput("note", _WANTED.get(name, N_("Say why, so that the other side knows what to do")))
    read_text("note", note, limit=NOTE_LIMIT, required=False)
    return move
