"""Writing down one step of a request: state, event, deadlines, notice and audit in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from stations.audit import log
from stations.errors import Conflict
from stations.language import N_
from stations.registry.station import Station
from stations.requests.deadlines import settle
from stations.requests.moves import MOVES, MoveName, Party, State
from stations.requests.request_notices import tell_of_step
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest

MOVED_ON = N_("The request has moved on meanwhile; look at it again before you act")


def lock(session: Session, request: ServiceRequest, version: int) -> ServiceRequest:
    """Hold the request until the transaction ends.

    Raises:
        Conflict: it is not in that version any more.
    """
    session.refresh(request, with_for_update=True)
    if request.version != version:
        raise Conflict(MOVED_ON)
    return request


def begin(session: Session, request: ServiceRequest) -> None:
    """Let a request that was just filed, and stands in the session, start: who answers it, by when, and
    a notice of it. The request itself and its first event are written by whoever files it."""
    request.events[0].station = request.station
    settle(request)
    tell_of_step(session, request, request.events[0])


def take_step(
    session: Session,
    request: ServiceRequest,
    name: MoveName,
    party: Party,
    actor: str,
    note: str,
    now: datetime,
    *,
    item: RequestItem | None = None,
    station: Station | None = None,
    **told: Any,
) -> RequestEvent:
    """Make a move that was checked, as far as its table entry goes; the event that tells of it. ``told``:
    what the audit log tells of it besides.

    Raises:
        Conflict: the request is in none of the states the move starts from.
    """
    move = MOVES[name]
    if request.state not in move.sources:
        raise Conflict(MOVED_ON)
    return _write(session, request, name, move.leads_to(request.state), party, actor, note, now, item, station, **told)


def write_delivery(
    session: Session, request: ServiceRequest, item: RequestItem, actor: str, now: datetime
) -> RequestEvent:
    """Write down that one service of a request in progress is delivered; the event that tells of it."""
    return _write(session, request, None, State.IN_PROGRESS, Party.STATION, actor, item.result, now, item, None)


def _write(
    session: Session,
    request: ServiceRequest,
    name: MoveName | None,
    target: State,
    party: Party,
    actor: str,
    note: str,
    now: datetime,
    item: RequestItem | None,
    station: Station | None,
    **told: Any,
) -> RequestEvent:
    event = RequestEvent(
        position=len(request.events),
        at=now,
        party=party,
        actor=actor,
        move=name,
        source=request.state,
        target=target,
        item=item,
        station=station,
        note=note.strip(),
    )
    request.events.append(event)
    request.state = target
    request.version += 1
    request.updated_at = now
    settle(request)
    log.record(
        session,
        at=now,
        actor=actor,
        action=name.value if name else "deliver_item",
        subject_kind="service_request",
        subject=request.number,
        **({"service": item.service_code} if item else {}),
        **({"station": station.code} if station else {}),
        **told,
    )
    tell_of_step(session, request, event)
    return event
