"""One-time codes of six digits, sent to a telephone or an e-mail address to prove that its reader has it.

A code of six digits can be guessed, so it lives for ``VALID_FOR`` only, allows ``TRIES`` and is replaced by the next
one. What it is for, who asked and the code itself are stored as hashes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Integer, Select, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.client_network import hash_network
from stations.database import Base
from stations.errors import InvalidInput
from stations.language import N_
from stations.personal_data import PersonalData
from stations.secret_codes import read_code
from stations.secret_hash import hash_token

DIGITS = 6
VALID_FOR = timedelta(minutes=30)
TRIES = 5
COUNTED_FOR = timedelta(days=1)
"""How long a code counts for the limits of ``codes_lately``."""


class OneTimeCode(Base):
    """A code that was made.

    ``purpose_hash``: of what it is for and of the address; ``holder_hash``: of the browser it can be typed in, or of
    nothing; ``client_hash``: of the network that asked for it. ``tries``: wrong ones so far.
    """

    __tablename__ = "one_time_code"
    in_caches = False
    personal_data = PersonalData(
        columns=("purpose_hash", "holder_hash", "client_hash"),
        kept="until a code is made after it is counted no longer",
        deleted_by=("stations.requests.one_time_code:new_one_time_code",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose_hash: Mapped[str] = mapped_column(String(64), index=True)
    holder_hash: Mapped[str] = mapped_column(String(64))
    client_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer)


def new_one_time_code(session: Session, purpose: str, now: datetime, *, holder: str = "", client: str = "") -> str:
    """Return a new code for ``purpose``; earlier ones of the same holder end.

    ``purpose``: names what it proves, with the address. ``holder``: the token of the browser that may type it, "" for
    any; ``client``: the network address that asked.
    """
    session.execute(delete(OneTimeCode).where(OneTimeCode.issued_at <= now - COUNTED_FOR))
    for before in session.scalars(_of(purpose, holder).where(OneTimeCode.expires_at > now)):
        before.expires_at = now
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = OneTimeCode(
        purpose_hash=hash_token(purpose),
        holder_hash=hash_token(holder),
        client_hash=hash_network(client),
        code_hash="",
        issued_at=now,
        expires_at=now + VALID_FOR,
        tries=0,
    )
    session.add(row)
    session.flush()
    row.code_hash = _hash(row, code)
    session.flush()
    return code


def try_code(session: Session, purpose: str, typed: str, now: datetime, *, holder: str = "") -> bool:
    """Whether a typed code is the newest for ``purpose`` and ``holder``. A right one ends; a wrong one counts, so the
    transaction has to be committed either way.
    """
    newest = _of(purpose, holder).order_by(OneTimeCode.id.desc()).limit(1)
    row = session.scalar(newest.with_for_update())
    if row is None or row.expires_at <= now or row.tries >= TRIES:
        return False
    if not secrets.compare_digest(row.code_hash, _hash(row, read_code(typed))):
        row.tries += 1
        return False
    row.expires_at = now
    return True


def wrong_code(field: str) -> InvalidInput:
    """Return the problem with a code that is not, or no longer, the one that was sent."""
    return InvalidInput(
        field,
        N_(
            "This is not the code of {digits} digits that was sent, or its {minutes} minutes are over; ask for "
            "a new one"
        ),
        digits=DIGITS,
        minutes=VALID_FOR.seconds // 60,
    )


def codes_lately(session: Session, now: datetime, within: timedelta, *, purpose: str = "", client: str = "") -> int:
    """Return how many codes were made for a purpose, or asked for from a network, within a time up to
    ``COUNTED_FOR``.
    """
    by_client = OneTimeCode.client_hash == hash_network(client)
    mine = OneTimeCode.purpose_hash == hash_token(purpose) if purpose else by_client
    made = select(func.count()).select_from(OneTimeCode).where(mine, OneTimeCode.issued_at > now - within)
    return session.scalar(made) or 0


def _of(purpose: str, holder: str) -> Select[OneTimeCode]:
    return select(OneTimeCode).where(
        OneTimeCode.purpose_hash == hash_token(purpose), OneTimeCode.holder_hash == hash_token(holder)
    )


def _hash(row: OneTimeCode, code: str) -> str:
    return hash_token(f"{row.id}:{row.purpose_hash}:{code}")
