"""The figures at the head of the work desk: how many requests in somebody's duty wait, are overdue, or are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.duty.roles import Actor
from stations.requests.queue import QueueFilter, count_requests
from stations.requests.states import STATIONS_TURN


@dataclass(frozen=True)
class DeskFigures:
    """Numbers of requests in an actor's duty.

    ``waiting``: it is the station's turn. ``overdue``: the due date has passed. ``escalated``: escalated to a level of
    the actor's duties. ``mine``: it is the station's turn, and the actor is the steward or of the office that answers.
    """

    waiting: int
    overdue: int
    escalated: int
    mine: int


def desk_figures(session: Session, actor: Actor, *, samples: bool, today: date) -> DeskFigures:
    """Return the figures of all requests in the actor's duty on the day ``today``."""

    def count(wanted: QueueFilter) -> int:
        return sum(count_requests(session, actor, wanted, samples=samples).values())

    return DeskFigures(
        waiting=count(QueueFilter(states=STATIONS_TURN)),
        overdue=count(QueueFilter(overdue_on=today)),
        escalated=count(QueueFilter(escalated=True)),
        mine=count(QueueFilter(mine=True, states=STATIONS_TURN)),
    )
