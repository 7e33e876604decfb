"""Erasing what a request says of people and of its firm, once it has ended.

What statistics need stays: services, county, station, dates, moves and grades. In place of the credit code stands a
pseudonym, so that firms can still be counted: a keyed hash, whose key is in the database. Names of the station's own
people stay with what they did in office. Erased is, where law or the firm no longer needs it kept:

- after the time in ``stations.retention``, by the daily job;
- when the firm asks for it (Personal Information Protection Law, article 47).

Nobody can open what is left with the request's code, and it leads to no other part of a request that was split.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Integer, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.changes.kinds import Happening
from stations.database import Base, reading
from stations.errors import Conflict
from stations.language import N_
from stations.notices.outbox import Notice
from stations.one_by_one import one_by_one
from stations.requests.attachments import Attachment
from stations.requests.bulk_record import BulkActItem
from stations.requests.code_session import OpenedRequest
from stations.requests.feed_entry import tell_feed
from stations.requests.idempotency import forget_secrets
from stations.requests.internal_notes import InternalNote
from stations.requests.lookup import Proof, look_up
from stations.requests.rating import Rating
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import FINAL, Party, State
from stations.requests.steps import lock
from stations.requests.urging import Urging
from stations.retention import kept_for

BLANKED: Mapping[type[Base], Mapping[str, Any]] = {
    ServiceRequest: {
        **dict.fromkeys(("code_hash", "firm_name", "contact_name", "phone"), ""),
        **dict.fromkeys(("product", "description"), ""),
        **dict.fromkeys(("email", "lon", "lat", "routing", "split_from_id")),
        **dict.fromkeys(("notice_channel", "notice_address", "notice_proof", "notice_confirmed_at")),
    },
    RequestItem: {"quantity": "", "remarks": "", "performer": None, "result": None},
    RequestEvent: {"note": ""},
    Rating: {"comment": ""},
    Urging: {"text": "", "answer": None},
}
"""For each table of a request, what its columns hold afterwards; the credit code becomes a pseudonym. Messages, files,
internal notes, notices, open browsers and what acts in bulk changed are deleted."""

ERASABLE = frozenset(state for state in State if state.turn is not Party.STATION)
"""States in which nobody at a station has anything to do: ended, or waiting for the firm."""


class PseudonymKey(Base):
    """The single row with the key of the pseudonyms of firms."""

    __tablename__ = "pseudonym_key"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)


def erase_as_firm(session: Session, number: str, proof: Proof, *, version: int, now: datetime) -> None:
    """Erase what a request that has ended or was delivered says of its firm, as the firm asks.

    Raises:
        NotFound: the number or the proof is wrong.
        Conflict: the station still has to do something, the request is a sample, or no longer has that version.
    """
    request = lock(session, look_up(session, number, proof, now=now), version)
    if request.sample:
        raise Conflict(N_("This is a sample; there is nobody's data in it"))
    if not may_erase(request.state):
        raise Conflict(N_("The request has not ended yet; withdraw it or wait for its end, then erase the data"))
    erase(session, request, actor=SystemActor.FIRM, now=now)


def may_erase(state: State) -> bool:
    """Whether a firm may have its request in that state erased: nothing is left to be done."""
    return state in FINAL or state.facts.done


def erase(session: Session, request: ServiceRequest, *, actor: str, now: datetime) -> None:
    """Erase what a locked request says of people and of its firm, and note in the audit log that this was done."""
    request.credit_code = _pseudonym(session, request.credit_code)
    ratings = session.scalars(select(Rating).where(Rating.request_id == request.id))
    urgings = session.scalars(select(Urging).where(Urging.request_id == request.id))
    for row in (request, *request.items, *request.events, *ratings, *urgings):
        for column, blank in BLANKED[type(row)].items():
            setattr(row, column, blank)
    for event in request.events:
        if event.party is Party.FIRM:
            event.actor = SystemActor.FIRM.value
    for part in request.split_off:
        part.split_from_id = None
    request.erased_at = request.updated_at = now
    request.version += 1
    session.execute(delete(RequestMessage).where(RequestMessage.request_id == request.id))
    session.execute(delete(InternalNote).where(InternalNote.request_id == request.id))
    session.execute(delete(BulkActItem).where(BulkActItem.request_id == request.id))
    session.execute(delete(Attachment).where(Attachment.request_id == request.id))
    session.execute(delete(OpenedRequest).where(OpenedRequest.request_id == request.id))
    forget_secrets(session, [request.number])
    session.execute(delete(Notice).where(Notice.key.startswith(f"request:{request.number}:", autoescape=True)))
    log.record(
        session,
        at=now,
        actor=actor,
        action=AuditAction.ERASE_REQUEST,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
    )
    tell_feed(session, request, Happening.ERASED, actor=actor, now=now)


def erase_expired(engine: Engine, *, now: datetime) -> int:
    """Erase every request to which nothing has happened for the time it is kept and at which no station has anything
    to do, each in a transaction of its own. Return their number.
    """
    over = (
        ServiceRequest.erased_at.is_(None)
        & ServiceRequest.sample.is_(False)
        & ServiceRequest.state.in_(ERASABLE)
        & (ServiceRequest.updated_at < now - kept_for("request"))
    )

    def act(session: Session, request_id: int) -> bool | None:
        mine = select(ServiceRequest).where(over, ServiceRequest.id == request_id)
        request = session.scalar(mine.with_for_update())
        if request is None:
            return None  # something has happened to it meanwhile
        erase(session, request, actor=SystemActor.PORTAL, now=now)
        return True

    with reading(engine) as session:
        expired = session.scalars(select(ServiceRequest.id).where(over).order_by(ServiceRequest.id)).all()
    return len(one_by_one(engine, "request to be erased", expired, act))


def _pseudonym(session: Session, credit_code: str) -> str:
    """Return what stands for a firm, as long as a credit code but none: HMAC-SHA-256 with this database's key."""
    kept = session.get(PseudonymKey, 1)
    if kept is None:
        raise LookupError("the migration that makes the key has not run")
    return f"-{hmac.digest(kept.key, credit_code.encode(), 'sha256').hex()[:17]}"
