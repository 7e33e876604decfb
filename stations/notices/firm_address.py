"""Notification addresses of firms, confirmed by double opt-in.

Until the reader of an address enters the code from a first message, no other message is sent to it, on any channel.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from stations.errors import InvalidInput, LimitReached
from stations.language import N_
from stations.notices.outbox import CODE_MESSAGE, Notice
from stations.secret_codes import read_code, secret_text

PROOF_LENGTH = 20
"""Characters of a code in a message: 100 random bits, so that guesses need not be slowed down."""

MOST_CODES = 5
"""Maximum number of codes to one address within a day."""


def check_room_for_code(session: Session, address: str, now: datetime) -> None:
    """Check that an address got fewer than ``MOST_CODES`` codes within a day, so that nobody can use the portal to
    pester strangers.

    Raises:
        LimitReached: it got that many.
    """
    sent = session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(
            Notice.updated_at > now - timedelta(days=1),
            Notice.address == address,
            Notice.key.contains(CODE_MESSAGE, autoescape=True),
        )
    )
    if (sent or 0) >= MOST_CODES:
        raise LimitReached(
            "notice_address",
            N_("{count} codes went to this address within a day; use the newest, or try again tomorrow"),
            count=MOST_CODES,
        )


def forget_old_codes(session: Session, before: datetime) -> None:
    """Delete messages with codes that were written, or last tried, before the given time."""
    session.execute(
        delete(Notice).where(Notice.updated_at < before, Notice.key.contains(CODE_MESSAGE, autoescape=True))
    )


def new_proof() -> str:
    """Return a random code to be sent to an address."""
    return secret_text(PROOF_LENGTH)


def proves(typed: str, proof: str | None) -> bool:
    """Whether a typed code, or one from a link, equals ``proof``."""
    return proof is not None and hmac.compare_digest(read_code(typed).encode(), proof.encode())


def public_url(environment: Mapping[str, str] = os.environ) -> str:
    """Return the public address of this portal (``PUBLIC_URL``) without a trailing slash; "" if not set.

    Without it, messages contain no link. It is never taken from a visitor's request, which could
    name any address.

    Raises:
        InvalidInput: the value can't be the address of a portal.
    """
    value = environment.get("PUBLIC_URL", "").strip().rstrip("/")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise InvalidInput("PUBLIC_URL", N_("PUBLIC_URL can't be used; write it as https://portal.example.com"))
    return value


def forget_notices(session: Session, prefix: str) -> None:
    """Delete the messages, sent or waiting, whose keys begin with ``prefix``, because they contain the address."""
    session.execute(delete(Notice).where(Notice.key.startswith(prefix, autoescape=True)))
