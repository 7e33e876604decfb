"""Protection against guessing the secret codes of requests and of instrument ledgers.

Failed attempts are stored for every number entered, whether or not it exists, so that nothing reveals which numbers
exist. Only a hash of the number is stored, because people sometimes enter the code in its place. There are two
measures:

- after failed attempts, a number is answered ever more slowly (``WAITS``), whether the code is right or wrong, so that
  its owner can still get in while somebody else guesses;
- a client with ``TRIES_BEFORE_CLOSING`` failed attempts within ``CLOSED_FOR``, for whatever numbers, gets the answer
  for a wrong code until the first of them is older than that. All addresses of one network (``client_network``) are one
  client.

A code has 50 random bits. This length is the defence against guesses from many clients at once; locking a number for
everybody would only let strangers lock its owner out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Engine, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.client_network import hash_network
from stations.database import Base, reading, transaction
from stations.entered_text import narrow
from stations.personal_data import PersonalData
from stations.requests.lookup import numbered, with_everything
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import code_matches, read_number
from stations.secret_hash import hash_token
from stations.security_events import EventKind, note_events

TRIES_BEFORE_CLOSING = 20
CLOSED_FOR = timedelta(minutes=15)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (0, 0, 0, 1, 2, 4, 8))
"""The wait before an answer, by the number of failed attempts for the number within ``CLOSED_FOR``.

The last value is for all higher numbers.
"""


class WrongTry(Base):
    """A failed look-up: hashes of its number and of its client's network."""

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
    """The result of a look-up.

    ``found``: None if the number or the code is wrong, or the client is blocked. ``wait``: answer only after this time,
    whatever the result.
    """

    found: Found | None
    wait: timedelta


def try_look_up(
    engine: Engine, number: str, code: str, *, client: str, now: datetime, samples: bool
) -> LookedUp[ServiceRequest]:
    """Look a request up by number and code, both as entered, for ``client``.

    ``client``: whatever distinguishes those who ask best, e.g. their network address; an IPv6 address stands for its
    whole network.

    Raises:
        Busy: too many codes are being checked.
    """
    mine = numbered(number, samples=samples)
    return guarded(
        engine,
        read_number(number) or narrow(number),
        code,
        code_hash=lambda session: session.scalar(select(ServiceRequest.code_hash).where(mine)),
        find=lambda session: session.scalar(with_everything(select(ServiceRequest)).where(mine)),
        client=client,
        now=now,
    )


def guarded(
    engine: Engine,
    number: str,
    code: str,
    *,
    code_hash: Callable[[Session], str | None],
    find: Callable[[Session], Found | None],
    client: str,
    now: datetime,
) -> LookedUp[Found]:
    """Return what ``find`` returns for ``number``, if ``code`` (as entered) has the ``code_hash``; if it has not, or
    there is nothing, store a failed attempt instead.

    Codes are hashed while no transaction is open: that is slow, and everybody else who writes would wait.

    Raises:
        Busy: too many codes are being checked.
    """
    number_hash = hash_token(number)
    of_number = (WrongTry.number_hash == number_hash) & (WrongTry.at > now - CLOSED_FOR)
    with reading(engine) as session:
        wait = WAITS[min(_count(session, of_number), len(WAITS) - 1)]
        if is_closed_to(session, client, now):
            return LookedUp(None, wait)
        kept = code_hash(session)
    right = code_matches(kept, code)
    with transaction(engine) as session:
        session.execute(delete(WrongTry).where(WrongTry.at <= now - CLOSED_FOR))
        # Asked again: others of this client's attempts may have ended meanwhile.
        found = find(session) if right and not is_closed_to(session, client, now) else None
        if found is None:
            count_wrong_try(session, number, client, now)
        else:  # the owner's own failed attempts are deleted; those of others remain
            session.execute(delete(WrongTry).where(WrongTry.number_hash == number_hash, _of_client(client, now)))
    return LookedUp(found, wait)


def is_closed_to(session: Session, client: str, now: datetime) -> bool:
    """Whether a client has made so many failed attempts lately that nothing opens for it."""
    return _count(session, _of_client(client, now)) >= TRIES_BEFORE_CLOSING


def count_wrong_try(session: Session, number: str, client: str, now: datetime) -> None:
    """Store a failed attempt of a client for a number, or for whatever else a code opens."""
    session.add(WrongTry(number_hash=hash_token(number), client_hash=hash_network(client), at=now))
    session.flush()
    if _count(session, _of_client(client, now)) == TRIES_BEFORE_CLOSING:
        note_events(session, EventKind.CODE_GUESSING, now)


def _of_client(client: str, now: datetime) -> ColumnElement[bool]:
    return (WrongTry.client_hash == hash_network(client)) & (WrongTry.at > now - CLOSED_FOR)



def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(WrongTry).where(condition)) or 0
