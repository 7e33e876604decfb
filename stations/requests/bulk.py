"""One act on many requests: asked about before, done for each by itself, and taken back while nothing followed.

``foresee`` does everything and keeps nothing, so that what a person is asked about is what will happen. ``do_all`` does
each request in its own transaction, so that a failure does not affect the others, and remembers the act
(``stations.requests.bulk_record``), so that ``stations.requests.bulk_undo`` can take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.duty.roles import Actor, signed_in
from stations.errors import DomainError, InvalidInput
from stations.language import N_
from stations.requests.assigning import assign
from stations.requests.bulk_record import BulkAct, BulkKind, remember, state_of
from stations.requests.handling import move_as_station, write_as_station
from stations.requests.lookup import with_everything
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.transfer import transfer
from stations.requests.urging import Urging, UrgingForm, urge

MOST = 100
Picked = tuple[str, int]
"""A request's number, and its version that the actor saw."""
Step = Callable[[Session, Actor | None, str, int, datetime], object]
"""Does it to one request: session, actor, number, version, now."""


@dataclass(frozen=True)
class Outcome:
    """The result for one request: done, or the problem."""

    number: str
    problem: DomainError | None = None


@dataclass(frozen=True)
class BulkAction:
    """What is to be done to each request."""

    kind: BulkKind
    step: Step


@dataclass(frozen=True)
class BulkResult:
    """The outcomes in the order of the requests. ``act``: by which it can be taken back; None if nothing was done."""

    outcomes: tuple[Outcome, ...]
    act: int | None


def accepting() -> BulkAction:
    """Return the act that accepts each request; one of an office takes over and makes nobody a steward."""
    return BulkAction(
        BulkKind.ACCEPT,
        lambda session, actor, number, version, now: move_as_station(
            session, actor, number, MoveName.ACCEPT, version=version, now=now
        ),
    )


def assigning(username: str) -> BulkAction:
    """Return the act that assigns each request to that steward ("": to nobody)."""
    return BulkAction(
        BulkKind.ASSIGN,
        lambda session, actor, number, version, now: assign(session, actor, number, username, version=version, now=now),
    )


def handing_over(station_code: str, note: str) -> BulkAction:
    """Return the act that hands each request over to that station."""
    return BulkAction(
        BulkKind.TRANSFER,
        lambda session, actor, number, version, now: transfer(
            session, actor, number, station_code, version=version, note=note, now=now
        ),
    )


def writing(text: str) -> BulkAction:
    """Return the act that writes the same message to each firm."""
    return BulkAction(
        BulkKind.MESSAGE,
        lambda session, actor, number, _version, now: write_as_station(session, actor, number, text, now=now),
    )


def urging(form: UrgingForm) -> BulkAction:
    """Return the act that urges about each request."""
    return BulkAction(
        BulkKind.URGE, lambda session, actor, number, _version, now: urge(session, actor, number, form, now=now)
    )


def foresee(
    engine: Engine, actor: Actor | None, action: BulkAction, picked: Sequence[Picked], *, now: datetime
) -> list[Outcome]:
    """Return what would come of each request, and change nothing.

    Raises:
        InvalidInput: none is picked, or more than ``MOST``.
    """
    _check_number(picked)
    outcomes = []
    with transaction(engine) as session:
        for number, version in picked:
            attempt = session.begin_nested()
            try:
                action.step(session, actor, number, version, now)
                session.flush()
                outcomes.append(Outcome(number))
            except DomainError as problem:
                outcomes.append(Outcome(number, problem))
            attempt.rollback()
            session.expunge_all()
        session.rollback()
    return outcomes


def do_all(
    engine: Engine, actor: Actor | None, action: BulkAction, picked: Sequence[Picked], *, now: datetime
) -> BulkResult:
    """Do it to each of the requests.

    Raises:
        InvalidInput: none is picked, or more than ``MOST``; then nothing is done.
        NotAllowed: nobody is signed in.
    """
    _check_number(picked)
    who = signed_in(actor)
    with transaction(engine) as session:
        act = BulkAct(kind=action.kind, at=now, username=who.username)
        session.add(act)
        session.flush()
        act_id = act.id
    outcomes = each_by_itself(
        engine,
        picked,
        lambda session, number, version: _do_one(session, act_id, who, action, number, version, now),
    )
    if any(one.problem is None for one in outcomes):
        return BulkResult(tuple(outcomes), act_id)
    with transaction(engine) as session:
        session.delete(session.get_one(BulkAct, act_id))
    return BulkResult(tuple(outcomes), None)


def each_by_itself(
    engine: Engine, which: Iterable[tuple[str, int]], act: Callable[[Session, str, int], None]
) -> list[Outcome]:
    """Do something to each of several requests, in a transaction of its own. Return what came of each.

    ``which``: pairs of a request's number and what else ``act`` is called with.
    """
    outcomes = []
    for number, further in which:
        try:
            with transaction(engine) as session:
                act(session, number, further)
        except DomainError as problem:
            outcomes.append(Outcome(number, problem))
        else:
            outcomes.append(Outcome(number))
    return outcomes


def _do_one(
    session: Session, act_id: int, actor: Actor, action: BulkAction, number: str, version: int, now: datetime
) -> None:
    mine = with_everything(select(ServiceRequest)).where(ServiceRequest.number == number)
    request = session.scalar(mine)
    before = state_of(request) if request is not None else {}
    made = action.step(session, actor, number, version, now)
    session.flush()
    if request is not None:
        remember(session, act_id, request, before, urging_id=made.id if isinstance(made, Urging) else None)


def _check_number(picked: Sequence[Picked]) -> None:
    if not picked:
        raise InvalidInput("picked", N_("Pick at least one request"))
    if len(picked) > MOST:
        raise InvalidInput("picked", N_("At most {most} requests at once"), most=MOST)
