"""What a firm can do if it is not satisfied with the station's work: remind it, or reopen a service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from stations.errors import Conflict, InvalidInput
from stations.language import N_, day_in_china
from stations.requests.deadlines import reminding_begins, reopening_ends
from stations.requests.handling import FIRM
from stations.requests.lookup import Proof, look_up
from stations.requests.moves import MOVES, MoveName, check_move
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import Party
from stations.requests.steps import lock, take_step


def items_to_reopen(request: ServiceRequest, today: date) -> list[RequestItem]:
    """Return the delivered services that the firm can still reopen."""
    ends = reopening_ends(request)
    if ends is None or today > ends.day or request.state not in MOVES[MoveName.REOPEN].sources:
        return []
    return [item for item in request.items if item.delivered_at is not None]


def reopen(
    session: Session,
    number: str,
    proof: Proof,
    service_code: str,
    *,
    version: int,
    note: str,
    now: datetime,
) -> ServiceRequest:
    """Reopen a delivered service that is not done.

    The station has to deliver it again; the earlier delivery remains readable in the request's steps.

    Raises:
        NotFound: number or proof is wrong.
        Conflict: the request has moved on, or the time for reopening is over.
        InvalidInput: no reason is given (field ``note``), or the service was not delivered (field ``service_code``).
    """
    request = lock(session, look_up(session, number, proof, now=now), version)
    check_move(MoveName.REOPEN, Party.FIRM, request.state, note)
    ends = reopening_ends(request)
    if ends is not None and day_in_china(now) > ends.day:
        raise Conflict(N_("The time for reopening is over; please file a new request"))
    offered = items_to_reopen(request, day_in_china(now))
    item = next((item for item in offered if item.service_code == service_code), None)
    if item is None:
        raise InvalidInput("service_code", N_("Choose a service that was delivered"))
    item.delivered_at = item.result = None
    take_step(session, request, MoveName.REOPEN, Party.FIRM, FIRM, note, now, item=item)
    return request


def may_remind(request: ServiceRequest, today: date) -> bool:
    """Whether the firm can remind the station today."""
    return request.state in MOVES[MoveName.REMIND].sources and today >= reminding_begins(request).day


def remind(
    session: Session, number: str, proof: Proof, *, version: int, note: str = "", now: datetime
) -> ServiceRequest:
    """Remind the station, and the administrators above it, that the request waits (催办).

    The reminder is shown at their work desks until the station takes a step.

    Raises:
        NotFound: number or proof is wrong.
        Conflict: the request has moved on or waits for the firm itself, or the last step or reminder is too recent.
        InvalidInput: the note is too long.
    """
    request = lock(session, look_up(session, number, proof, now=now), version)
    check_move(MoveName.REMIND, Party.FIRM, request.state, note)
    if not may_remind(request, day_in_china(now)):
        raise Conflict(
            N_("Something happened only lately; you can remind the station from {day} on"),
            day=reminding_begins(request).day.isoformat(),
        )
    take_step(session, request, MoveName.REMIND, Party.FIRM, FIRM, note, now)
    return request
