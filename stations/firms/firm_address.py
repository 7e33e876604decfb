"""Addresses that a firm leaves to be told at later: nothing but one message goes there until whoever
reads it has proved that by the code in it (double opt-in, on every channel)."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.outbox import Notice
from stations.secret_codes import read_code, secret_text

PROOF_LENGTH = 20
"""Characters of a code in a message: 100 random bits, so that nobody needs to be slowed down."""

CODE_MESSAGE = ":confirm:"
"""What stands in the key of every message with a code, and of no other."""

MOST_CODES = 5
"""How many of them an address gets within a day."""


def check_room_for_code(session: Session, address: str, now: datetime) -> None:
    """Let a message with a code pass, unless the address got ``MOST_CODES`` within a day: nobody can
    have a stranger pestered from here.

    Raises:
        InvalidInput: it got that many.
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
        raise InvalidInput(
            "notice_address",
            N_("{count} codes went to this address within a day; use the newest, or try again tomorrow"),
            count=MOST_CODES,
        )


def forget_old_codes(session: Session, before: datetime) -> None:
    """Delete messages with codes that were written, or last tried, before an instant."""
    session.execute(
        delete(Notice).where(Notice.updated_at < before, Notice.key.contains(CODE_MESSAGE, autoescape=True))
    )


def new_proof() -> str:
    """A code to be sent to an address."""
    return secret_text(PROOF_LENGTH)


def proves(typed: str, proof: str | None) -> bool:
    """Whether what was typed, or stands in a link, is that code."""
    return proof is not None and hmac.compare_digest(read_code(typed).encode(), proof.encode())


def written(proof: str) -> str:
    """The code as it is written in a message: groups of five."""
    return "-".join(proof[start : start + 5] for start in range(0, len(proof), 5))


def public_url(environment: Mapping[str, str] = os.environ) -> str:
    """Where visitors reach this portal (``PUBLIC_URL``), without a slash at the end; empty where that
    is not set, and messages then tell a code instead of a link. It is never taken from a visitor's
    request, which could name any address.

    Raises:
        InvalidInput: it can't be the address of a portal.
    """
    value = environment.get("PUBLIC_URL", "").strip().rstrip("/")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise InvalidInput("PUBLIC_URL", N_("PUBLIC_URL can't be used; write it as https://portal.example.com"))
    return value


def forget_notices(session: Session, prefix: str) -> None:
    """Delete the messages, sent or waiting, whose keys begin with ``prefix``: they hold the address."""
    session.execute(delete(Notice).where(Notice.key.startswith(prefix, autoescape=True)))
