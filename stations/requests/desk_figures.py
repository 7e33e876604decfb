"""The figures at the head of the work desk: how many requests in somebody's duty wait, are overdue, or are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from stations.duty.roles import Actor
from stations.requests.queue import QueueFilter, conditions_of, seen_by
from stations.requests.service_request import ServiceRequest
from stations.requests.states import STATIONS_TURN


@dataclass(frozen=True)
class DeskFigures:
    """Numbers of requests in an actor's duty.

    ``waiting``: it is the station's turn. ``overdue``: the due date has passed. ``escalated``: escalated to a level of
    the actor's duties. ``mine``: it is the station's turn, and the actor is the steward or of the office that answers.
    ``urged``: an urging awaits its answer, ``to_answer``: from somebody of the actor's level.
    """

    waiting: int
    overdue: int
    escalated: int
    mine: int
    urged: int
    to_answer: int


def desk_figures(session: Session, actor: Actor, *, samples: bool, today: date) -> DeskFigures:
    """Return the figures of all requests in the actor's duty on the day ``today``, counted in one query."""
    wanted = {
        "waiting": QueueFilter(states=STATIONS_TURN),
        "overdue": QueueFilter(overdue_on=today),
        "escalated": QueueFilter(escalated=True),
        "mine": QueueFilter(mine=True, states=STATIONS_TURN),
        "urged": QueueFilter(urged=True),
        "to_answer": QueueFilter(urged_to_answer=True),
    }
    counted = [func.count().filter(and_(*conditions_of(actor, one))) for one in wanted.values()]
    statement = select(*counted).select_from(ServiceRequest).join(ServiceRequest.station)
    numbers = session.execute(statement.where(seen_by(actor, samples))).one()
    return DeskFigures(**dict(zip(wanted, numbers, strict=True)))
