"""The moves between the states of a service request, as one table.

Whatever changes a request's state goes through a move of this table; page, API and CLI ask
``moves_open_to`` which ones to offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.language import N_, LabelledEnum
from stations.requests.states import FINAL, Party, State

NOTE_LIMIT = 2000


class MoveName(LabelledEnum):
    """What can be done to a request."""

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
    """From which states a party can move a request to which state; ``target`` None: the state stays.
    ``elsewhere``: from which states it leads to another than ``target``. ``note``: a reason must be given.
    ``alone``: the reason is all it needs; the others say besides what they are about (a station, a service)
    and have a function of their own."""

    name: MoveName
    sources: frozenset[State]
    target: State | None
    parties: frozenset[Party]
    note: bool = False
    alone: bool = True
    elsewhere: Mapping[State, State] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def leads_to(self, state: State) -> State:
        """The state that follows when the move is made from ``state``."""
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
        # Work that has begun stands still, and goes on from where it was: what is delivered stays so.
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
        # From a pause: the station has what it asked for by another way.
        _move(MoveName.START, {State.ACCEPTED, State.PAUSED}, State.IN_PROGRESS, Party.STATION),
        # Made by the program when the last item is delivered, never asked for by itself.
        _move(MoveName.DELIVER, {State.IN_PROGRESS}, State.DELIVERED),
        _move(MoveName.CLOSE, {State.DELIVERED}, State.CLOSED, Party.FIRM),
        _move(
            MoveName.CANCEL, {State.SUBMITTED, State.RETURNED, State.ACCEPTED}, State.CANCELLED, Party.FIRM, note=True
        ),
        # The state is the new station's to begin from; see ``transfer``.
        _move(
            MoveName.TRANSFER,
            {State.SUBMITTED, State.ACCEPTED},
            State.SUBMITTED,
            Party.STATION,
            note=True,
            alone=False,
        ),
        # One service that was delivered but not done; see ``reopening``.
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
        # Some of the services become a request of their own; see ``splitting``.
        _move(
            MoveName.SPLIT,
            {State.SUBMITTED, State.ACCEPTED},
            None,
            Party.STATION,
            note=True,
            alone=False,
        ),
        # One of the stewards is to answer, or nobody by name; see ``assigning``.
        _move(MoveName.ASSIGN, set(State) - FINAL, None, Party.STATION, alone=False),
    )
}

_WANTED = {MoveName.ANSWER: N_("Write your answer, so that the station can go on")}
"""What is said when a move's note is empty, where it is not a reason."""


def moves_open_to(party: Party, state: State) -> list[Move]:
    """The moves that the table leaves open to a party, in its order."""
    return [move for move in MOVES.values() if party in move.parties and state in move.sources]


def check_move(name: MoveName, party: Party, state: State, note: str, *, alone: bool = False) -> Move:
    """The move, where the table lets the party make it from this state. ``alone``: only one that
    needs no more than a reason.

    Raises:
        NotAllowed: it is not this party's to make, or not so.
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
