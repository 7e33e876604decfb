"""Drafts: what a firm has typed into a request but not sent, kept on the server for its browser.

A browser has one open draft. Filing empties it and leaves only which request it became, for as long
as the receipt may be asked for again; the same row keeps a second tab from filing it anew. A draft
that nobody touches for ``KEEP_FOR`` is deleted, personal data and files with it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.database import Base
from stations.personal_data import PersonalData
from stations.requests.code_session import hash_token
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import code_from_digest

KEEP_FOR = timedelta(days=7)
RECEIPT_FOR = timedelta(minutes=30)


class RequestDraft(Base):
    """A draft. ``key`` is unguessable; ``serial`` counts a browser's drafts, so that two tabs opened at
    once share one. ``content``: the fields as typed, empty once filed as ``request``. ``address``: path
    and query of the form it was sent from."""

    __tablename__ = "request_draft"
    in_caches = False
    personal_data = PersonalData(
        columns=("browser_hash",),
        written=("content", "address"),
        kept="until a draft is begun after it has run out",
        deleted_by=("stations.requests.draft:open_draft",),
    )
    __table_args__ = (UniqueConstraint("browser_hash", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    serial: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(Text, default="")
    request_id: Mapped[int | None] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    request: Mapped[ServiceRequest | None] = relationship()


def find_draft(session: Session, browser: str, now: datetime) -> RequestDraft | None:
    """The browser's open draft; None where it has none."""
    return session.scalar(
        select(RequestDraft)
        .where(
            RequestDraft.browser_hash == hash_token(browser),
            RequestDraft.request_id.is_(None),
            RequestDraft.expires_at > now,
        )
        .order_by(RequestDraft.serial.desc())
        .limit(1)
    )


def open_draft(session: Session, browser: str, now: datetime) -> RequestDraft:
    """The browser's open draft, begun where it has none."""
    session.execute(delete(RequestDraft).where(RequestDraft.expires_at <= now))
    newest = (
        select(RequestDraft)
        .where(RequestDraft.browser_hash == hash_token(browser))
        .order_by(RequestDraft.serial.desc())
        .limit(1)
    )
    while True:
        # One question for both, whether there is one and which number comes next: between two,
        # another tab could begin its own.
        last = session.scalar(newest)
        if last is not None and last.request_id is None:
            return last
        draft = RequestDraft(
            key=secrets.token_urlsafe(24),
            browser_hash=hash_token(browser),
            serial=0 if last is None else last.serial + 1,
            content={},
            created_at=now,
            updated_at=now,
            expires_at=now + KEEP_FOR,
        )
        try:
            with session.begin_nested():
                session.add(draft)
        except IntegrityError:
            continue  # another tab was first: look again
        return draft


def save_draft(session: Session, browser: str, content: dict[str, Any], now: datetime) -> RequestDraft:
    """Keep what is typed so far; the time it is kept for begins anew."""
    draft = open_draft(session, browser, now)
    draft.content, draft.updated_at, draft.expires_at = content, now, now + KEEP_FOR
    return draft


def discard_draft(session: Session, browser: str) -> None:
    """Delete the browser's drafts that are not filed, with their files."""
    session.flush()
    session.execute(
        delete(RequestDraft).where(RequestDraft.browser_hash == hash_token(browser), RequestDraft.request_id.is_(None))
    )


def filing_key(draft_key: str, station_code: str, services: tuple[str, ...]) -> str:
    """The key that one draft is filed under for one station and set of services: sending the same
    again files nothing new, while two tabs that ask for different things file both."""
    asked = "\n".join((draft_key, station_code, *sorted(services)))
    return hashlib.sha256(asked.encode()).hexdigest()


def code_for(browser: str, key: str) -> str:
    """The secret code of the request that this browser files under ``key`` (HMAC-SHA256): the same in
    every tab and after a reload, and not to be told from what the database holds."""
    return code_from_digest(hmac.digest(browser.encode(), key.encode(), "sha256"))


def mark_filed(session: Session, draft: RequestDraft, request: ServiceRequest, address: str, now: datetime) -> None:
    """Empty a draft that was filed; for ``RECEIPT_FOR`` it still tells what it became."""
    draft.content, draft.request, draft.address = {}, request, address
    draft.updated_at, draft.expires_at = now, now + RECEIPT_FOR


def filed_from(session: Session, browser: str, address: str, now: datetime) -> ServiceRequest | None:
    """The request that this browser filed from the form at ``address`` within ``RECEIPT_FOR``."""
    return session.scalar(
        select(ServiceRequest)
        .join(RequestDraft, RequestDraft.request_id == ServiceRequest.id)
        .where(
            RequestDraft.browser_hash == hash_token(browser),
            RequestDraft.address == address,
            RequestDraft.expires_at > now,
        )
        .order_by(RequestDraft.serial.desc())
        .limit(1)
    )


def put_receipt_away(session: Session, browser: str, address: str) -> None:
    """Let the form at ``address`` begin anew in this browser."""
    session.execute(
        delete(RequestDraft).where(
            RequestDraft.browser_hash == hash_token(browser),
            RequestDraft.address == address,
            RequestDraft.request_id.is_not(None),
        )
    )
