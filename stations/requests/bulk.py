"""The same action on many requests, each in its own transaction, so that a failure does not affect the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.duty.roles import Actor
from stations.errors import DomainError, InvalidInput
from stations.language import N_
from stations.requests.assigning import assign
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName

MOST = 100
Picked = tuple[str, int]
"""A request's number, and its version that the actor saw."""


@dataclass(frozen=True)
class Outcome:
    """The result for one request: done, or the problem."""

    number: str
    problem: DomainError | None = None


def accept_many(engine: Engine, actor: Actor | None, picked: Sequence[Picked], *, now: datetime) -> list[Outcome]:
    """Accept each of the requests. Return the results in their order.

    Raises:
        InvalidInput: none is picked, or more than ``MOST``; then nothing is done.
    """

    def accept(session: Session, number: str, version: int) -> object:
        return move_as_station(session, actor, number, MoveName.ACCEPT, version=version, now=now)

    return _each(engine, picked, accept)


def assign_many(
    engine: Engine, actor: Actor | None, picked: Sequence[Picked], username: str, *, now: datetime
) -> list[Outcome]:
    """Assign each of the requests to that steward ("": to nobody). Return the results in their order.

    Raises:
        InvalidInput: none is picked, or more than ``MOST``; then nothing is done.
    """

    def give(session: Session, number: str, version: int) -> object:
        return assign(session, actor, number, username, version=version, now=now)

    return _each(engine, picked, give)


def _each(engine: Engine, picked: Sequence[Picked], act: Callable[[Session, str, int], object]) -> list[Outcome]:
    if not picked:
        raise InvalidInput("picked", N_("Pick at least one request"))
    if len(picked) > MOST:
        raise InvalidInput("picked", N_("At most {most} requests at once"), most=MOST)
    outcomes = []
    for number, version in picked:
        try:
            with transaction(engine) as session:
                act(session, number, version)
        except DomainError as problem:
            outcomes.append(Outcome(number, problem))
        else:
            outcomes.append(Outcome(number))
    return outcomes
