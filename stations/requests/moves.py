"""The moves between the states of a service request, as one table.

Every change of a request's state is a move of this table, and what is true of a move stands in its row: who makes it,
what is written with it, how it is told, whether it answers the firm. Pages offer what ``moves_open_to`` returns. A new
move needs a member of ``MoveName``, its row, and a migration of the columns' CHECK constraints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stations.audit.vocabulary import LoggedAction
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.language import N_, LabelledEnum
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


class TemplateUse(LabelledEnum):
    """The purpose of a reply template."""

    MESSAGE = "message", N_("For a message")
    RETURN = "return", N_("For asking for more")
    REFUSE = "refuse", N_("For refusing")


@dataclass(frozen=True)
class Note:
    """What is written with a move that must not be made without words.

    ``name``: what it is called. ``wanted``: the message if it is blank. ``files``: files can go with it.
    """

    name: str = N_("Reason")
    wanted: str = N_("Say why, so that the other side knows what to do")
    files: bool = False


REASON = Note()


@dataclass(frozen=True)
class Told:
    """The step in words, after it was taken: ``plain``, or what fits better where it is not empty.

    ``naming``: with the ``{service}`` or ``{station}`` that the step is about. ``unnoted``: the step has no note.
    ``suspended``: it ended a state in which the work stood still. ``taken_over``: an office took it for the station.
    """

    plain: str
    naming: str = ""
    unnoted: str = ""
    suspended: str = ""
    taken_over: str = ""


@dataclass(frozen=True, eq=False)
class Move:
    """A move: by which parties, from which state to which, and all that is true of it wherever it is taken or told.

    ``leads``: the state that follows, for each state from which it can be made. ``alone``: the move needs no more than
    its note; others also need an object (a station, a service) and have their own function. ``onward``: it brings the
    request on its way; others hold it up or end it. ``answers``: it is the station's answer to a filed request.
    ``appoints``: a steward of
    the station who makes it becomes the request's. ``silent``: the firm gets no notice of it, and it counts
    as no step of the work. ``template``: which reply templates start its note. ``resumes``: its label where it ends a
    state in which the work stood still, if that differs.
    """

    name: MoveName
    leads: Mapping[State, State]
    parties: frozenset[Party]
    told: Told
    note: Note | None = None
    alone: bool = True
    onward: bool = False
    answers: bool = False
    appoints: bool = False
    silent: bool = False
    template: TemplateUse | None = None
    resumes: str = ""

    @property
    def sources(self) -> frozenset[State]:
        """The states from which it can be made."""
        return frozenset(self.leads)

    def leads_to(self, state: State) -> State:
        """Return the state that follows if the move is made from ``state``, one of its ``sources``."""
        return self.leads[state]

    def label_in(self, state: State) -> str:
        """Return what the move is called where a request is in that state; a message to be translated."""
        return self.resumes if self.resumes and state.suspends else self.name.label


def _to(target: State, *sources: State) -> dict[State, State]:
    return dict.fromkeys(sources, target)


def _within(*states: State) -> dict[State, State]:
    """The state does not change."""
    return {state: state for state in states}


BY_FIRM, BY_STATION = frozenset({Party.FIRM}), frozenset({Party.STATION})
BY_ITSELF: frozenset[Party] = frozenset()
"""Made by the program when the last item is delivered; never by a party."""

MOVES: dict[MoveName, Move] = {
    move.name: move
    for move in (
        Move(
            MoveName.ACCEPT,
            _to(State.ACCEPTED, State.SUBMITTED),
            BY_STATION,
            Told(
                N_("The station took the request on"),
                taken_over=N_("The office above the station took the request on in its place"),
            ),
            onward=True,
            answers=True,
            appoints=True,
        ),
        # Started work is paused, and continues from where it was; delivered services remain delivered.
        Move(
            MoveName.RETURN,
            _to(State.RETURNED, State.SUBMITTED, State.ACCEPTED) | _to(State.PAUSED, State.IN_PROGRESS),
            BY_STATION,
            Told(N_("The station asked for more")),
            note=REASON,
            answers=True,
            template=TemplateUse.RETURN,
        ),
        Move(
            MoveName.ANSWER,
            _to(State.SUBMITTED, State.RETURNED) | _to(State.IN_PROGRESS, State.PAUSED),
            BY_FIRM,
            Told(
                N_("The firm answered and submitted again"),
                suspended=N_("The firm answered, and work goes on"),
            ),
            note=Note(N_("Answer"), N_("Write your answer, so that the station can go on"), files=True),
            onward=True,
        ),
        Move(
            MoveName.REFUSE,
            _to(State.REFUSED, State.SUBMITTED),
            BY_STATION,
            Told(N_("The station refused")),
            note=REASON,
            answers=True,
            template=TemplateUse.REFUSE,
        ),
        # From a pause: the station got what it asked for in another way.
        Move(
            MoveName.START,
            _to(State.IN_PROGRESS, State.ACCEPTED, State.PAUSED),
            BY_STATION,
            Told(N_("Work began"), suspended=N_("Work goes on")),
            onward=True,
            resumes=N_("Go on with the work"),
        ),
        Move(
            MoveName.DELIVER,
            _to(State.DELIVERED, State.IN_PROGRESS),
            BY_ITSELF,
            Told(N_("All services are delivered")),
        ),
        Move(
            MoveName.CLOSE,
            _to(State.CLOSED, State.DELIVERED),
            BY_FIRM,
            Told(N_("The firm confirmed and closed")),
            onward=True,
        ),
        Move(
            MoveName.CANCEL,
            _to(State.CANCELLED, State.SUBMITTED, State.RETURNED, State.ACCEPTED),
            BY_FIRM,
            Told(N_("The firm cancelled")),
            note=REASON,
        ),
        # The new station starts from the beginning; see ``transfer``.
        Move(
            MoveName.TRANSFER,
            _to(State.SUBMITTED, State.SUBMITTED, State.ACCEPTED),
            BY_STATION,
            Told(N_("Handed over to another station"), naming=N_("Handed over to {station}")),
            note=REASON,
            alone=False,
        ),
        # A service that was delivered but is not done; see ``reopening``.
        Move(
            MoveName.REOPEN,
            _to(State.IN_PROGRESS, State.IN_PROGRESS, State.DELIVERED, State.CLOSED),
            BY_FIRM,
            Told(N_("The firm reopened a service"), naming=N_("The firm reopened “{service}”")),
            note=REASON,
            alone=False,
        ),
        Move(
            MoveName.REMIND,
            _within(State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS),
            BY_FIRM,
            Told(N_("The firm sent a reminder")),
            alone=False,
        ),
        # Some of the services become a separate request; see ``splitting``.
        Move(
            MoveName.SPLIT,
            _within(State.SUBMITTED, State.ACCEPTED),
            BY_STATION,
            Told(N_("Services were handed to another station as a request of their own")),
            note=REASON,
            alone=False,
        ),
        # One of the stewards becomes responsible, or nobody in particular; see ``assigning``.
        Move(
            MoveName.ASSIGN,
            _within(*(state for state in State if state not in FINAL)),
            BY_STATION,
            Told(N_("A steward was named"), unnoted=N_("Given back to all stewards of the station")),
            alone=False,
            silent=True,
        ),
    )
}


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
        raise InvalidInput("note", move.note.wanted)
    read_text("note", note, limit=NOTE_LIMIT, required=False)
    return move
