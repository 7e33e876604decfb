"""Taking back an act on many requests, while nothing followed.

Each request is put back as it was, by itself. Something has followed if anybody took a step, wrote, or answered since,
or if the firm was told already. The steps leave the request's course, since deadlines and evaluation are read from it;
who took back what and when stays on the record of the request and in the audit log.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.changes.kinds import Happening
from stations.database import reading
from stations.duty.roles import Action, Actor, require, signed_in
from stations.errors import Conflict, NotFound
from stations.language import N_
from stations.notices.outbox import Notice, NoticeState
from stations.registry.station import Station
from stations.requests.bulk import Outcome, each_by_itself
from stations.requests.bulk_record import BulkAct, BulkActItem, BulkKind, last_message
from stations.requests.deadlines import settle
from stations.requests.feed_entry import tell_feed
from stations.requests.lookup import with_everything
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from stations.requests.steps import check_not_erased
from stations.requests.urging import Urging, withdraw_urging

_FOLLOWED = N_("Something has followed: somebody acted on the request since")


def take_back(engine: Engine, actor: Actor | None, act_id: int, *, now: datetime) -> list[Outcome]:
    """Take an act of the actor's back, request by request. Return what came of each.

    Raises:
        NotFound: there is no such act of the actor's, or all of it was taken back.
        NotAllowed: nobody is signed in.
    """
    who = signed_in(actor)
    with reading(engine) as session:
        act = session.scalar(select(BulkAct).where(BulkAct.id == act_id, BulkAct.username == who.username))
        waiting = (
            [] if act is None else [(item.request.number, item.id) for item in act.items if not item.taken_back_at]
        )
    if not waiting:
        raise NotFound(N_("There is nothing of yours to take back"))
    return each_by_itself(engine, waiting, lambda session, _number, item_id: _take_back_one(session, who, item_id, now))


def _take_back_one(session: Session, actor: Actor, item_id: int, now: datetime) -> None:
    item = session.get_one(BulkActItem, item_id, with_for_update=True)
    mine = with_everything(select(ServiceRequest)).where(ServiceRequest.id == item.request_id)
    request = session.scalars(mine.with_for_update(of=ServiceRequest)).one()
    check_not_erased(request)
    # Its present station may lie elsewhere after a transfer: the duty is that over the station it came from.
    before = session.get_one(Station, item.before["station_id"])
    require(actor, Action.ANSWER_REQUESTS, before.area)
    if item.taken_back_at or request.version != item.version or last_message(session, request) != item.message_id:
        raise Conflict(_FOLLOWED)
    left = request.station.area
    if item.act.kind is BulkKind.URGE:
        urging = session.get_one(Urging, item.urging_id)
        withdraw_urging(session, actor, urging.id, version=urging.version, now=now)
    else:
        _drop_notices(session, request, item)
        if item.act.kind is BulkKind.MESSAGE:
            request.messages = [one for one in request.messages if one.id != item.message_id]
        else:
            _put_back(request, item.before, before)
        request.version += 1
        request.updated_at = now
        settle(request)
        tell_feed(session, request, Happening.TAKEN_BACK, actor=actor.username, now=now, left=left)
    item.taken_back_at, item.taken_back_by = now, actor.username
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.TAKE_BACK,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        kind=item.act.kind.value,
    )


def _put_back(request: ServiceRequest, before: dict[str, Any], station: Station) -> None:
    request.events = request.events[: before["events"]]
    request.state = next(state for state in State if state == before["state"])
    request.station = station
    for column in ("steward", "steward_username", "routing"):
        setattr(request, column, before[column])
    for item in request.items:
        item.institution_id, item.partner_station_id, item.performer = before["items"][item.service_code]


def _drop_notices(session: Session, request: ServiceRequest, item: BulkActItem) -> None:
    """Drop what the firm was not told yet.

    Raises:
        Conflict: it was told, or a notice is on its way.
    """
    keys = [f"request:{request.number}:step:{event.position}" for event in request.events[item.before["events"] :]]
    if item.act.kind is BulkKind.MESSAGE:
        keys.append(f"request:{request.number}:message:{item.message_id}")
    if _is_told(session, keys):
        raise Conflict(N_("The firm was told of it already"))
    session.execute(delete(Notice).where(Notice.key.in_(keys)))


def _is_told(session: Session, keys: Collection[str]) -> bool:
    told = select(Notice.id).where(
        Notice.key.in_(keys), (Notice.state == NoticeState.SENT) | (Notice.tries > 0) | Notice.lease.is_not(None)
    )
    return session.scalar(told.limit(1)) is not None
