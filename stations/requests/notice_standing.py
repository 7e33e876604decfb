"""How the newest notice to a firm's address stands: on its way, sent, or not sent and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from stations.notices.outbox import CODE_MESSAGE, Notice, NoticeState
from stations.requests.service_request import ServiceRequest


@dataclass(frozen=True)
class NoticeStanding:
    """A notice about a request to its present address.

    ``code``: whether it holds the code that confirms the address. ``last_error``: of the last attempt, "" if it was
    taken or none was made; ``at``: when it was sent, or is tried next.
    """

    state: NoticeState
    code: bool
    last_error: str
    at: datetime

    @property
    def failed(self) -> bool:
        """Whether the last attempt failed."""
        return bool(self.last_error) and self.state is not NoticeState.SENT


def newest_notice(session: Session, request: ServiceRequest) -> NoticeStanding | None:
    """Return how the newest notice about the request or its parts to its address stands; None if there is none."""
    newest = (
        select(Notice)
        .where(
            or_(*(Notice.key.startswith(f"request:{one.number}:", autoescape=True) for one in request.family)),
            Notice.address == (request.notice_address or ""),
        )
        .order_by(Notice.id.desc())
        .limit(1)
    )
    notice = session.scalar(newest)
    if notice is None:
        return None
    at = notice.sent_at or notice.next_try_at
    return NoticeStanding(notice.state, CODE_MESSAGE in notice.key, notice.last_error or "", at)
