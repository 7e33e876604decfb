"""Notes on a request among those in whose duty it lies. A firm never sees them: no page, notice or file of its own has
them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base
from stations.duty.roles import Action, Actor, signed_in
from stations.entered_text import read_text
from stations.personal_data import PersonalData
from stations.requests.handling import open_for_answer
from stations.requests.service_request import ServiceRequest
from stations.requests.steps import check_not_erased

NOTE_LIMIT = 2000


class InternalNote(Base):
    """A note, by the account ``author`` of the person called ``author_name``."""

    __tablename__ = "internal_note"
    in_caches = False
    personal_data = PersonalData(
        columns=("author", "author_name"),
        written=("text",),
        kept="until its request is erased (stations.retention)",
        deleted_by=("stations.requests.erasure:erase",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(80))
    author_name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)


def write_note(session: Session, actor: Actor | None, number: str, text: str, *, now: datetime) -> InternalNote:
    """Write a note on a request, whatever its state. Return it.

    Raises:
        NotFound, NotAllowed: no such request, or answering it is outside the actor's duty.
        Conflict: the data of the request is erased.
        InvalidInput: no or too long a text (field ``text``).
    """
    request = open_for_answer(session, actor, number, Action.ANSWER_REQUESTS)
    actor = signed_in(actor)
    check_not_erased(request)
    text = read_text("text", text, limit=NOTE_LIMIT)
    note = InternalNote(request_id=request.id, at=now, author=actor.username, author_name=actor.name, text=text)
    session.add(note)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.WRITE_NOTE,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
    )
    return note


def list_notes(session: Session, request: ServiceRequest) -> list[InternalNote]:
    """Return the notes on a request that the caller has opened for somebody of its duty, in order of time."""
    return list(
        session.scalars(select(InternalNote).where(InternalNote.request_id == request.id).order_by(InternalNote.id))
    )
