"""The figures at the head of the work desk: how many requests in somebody's duty wait, are overdue, or are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ScalarSelect, and_, func, select, true
from sqlalchemy.orm import Session

from stations.duty.roles import Actor
from stations.requests.queue import EVERYTHING, QueueFilter, conditions_of, seen_by
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
    turn = QueueFilter(states=STATIONS_TURN)
    counted = {
        "waiting": (turn, EVERYTHING),
        "overdue": (QueueFilter(overdue_on=today), EVERYTHING),
        "escalated": (QueueFilter(escalated=True), EVERYTHING),
        "mine": (turn, QueueFilter(mine=True)),
        "urged": (QueueFilter(urged=True), EVERYTHING),
        "to_answer": (QueueFilter(urged_to_answer=True), EVERYTHING),
    }

    def count(sought: QueueFilter, among: QueueFilter) -> ScalarSelect[int]:
        chosen = func.count().filter(and_(true(), *conditions_of(actor, among)))
        statement = select(chosen).select_from(ServiceRequest).join(ServiceRequest.station)
        return statement.where(seen_by(actor, samples), *conditions_of(actor, sought)).scalar_subquery()

    # Each is counted by itself, among the few requests that an index finds of very many.
    numbers = session.execute(select(*(count(*one) for one in counted.values()))).one()
    return DeskFigures(**dict(zip(counted, numbers, strict=True)))
