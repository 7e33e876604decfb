"""Access to the personal data of a request by people of the offices, noted in the audit log.

Whoever opens a request that they see in clear, or one of its files, is written down before it is shown: once for each
person, request (or file) and day in China, so that working on a request does not fill the log. What is masked for the
reader, invented, or erased is not personal data, and a firm's look at its own request is nobody else's business.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Unpack

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.log import AuditEntry
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.database import reading, transaction
from stations.database_faults import can_still_be_read
from stations.duty.masking import sees_personal_data
from stations.duty.roles import Actor
from stations.language import CHINA_TIME, day_in_china
from stations.requests.attachments import Attachment
from stations.requests.service_request import ServiceRequest


def note_request_opened(engine: Engine, actor: Actor, request: ServiceRequest, now: datetime) -> bool:
    """Note that a person opens a request. Return whether it may be shown in clear.

    False where the person reads it masked anyway, and where the database takes no writes: nobody reads personal data
    unnoted, and the page can be read on without it.
    """
    if not sees_personal_data(actor, request.station.area):
        return False
    if request.sample or request.erased_at is not None:
        return True
    try:
        _note(engine, actor, request.number, AuditAction.OPEN_PERSONAL_DATA, now)
    except DBAPIError as error:
        if can_still_be_read(error):
            return False
        raise
    return True


def note_file_opened(engine: Engine, actor: Actor, attachment: Attachment, now: datetime) -> None:
    """Note that a person opens a file of a request. Its request must be loaded.

    Raises:
        DBAPIError: it can't be noted; then the file must not be handed out.
    """
    request = attachment.request
    if request is not None and not request.sample:
        _note(engine, actor, request.number, AuditAction.OPEN_FILE, now, attachment=attachment.code)


def _note(
    engine: Engine, actor: Actor, number: str, action: AuditAction, now: datetime, **detail: Unpack[Detail]
) -> None:
    with reading(engine) as session:
        if _is_noted(session, actor, number, action, now, detail):
            return
    # Two windows at the same moment may both come here: then there are two entries, and none is missing.
    with transaction(engine) as session:
        log.record(
            session,
            at=now,
            actor=actor.username,
            action=action,
            subject_kind=AuditSubject.SERVICE_REQUEST,
            subject=number,
            **detail,
        )


def _is_noted(session: Session, actor: Actor, number: str, action: AuditAction, now: datetime, detail: Detail) -> bool:
    begin = datetime.combine(day_in_china(now), time(), CHINA_TIME)
    noted = session.scalars(
        select(AuditEntry.detail).where(
            AuditEntry.subject == number,
            AuditEntry.subject_kind == AuditSubject.SERVICE_REQUEST,
            AuditEntry.actor == actor.username,
            AuditEntry.action == action,
            AuditEntry.at >= begin,
            AuditEntry.at < begin + timedelta(days=1),
        )
    )
    return detail in noted.all()
