"""Writing one step of a request: state, event, deadlines, notice and audit entry in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail, LoggedAction
from stations.changes.kinds import Happening
from stations.errors import Conflict, Outdated
from stations.language import N_
from stations.registry.station import Station
from stations.requests.answering_office import tell_office
from stations.requests.deadlines import settle
from stations.requests.feed_entry import tell_feed
from stations.requests.moves import MOVES, MoveName
from stations.requests.notice_way import ask_to_confirm
from stations.requests.request_notices import tell_of_step
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import Party, State

MOVED_ON = N_("The request has moved on meanwhile; look at it again before you act")

SENT_TWICE_WITHIN = timedelta(seconds=10)
"""The same step by the same person within this time is a form sent twice, not a second intention."""
_STEPS_OF_A_DELIVERY = 3
"""Work begins, the service is delivered, and with the last service the request."""


def lock(session: Session, request: ServiceRequest, version: int) -> ServiceRequest:
    """Lock the request until the transaction ends, and return it.

    Raises:
        Outdated: it no longer has that version.
    """
    session.refresh(request, with_for_update=True)
    check_version(request, version)
    return request


def check_version(request: ServiceRequest, version: int) -> None:
    """Check that a locked request has that version, and that its data is not erased.

    Raises:
        Outdated: it no longer has that version.
        Conflict: nothing can be done with it any more.
    """
    check_not_erased(request)
    if request.version != version:
        raise Outdated(MOVED_ON)


def check_not_erased(request: ServiceRequest) -> None:
    """Check that the data of a request is not erased.

    Raises:
        Conflict: it is, so nothing can be done with it any more.
    """
    if request.erased_at is not None:
        raise Conflict(N_("The data of this request was erased; nothing more can be done with it"))


def is_done_already(
    session: Session,
    request: ServiceRequest,
    name: MoveName | None,
    actor: str,
    note: str,
    *,
    version: int,
    now: datetime,
    service: str = "",
) -> bool:
    """Whether the same person took the same step on that version a moment ago: a form sent twice by a double click.

    Locks the request until the transaction ends. ``name`` None: the delivery of ``service``, with which work may begin
    and end. A blank ``note`` counts as the same, because the first of the two may have emptied the field.
    """
    session.refresh(request, with_for_update=True)
    steps = request.version - version
    if not 1 <= steps <= (1 if name else _STEPS_OF_A_DELIVERY):
        return False
    taken = request.events[-steps:]
    return all(event.actor == actor and timedelta() <= now - event.at <= SENT_TWICE_WITHIN for event in taken) and any(
        event.move is name
        and (event.item.service_code if event.item else "") == service
        and note.strip() in {"", event.note}
        for event in taken
    )


def begin(session: Session, request: ServiceRequest) -> None:
    """Start a request that was just added to the session: set its station and deadlines, and send a notice, or ask for
    confirmation of the address for notices.

    The caller has written the request itself and its first event.
    """
    filing = request.events[0]
    filing.station = request.station
    settle(request)
    session.flush()  # the number of a version is given by then
    tell_feed(session, request, Happening.FILED, actor=filing.actor, now=filing.at)
    if request.notice_confirmed_at is None and request.split_from is None:  # a part's address is its request's
        ask_to_confirm(session, request, filing.at)
    tell_of_step(session, request, filing)
    tell_office(session, request, filing.at)


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
    told: Detail | None = None,
    taken_over: bool = False,
) -> RequestEvent:
    """Make a move that was checked. Return its event. ``told``: further details for the audit log. ``taken_over``: an
    office makes it in the station's place.

    Raises:
        Conflict: the request is in none of the states from which the move starts.
    """
    move = MOVES[name]
    if request.state not in move.sources:
        raise Conflict(MOVED_ON)
    target = move.leads_to(request.state)
    return _write(session, request, name, target, party, actor, note, now, item, station, told, taken_over)


def write_delivery(
    session: Session, request: ServiceRequest, item: RequestItem, actor: str, now: datetime
) -> RequestEvent:
    """Write the delivery of one service; the request stays in its state. Return its event."""
    return _write(session, request, None, request.state, Party.STATION, actor, item.result or "", now, item, None)


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
    told: Detail | None = None,
    taken_over: bool = False,
) -> RequestEvent:
    before = next((event.station for event in reversed(request.events) if event.station), request.station)
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
        taken_over=taken_over,
    )
    request.events.append(event)
    request.state = target
    request.version += 1
    request.updated_at = now
    settle(request)
    action: LoggedAction = name or AuditAction.DELIVER_ITEM
    about = told.copy() if told else Detail()
    if item is not None:
        about["service"] = item.service_code
    if station is not None:
        about["station"] = station.code
    log.record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        **about,
    )
    happening = Happening.MOVED if name else Happening.DELIVERED
    tell_feed(session, request, happening, actor=actor, now=now, left=before.area)
    tell_of_step(session, request, event)
    return event
