"""Assigning a request to one of its station's stewards, or back to all of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from stations.duty.roles import Action, Actor, signed_in
from stations.errors import InvalidInput
from stations.language import N_
from stations.requests.handling import hold_for_answer
from stations.requests.moves import MoveName, check_move
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party
from stations.requests.steps import take_step
from stations.requests.stewards import stewards_of


def assign(
    session: Session, actor: Actor | None, number: str, username: str, *, version: int, now: datetime
) -> ServiceRequest:
    """Assign the request to one of the station's stewards; with an empty ``username``, to nobody in particular.

    This becomes a step of the request, with the name as its note, which the firm sees. No deadline changes and no
    notice is sent.

    Raises:
        NotFound, NotAllowed, Conflict: as for every step of a station; a finished request can't be assigned.
        InvalidInput: the station has no active steward with this user name (field ``username``).
    """
    request = hold_for_answer(session, actor, number, version, Action.ANSWER_REQUESTS)
    actor = signed_in(actor)
    check_move(MoveName.ASSIGN, Party.STATION, request.state, "")
    steward = next((user for user in stewards_of(session, request.station) if user.username == username), None)
    if username and steward is None:
        raise InvalidInput(
            "username",
            N_("“{name}” has no steward of that user name; choose one of its stewards"),
            name=request.station.name,
        )
    before = request.steward_username
    if before == (username or None):
        return request
    request.steward_username = username or None
    request.steward = steward.name if steward else None
    take_step(
        session,
        request,
        MoveName.ASSIGN,
        Party.STATION,
        actor.username,
        request.steward or "",
        now,
        told={"before": before or "", "after": username},
    )
    return request
