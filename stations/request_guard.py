"""Slowing down who guesses the codes of requests: several wrong tries close a number for a while.

Wrong tries are remembered for every number typed, filed or not, so that closing tells nothing about
which numbers exist; the number itself is kept as a hash, because people type a code in its place.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base
from stations.entered_text import narrow
from stations.errors import NotFound
from stations.request_codes import read_number
from stations.request_handling import look_up
from stations.service_request import ServiceRequest

TRIES_BEFORE_CLOSING = 5
CLOSED_FOR = timedelta(minutes=15)


class WrongTry(Base):
    """One look-up that failed."""

    __tablename__ = "wrong_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


def try_look_up(session: Session, number: str, code: str, *, now: datetime, samples: bool) -> ServiceRequest | None:
    """The request of that number and code, both as typed; None where one is wrong or the number is closed.

    None is answered alike in every case. After ``TRIES_BEFORE_CLOSING`` wrong tries within
    ``CLOSED_FOR`` a number stays closed, to its own code too, until the first of them is that long
    ago. The transaction must be committed either way: it remembers the wrong tries.
    """
    session.execute(delete(WrongTry).where(WrongTry.at <= now - CLOSED_FOR))
    number_hash = hashlib.sha256((read_number(number) or narrow(number)).encode()).hexdigest()
    mine = WrongTry.number_hash == number_hash
    if session.scalar(select(func.count()).select_from(WrongTry).where(mine)) >= TRIES_BEFORE_CLOSING:
        return None
    try:
        request = look_up(session, number, code, samples=samples)
    except NotFound:
        session.add(WrongTry(number_hash=number_hash, at=now))
        return None
    session.execute(delete(WrongTry).where(mine))
    return request
