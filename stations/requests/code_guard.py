"""Slowing down who guesses the codes of requests, and of ledgers of instruments.

Wrong tries are remembered for every number typed, filed or not, so that nothing tells which numbers
exist; the number itself is kept as a hash, because people type a code in its place. Two measures:

- a number that was tried wrongly is answered ever more slowly (``WAITS``), right code or wrong, so
  its owner still gets in while somebody else guesses;
- a client that tried wrongly ``TRIES_BEFORE_CLOSING`` times within ``CLOSED_FOR``, whatever the
  numbers, gets the answer of a wrong code until the first of them is that long ago.

A code is 50 random bits: against guesses from many clients at once its length is the defence, and a
number that closed for everybody would only let strangers shut its owner out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base
from stations.entered_text import narrow
from stations.errors import NotFound
from stations.personal_data import PersonalData
from stations.requests.lookup import look_up
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import read_number

TRIES_BEFORE_CLOSING = 20
CLOSED_FOR = timedelta(minutes=15)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (0, 0, 0, 1, 2, 4, 8))
"""How long to wait before an answer, by how many wrong tries of the number lie within ``CLOSED_FOR``;
the last for all beyond."""


class WrongTry(Base):
    """One look-up that failed: of which number, from which client, both as hashes."""

    __tablename__ = "wrong_try"
    in_caches = False
    personal_data = PersonalData(
        columns=("client_hash",),
        kept="until a number is looked up after CLOSED_FOR",
        deleted_by=("stations.requests.code_guard:guarded",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    client_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


Found = TypeVar("Found")


@dataclass(frozen=True)
class LookedUp(Generic[Found]):
    """``found``: None where number or code is wrong, or the client is closed. ``wait``: whoever asks
    is answered after that time, whatever the answer."""

    found: Found | None
    wait: timedelta


def try_look_up(
    session: Session, number: str, code: str, *, client: str, now: datetime, samples: bool
) -> LookedUp[ServiceRequest]:
    """Look a request up by number and code, both as typed, for ``client``: whatever tells those who
    ask apart best, e.g. their network address.

    The transaction must be committed either way, and before waiting: it remembers the wrong tries.
    """
    return guarded(
        session,
        read_number(number) or narrow(number),
        lambda: look_up(session, number, code, samples=samples),
        client=client,
        now=now,
    )


def guarded(session: Session, number: str, look: Callable[[], Found], *, client: str, now: datetime) -> LookedUp[Found]:
    """What ``look`` finds under ``number``, or ``NotFound`` remembered as a wrong try."""
    session.execute(delete(WrongTry).where(WrongTry.at <= now - CLOSED_FOR))
    number_hash, client_hash = _hash(number), _hash(client)
    of_number, of_client = WrongTry.number_hash == number_hash, WrongTry.client_hash == client_hash
    tries = _count(session, of_number)
    wait = WAITS[min(tries, len(WAITS) - 1)]
    if _count(session, of_client) >= TRIES_BEFORE_CLOSING:
        return LookedUp(None, wait)
    try:
        found = look()
    except NotFound:
        session.add(WrongTry(number_hash=number_hash, client_hash=client_hash, at=now))
        return LookedUp(None, wait)
    # The owner's own slips are forgotten; what others tried stays remembered.
    session.execute(delete(WrongTry).where(of_number, of_client))
    return LookedUp(found, wait)


def _count(session: Session, condition: object) -> int:
    return session.scalar(select(func.count()).select_from(WrongTry).where(condition))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
