"""Files attached to a request, to one of its messages or to one of its steps, stored in the database.

The database makes a file part of its action's transaction and available to every server. Only people who may see the
request may open its files; for everybody else such a file does not exist.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, undefer

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, choice
from stations.duty.roles import Action, Actor
from stations.errors import InvalidInput, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.requests.attached_file import FIELD, MEGABYTE, CheckedFile
from stations.requests.code_session import is_opened
from stations.requests.draft import RequestDraft
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import Party

REQUEST_FILES = 30
REQUEST_BYTES = 60 * MEGABYTE
DRAFT_FILES = 10
DRAFT_BYTES = 30 * MEGABYTE


class Attachment(Base):
    """A file of a request, or of a draft that is not filed yet.

    ``message``: it was sent with that message. ``event``: it was handed over in that step, an answer or the delivery of
    one service. ``code`` is part of its address; knowing it does not give access. ``digest``: SHA-256 of ``content``.
    """

    __tablename__ = "attachment"
    in_caches = False
    personal_data = PersonalData(
        written=("name", "content"),
        kept="of a draft, as long as that; of a request, until that is erased",
        deleted_by=("stations.requests.attachments:detach_from_draft", "stations.requests.erasure:erase"),
    )
    __table_args__ = (
        UniqueConstraint("request_id", "message_id", "digest"),
        UniqueConstraint("event_id", "digest"),
        UniqueConstraint("draft_id", "digest"),
        CheckConstraint("(request_id IS NULL) <> (draft_id IS NULL)", name="owner"),
        CheckConstraint("message_id IS NULL OR request_id IS NOT NULL", name="message"),
        CheckConstraint("event_id IS NULL OR (request_id IS NOT NULL AND message_id IS NULL)", name="event"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("request_message.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("request_event.id", ondelete="CASCADE"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("request_draft.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    party: Mapped[Party] = mapped_column(choice(Party, "party"))
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)

    request: Mapped[ServiceRequest | None] = relationship()
    message: Mapped[RequestMessage | None] = relationship()
    event: Mapped[RequestEvent | None] = relationship()
    draft: Mapped[RequestDraft | None] = relationship()


def attach(
    session: Session,
    request: ServiceRequest,
    file: CheckedFile,
    *,
    party: Party,
    actor: str,
    now: datetime,
    message: RequestMessage | None = None,
    event: RequestEvent | None = None,
) -> Attachment:
    """Attach a file to a request, or to a message or step of it, and return it; the same file is attached only once.

    The caller has checked that ``actor`` (a user name, or ``firm``) may write to the request.

    Raises:
        InvalidInput: the request has ``REQUEST_FILES`` files already, or would exceed ``REQUEST_BYTES``.
    """
    session.flush()
    session.execute(select(ServiceRequest.id).where(ServiceRequest.id == request.id).with_for_update())
    owned = Attachment.request_id == request.id
    there = session.scalar(
        select(Attachment).where(
            owned,
            Attachment.message_id.is_not_distinct_from(message.id if message else None),
            Attachment.event_id.is_not_distinct_from(event.id if event else None),
            Attachment.digest == file.digest,
        )
    )
    if there is not None:
        return there
    _check_room(session, owned, file, REQUEST_FILES, REQUEST_BYTES)
    attachment = _of(file, party, now)
    attachment.request, attachment.message, attachment.event = request, message, event
    session.add(attachment)
    log.record(
        session,
        at=now,
        actor=actor,
        action=AuditAction.ATTACH,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        attachment=attachment.code,
        digest=file.digest,
        size=attachment.size,
    )
    return attachment


def attach_to_draft(session: Session, draft: RequestDraft, file: CheckedFile, *, now: datetime) -> Attachment:
    """Attach a file to a draft until it is filed, discarded or expires; the same file is attached only once.

    Raises:
        InvalidInput: the draft has ``DRAFT_FILES`` files already, or would exceed ``DRAFT_BYTES``.
    """
    session.flush()
    session.execute(select(RequestDraft.id).where(RequestDraft.id == draft.id).with_for_update())
    owned = Attachment.draft_id == draft.id
    there = session.scalar(select(Attachment).where(owned, Attachment.digest == file.digest))
    if there is not None:
        return there
    _check_room(session, owned, file, DRAFT_FILES, DRAFT_BYTES)
    attachment = _of(file, Party.FIRM, now)
    attachment.draft = draft
    session.add(attachment)
    session.flush()
    return attachment


def list_attachments(session: Session, request: ServiceRequest) -> list[Attachment]:
    """Return every file of a request, its messages and steps, in the order of arrival, without the content."""
    return list(session.scalars(select(Attachment).where(Attachment.request_id == request.id).order_by(Attachment.id)))


def delivery_of(item: RequestItem) -> int | None:
    """Return the id of the event that delivered a service; None while it is open, also after a reopening.

    The request's events must be loaded.
    """
    if item.delivered_at is None:
        return None
    return [event.id for event in item.request.events if event.item is item and event.move is None][-1]


def list_draft_attachments(session: Session, draft: RequestDraft) -> list[Attachment]:
    """Return the files of a draft, in the order of arrival, without the content."""
    return list(session.scalars(select(Attachment).where(Attachment.draft_id == draft.id).order_by(Attachment.id)))


def detach_from_draft(session: Session, draft: RequestDraft, codes: Sequence[str]) -> None:
    """Remove files from a draft. Codes of other files are ignored."""
    for attachment in list_draft_attachments(session, draft):
        if attachment.code in codes:
            session.delete(attachment)


def open_attachment(
    session: Session, code: str, *, actor: Actor | None, browser: str | None, now: datetime, samples: bool
) -> Attachment:
    """Return a file of a request with its content, if the person asking may see the request.

    ``actor``: the signed-in person. ``browser``: the token of the firm's browser (``stations.requests.code_session``).

    Raises:
        NotFound: there is none, it belongs to a draft, or the person may not see its request; the answer does not
            reveal which.
    """
    attachment = session.scalar(select(Attachment).where(Attachment.code == code).options(undefer(Attachment.content)))
    request = attachment.request if attachment else None
    if attachment is not None and request is not None and (samples or not request.sample):
        area = request.station.area
        # A file can't be masked, and may name anybody.
        on_duty = actor is not None and all(
            actor.may(action, area) for action in (Action.SEE_REQUESTS, Action.SEE_PERSONAL_DATA)
        )
        if on_duty or is_opened(session, browser, request, now):
            return attachment
    raise NotFound(N_("There is no such file, or it is not yours to open"))


def attachment_of(session: Session, request: ServiceRequest, code: str) -> Attachment:
    """Return a file of a request with its content. The caller has checked that the request may be seen.

    Raises:
        NotFound: the request has no such file.
    """
    mine = select(Attachment).where(Attachment.code == code, Attachment.request_id == request.id)
    found = session.scalar(mine.options(undefer(Attachment.content)))
    if found is None:
        raise NotFound(N_("There is no such file, or it is not yours to open"))
    return found


def _of(file: CheckedFile, party: Party, now: datetime) -> Attachment:
    return Attachment(
        code=secrets.token_urlsafe(16),
        at=now,
        party=party,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        digest=file.digest,
        content=file.content,
    )


def _check_room(session: Session, owned: ColumnElement[bool], file: CheckedFile, files: int, size: int) -> None:
    count, taken = session.execute(select(func.count(), func.coalesce(func.sum(Attachment.size), 0)).where(owned)).one()
    if count >= files:
        raise InvalidInput(FIELD, N_("“{name}” is one file too many; {limit} at most"), name=file.name, limit=files)
    if taken + len(file.content) > size:
        raise InvalidInput(
            FIELD,
            N_("With “{name}” the files are larger than {limit} MB together; leave one out or make it smaller"),
            name=file.name,
            limit=size // MEGABYTE,
        )
