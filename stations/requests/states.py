"""The states of a service request, as one table: who has to act, what is due, how each state is shown.

Pages, queries and rules use this table. A new state needs a member here with its facts, the moves to and from it in
``stations.requests.moves``, and a migration of the columns' CHECK constraints.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from stations.language import N_, LabelledEnum


class Party(LabelledEnum):
    """A party to a request."""

    FIRM = "firm", N_("Firm")
    STATION = "station", N_("Station")


class DueKind(StrEnum):
    """What is due."""

    ACCEPT = "accept"
    TAKE_UP = "take_up"
    DELIVER = "deliver"
    REPLY = "reply"
    FIRM_ANSWER = "firm_answer"
    FIRM_CONFIRM = "firm_confirm"


_OF_THE_FIRM = frozenset({DueKind.FIRM_ANSWER, DueKind.FIRM_CONFIRM})


@dataclass(frozen=True)
class Facts:
    """The facts of a state.

    ``due``: what somebody has to do next; None: the request is finished, nothing is due and nothing can be written.
    ``to_firm``, ``to_station``: messages to each side about the next step. ``tone``: the colour of its tag. ``step``:
    the value of the state of the ordinary course as which it is shown; empty: the request has left that course.
    ``done``: whether all services are delivered. ``suspends``: work has begun and stands still. ``withdrawn``: the firm
    has taken the request back, so that what was late by then is not held against the station.
    """

    due: DueKind | None
    to_firm: str
    to_station: str
    tone: Literal["", "good", "warn", "bad"] = ""
    step: str = ""
    done: bool = False
    suspends: bool = False
    withdrawn: bool = False


class State(LabelledEnum):
    """The state of a request. ``PAUSED``: work has begun and waits for the firm's answer."""

    facts: Facts

    def __new__(cls, value: str, label: str, facts: Facts) -> Self:
        member = str.__new__(cls, value)  # ``LabelledEnum.__new__`` is not available while members are created
        member._value_ = value
        member.label, member.facts = label, facts
        return member

    SUBMITTED = (
        "submitted",
        N_("Submitted"),
        Facts(
            due=DueKind.ACCEPT,
            to_firm=N_("The station reads your request and takes it on, asks for more, or says why it can't."),
            to_station=N_("It is your turn: accept it, ask for what is missing, or refuse with a reason."),
            tone="warn",
            step="submitted",
        ),
    )
    ACCEPTED = (
        "accepted",
        N_("Taken on"),
        Facts(
            due=DueKind.DELIVER,
            to_firm=N_("The station has taken it on and prepares the work."),
            to_station=N_("It is your turn: start the work, and deliver each service when it is done."),
            step="accepted",
        ),
    )
    IN_PROGRESS = (
        "in_progress",
        N_("In progress"),
        Facts(
            due=DueKind.DELIVER,
            to_firm=N_("The services are being done; each is delivered by itself."),
            to_station=N_("It is your turn: deliver the services that are still open."),
            step="in_progress",
        ),
    )
    PAUSED = (
        "paused",
        N_("In progress, waits for the firm"),
        Facts(
            due=DueKind.FIRM_ANSWER,
            to_firm=N_("It is your turn: the work waits for what the station asked for. Answer below."),
            to_station=N_("The firm's answer is awaited; the days for delivery stand still."),
            tone="warn",
            step="in_progress",
            suspends=True,
        ),
    )
    DELIVERED = (
        "delivered",
        N_("Delivered"),
        Facts(
            due=DueKind.FIRM_CONFIRM,
            to_firm=N_("It is your turn: look at what was delivered, then confirm and close."),
            to_station=N_("The firm's confirmation is awaited."),
            tone="good",
            step="delivered",
            done=True,
        ),
    )
    CLOSED = (
        "closed",
        N_("Closed"),
        Facts(
            due=None,
            to_firm=N_("You have confirmed what was delivered. The request is closed."),
            to_station=N_("The firm has confirmed. The request is closed."),
            tone="good",
            step="closed",
            done=True,
        ),
    )
    RETURNED = (
        "returned",
        N_("Returned for more information"),
        Facts(
            due=DueKind.FIRM_ANSWER,
            to_firm=N_("It is your turn: the station needs more from you. Answer below and submit again."),
            to_station=N_("The firm's answer is awaited."),
            tone="warn",
        ),
    )
    REFUSED = (
        "refused",
        N_("Refused"),
        Facts(
            due=None,
            to_firm=N_("The station can't take this on; its reason stands below. You can ask another station."),
            to_station=N_("The station has refused this request."),
            tone="bad",
        ),
    )
    CANCELLED = (
        "cancelled",
        N_("Cancelled"),
        Facts(
            due=None,
            to_firm=N_("You have cancelled this request."),
            to_station=N_("The firm has cancelled this request."),
            tone="bad",
            withdrawn=True,
        ),
    )

    @property
    def turn(self) -> Party | None:
        """The party that has to act next; None if the request is finished."""
        if self.facts.due is None:
            return None
        return Party.FIRM if self.facts.due in _OF_THE_FIRM else Party.STATION

    @property
    def open(self) -> bool:
        """Whether some of the services are still to be done."""
        return self.facts.due is not None and not self.facts.done

    @property
    def deliverable(self) -> bool:
        """Whether a service of the request can be delivered."""
        return self.facts.due is DueKind.DELIVER

    @property
    def suspends(self) -> bool:
        """Whether work has begun and stands still until the firm answers."""
        return self.facts.suspends

    def next_step(self, party: Party) -> str:
        """Return the message that tells ``party`` about the next step."""
        return self.facts.to_firm if party is Party.FIRM else self.facts.to_station


OPEN = frozenset(state for state in State if state.open)
"""States in which services are still to be done."""

STATIONS_TURN = frozenset(state for state in State if state.turn is Party.STATION)
"""States in which the station has to act next."""

FINAL = frozenset(state for state in State if state.facts.due is None)
"""States in which nothing is due and nothing can be written. A closed request can be reopened for a while."""

WITHDRAWN = frozenset(state for state in State if state.facts.withdrawn)
"""States in which the firm has taken the request back: the station is not judged by it."""

COURSE = tuple(state for state in State if state.facts.step == state.value)
"""The states of the ordinary course of a request, in order."""
