"""Drafts: what a firm has entered into a request but not sent, stored on the server for its browser.

Each form that a browser begins has its own draft, known by its ``serial`` in that browser. Filing empties it; only the
link to the filed request remains, as long as the receipt may be shown again. The same row prevents filing it again. A
draft that is not changed for ``KEEP_FOR`` is deleted, including its personal data and files.
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
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import code_from_digest
from stations.secret_hash import hash_token

KEEP_FOR = timedelta(days=7)
RECEIPT_FOR = timedelta(minutes=30)


class RequestDraft(Base):
    """A draft.

    ``key`` is unguessable. ``serial`` counts a browser's drafts; it stands in the address of the form.
    ``content``: the fields as entered, empty once filed as ``request``. ``address``: path and query of the form it was
    sent from.
    """

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


def open_drafts(session: Session, browser: str, now: datetime) -> list[RequestDraft]:
    """Return the browser's drafts that are not filed, the newest first."""
    statement = (
        select(RequestDraft)
        .where(
            RequestDraft.browser_hash == hash_token(browser),
            RequestDraft.request_id.is_(None),
            RequestDraft.expires_at > now,
        )
        .order_by(RequestDraft.serial.desc())
    )
    return list(session.scalars(statement))


def find_draft(session: Session, browser: str, now: datetime, serial: int | None = None) -> RequestDraft | None:
    """Return the browser's open draft with that serial, by default its newest; None if there is none."""
    return next((one for one in open_drafts(session, browser, now) if serial in {None, one.serial}), None)


def open_draft(session: Session, browser: str, now: datetime, serial: int | None = None) -> RequestDraft:
    """Return the browser's open draft with that serial, by default its newest; a new one if there is none."""
    own = find_draft(session, browser, now, serial) if serial is not None else None
    return own or _add_draft(session, browser, now, another=serial is not None)


def new_draft(session: Session, browser: str, now: datetime) -> RequestDraft:
    """Return a new draft beside those that the browser has."""
    return _add_draft(session, browser, now, another=True)


def _add_draft(session: Session, browser: str, now: datetime, *, another: bool) -> RequestDraft:
    session.execute(delete(RequestDraft).where(RequestDraft.expires_at <= now))
    newest = (
        select(RequestDraft)
        .where(RequestDraft.browser_hash == hash_token(browser))
        .order_by(RequestDraft.serial.desc())
        .limit(1)
    )
    while True:
        # One query for both the open draft and the next serial: between two queries another tab could create its own.
        last = session.scalar(newest)
        if last is not None and last.request_id is None and not another:
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


def save_draft(
    session: Session, browser: str, content: dict[str, Any], now: datetime, serial: int | None = None
) -> RequestDraft:
    """Store what has been entered so far, and extend the draft's expiry. ``serial``: as for ``open_draft``."""
    draft = open_draft(session, browser, now, serial)
    draft.content, draft.updated_at, draft.expires_at = content, now, now + KEEP_FOR
    return draft


def discard_draft(session: Session, browser: str, serial: int | None = None) -> None:
    """Delete the browser's draft with that serial, with its files, unless it is filed; by default all of them."""
    session.flush()
    mine = (RequestDraft.browser_hash == hash_token(browser)) & RequestDraft.request_id.is_(None)
    session.execute(delete(RequestDraft).where(mine if serial is None else mine & (RequestDraft.serial == serial)))


def filing_key(draft_key: str, station_code: str, services: tuple[str, ...]) -> str:
    """Return the key under which a draft is filed for one station and set of services.

    Sending the same draft again files nothing new, while two tabs that ask for different things file both.
    """
    asked = "\n".join((draft_key, station_code, *sorted(services)))
    return hashlib.sha256(asked.encode()).hexdigest()


def code_for(browser: str, key: str) -> str:
    """Return the secret code of the request that this browser files under ``key`` (HMAC-SHA256).

    It is the same in every tab and after a reload, and can't be derived from what the database stores.
    """
    return code_from_digest(hmac.digest(browser.encode(), key.encode(), "sha256"))


def mark_filed(session: Session, draft: RequestDraft, request: ServiceRequest, address: str, now: datetime) -> None:
    """Empty a filed draft; for ``RECEIPT_FOR`` it still refers to its request."""
    draft.content, draft.request, draft.address = {}, request, address
    draft.updated_at, draft.expires_at = now, now + RECEIPT_FOR


def filed_from(session: Session, browser: str, address: str, now: datetime) -> ServiceRequest | None:
    """Return the request that this browser filed from the form at ``address`` within ``RECEIPT_FOR``."""
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
    """Delete the receipt, so that the form at ``address`` starts empty in this browser."""
    session.execute(
        delete(RequestDraft).where(
            RequestDraft.browser_hash == hash_token(browser),
            RequestDraft.address == address,
            RequestDraft.request_id.is_not(None),
        )
    )
