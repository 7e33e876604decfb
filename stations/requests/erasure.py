"""Erasing what a request says of people and of its firm, once it has ended.

What statistics need stays: services, county, station, dates, moves and grades. Names of the station's own people stay
with what they did in office. Erased is, where law or the firm no longer needs it kept:

- after the time in ``stations.retention``, by the daily job;
- when the firm asks for it (Personal Information Protection Law, article 47).

What is left can't be traced to the firm by this portal, and nobody can open it with its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.database import Base, transaction
from stations.errors import Conflict
from stations.language import N_
from stations.notices.outbox import Notice
from stations.requests.attachments import Attachment
from stations.requests.code_session import OpenedRequest
from stations.requests.lookup import Proof, look_up
from stations.requests.rating import Rating
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import FINAL, Party
from stations.retention import kept_for

BLANKED: Mapping[type[Base], Mapping[str, Any]] = {
    ServiceRequest: {
        **dict.fromkeys(("code_hash", "firm_name", "credit_code", "contact_name", "phone"), ""),
        **dict.fromkeys(("product", "description"), ""),
        **dict.fromkeys(("email", "lon", "lat", "routing", "notice_channel", "notice_address")),
    },
    RequestItem: {"quantity": "", "remarks": "", "performer": None, "result": None},
    RequestEvent: {"note": ""},
    Rating: {"comment": ""},
}
"""For each table of a request, what its columns hold afterwards. Messages, files, notices and open browsers are
deleted."""

JOB = "portal"
_AT_A_TIME = 50


def erase_as_firm(session: Session, number: str, proof: Proof, *, now: datetime) -> None:
    """Erase what an ended request says of its firm, as the firm asks.

    Raises:
        NotFound: the number or the proof is wrong.
        Conflict: the request has not ended, or is a sample.
    """
    request = look_up(session, number, proof, now=now)
    if request.sample:
        raise Conflict(N_("This is a sample; there is nobody's data in it"))
    if request.state not in FINAL:
        raise Conflict(N_("The request has not ended yet; withdraw it or wait for its end, then erase the data"))
    erase(session, request, actor="firm", now=now)


def erase(session: Session, request: ServiceRequest, *, actor: str, now: datetime) -> None:
    """Erase what a request says of people and of its firm, and note in the audit log that this was done."""
    ratings = session.scalars(select(Rating).where(Rating.request_id == request.id))
    for row in (request, *request.items, *request.events, *ratings):
        for column, blank in BLANKED[type(row)].items():
            setattr(row, column, blank)
    for event in request.events:
        if event.party is Party.FIRM:
            event.actor = "firm"
    request.erased_at = request.updated_at = now
    session.execute(delete(RequestMessage).where(RequestMessage.request_id == request.id))
    session.execute(delete(Attachment).where(Attachment.request_id == request.id))
    session.execute(delete(OpenedRequest).where(OpenedRequest.request_id == request.id))
    session.execute(delete(Notice).where(Notice.key.startswith(f"request:{request.number}:", autoescape=True)))
    log.record(
        session, at=now, actor=actor, action="erase_request", subject_kind="service_request", subject=request.number
    )


def erase_expired(engine: Engine, *, now: datetime) -> int:
    """Erase every ended request whose time is over, a few in each transaction. Return their number."""
    over = (
        ServiceRequest.erased_at.is_(None)
        & ServiceRequest.sample.is_(False)
        & ServiceRequest.state.in_(FINAL)
        & (ServiceRequest.updated_at < now - kept_for("request"))
    )
    erased = 0
    while True:
        with transaction(engine) as session:
            some = list(
                session.scalars(
                    select(ServiceRequest).where(over).order_by(ServiceRequest.id).limit(_AT_A_TIME).with_for_update()
                )
            )
            for request in some:
                erase(session, request, actor=JOB, now=now)
        erased += len(some)
        if len(some) < _AT_A_TIME:
            return erased
