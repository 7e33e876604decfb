"""The requests that are open in a firm's browser, because it filed them or entered their code there.

The browser has one random token in a cookie that scripts can't read; the database stores only its SHA-256. So a firm
needs no code after a reload, can download its files, and learns of its own duplicates, while the code itself is stored
nowhere.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base
from stations.personal_data import PersonalData
from stations.requests.service_request import ServiceRequest
from stations.secret_hash import hash_token

OPEN_FOR = timedelta(hours=12)


class OpenedRequest(Base):
    """A request that is open in a browser, until ``expires_at``."""

    __tablename__ = "opened_request"
    in_caches = False
    personal_data = PersonalData(
        columns=("browser_hash",),
        kept="until a request is opened after it has run out",
        deleted_by=("stations.requests.code_session:keep_open", "stations.requests.erasure:erase"),
    )

    browser_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def new_browser_token() -> str:
    """Return a token of 256 random bits for a browser that has none."""
    return secrets.token_urlsafe(32)



def keep_open(session: Session, browser: str, request: ServiceRequest, now: datetime) -> None:
    """Open a request in a browser for ``OPEN_FOR`` from now.

    The caller has checked its code, or the request was just filed from that browser.
    """
    session.execute(delete(OpenedRequest).where(OpenedRequest.expires_at <= now))
    session.flush()
    session.merge(
        OpenedRequest(browser_hash=hash_token(browser), request_id=request.id, opened_at=now, expires_at=now + OPEN_FOR)
    )


def is_opened(session: Session, browser: str | None, request: ServiceRequest, now: datetime) -> bool:
    """Whether the request is open in that browser now."""
    if not browser:
        return False
    opened = session.get(OpenedRequest, (hash_token(browser), request.id))
    return opened is not None and opened.expires_at > now


def opened_requests(session: Session, browser: str | None, now: datetime, *, samples: bool) -> list[ServiceRequest]:
    """Return the requests open in that browser now, the one opened last first."""
    if not browser:
        return []
    statement = (
        select(ServiceRequest)
        .join(OpenedRequest, OpenedRequest.request_id == ServiceRequest.id)
        .where(OpenedRequest.browser_hash == hash_token(browser), OpenedRequest.expires_at > now)
        .order_by(OpenedRequest.opened_at.desc(), ServiceRequest.id.desc())
    )
    return list(session.scalars(statement if samples else statement.where(ServiceRequest.sample.is_(False))))


def close_in_browser(session: Session, browser: str | None, request: ServiceRequest | None = None) -> None:
    """Close one request in that browser, or all of them."""
    if not browser:
        return
    forget = delete(OpenedRequest).where(OpenedRequest.browser_hash == hash_token(browser))
    session.execute(forget if request is None else forget.where(OpenedRequest.request_id == request.id))
