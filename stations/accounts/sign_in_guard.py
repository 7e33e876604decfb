"""Blocking of clients that guess passwords: too many failed sign-ins from one address block it for a while.

An account locks itself after a few wrong guesses; this stops an attacker who tries one password on many names. The
people of an office share an address, so the limit is higher than that of an account.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.database import Base
from stations.personal_data import PersonalData

FAILURES_BEFORE_SHUT_OUT = 30
SHUT_OUT_FOR = timedelta(minutes=15)


class FailedSignIn(Base):
    """One failed sign-in. The address is stored as a hash."""

    __tablename__ = "failed_sign_in"
    in_caches = False
    personal_data = PersonalData(
        columns=("client_hash",),
        kept="until a sign-in fails after SHUT_OUT_FOR",
        deleted_by=("stations.accounts.sign_in_guard:note_failure",),
    )
    __table_args__ = (Index(None, "client_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


def is_shut_out(session: Session, address: str, now: datetime) -> bool:
    """Whether the address is blocked because of too many failed sign-ins recently."""
    return bool(address) and _count(session, _hash(address), now) >= FAILURES_BEFORE_SHUT_OUT


def note_failure(session: Session, address: str, now: datetime) -> None:
    """Record a failed sign-in from an address, and delete expired records."""
    if not address:
        return
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - SHUT_OUT_FOR))
    client = _hash(address)
    session.add(FailedSignIn(client_hash=client, at=now))
    if _count(session, client, now) == FAILURES_BEFORE_SHUT_OUT:
        log.record(session, at=now, actor="nobody", action="shut_out", subject_kind="client", subject=client[:16])


def _count(session: Session, client: str, now: datetime) -> int:
    lately = (FailedSignIn.client_hash == client) & (FailedSignIn.at > now - SHUT_OUT_FOR)
    return session.scalar(select(func.count()).select_from(FailedSignIn).where(lately)) or 0


def _hash(address: str) -> str:
    """Return the hash of the address. For IPv6, of its /64 network, since one machine can use any address in it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return hashlib.sha256(address.encode()).hexdigest()
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return hashlib.sha256(str(ip_network((parsed, 64), strict=False)).encode()).hexdigest()
    return hashlib.sha256(str(getattr(parsed, "ipv4_mapped", None) or parsed).encode()).hexdigest()
