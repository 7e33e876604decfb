"""Checking a key that a system presents.

Whoever presents wrong keys is slowed down by their network (``accounts.sign_in_guard``); a right key is heard from
everywhere and always, so that nobody can keep its holder out. A wrong secret takes as long as an unknown prefix.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from stations.accounts.sign_in_guard import SHUT_OUT_FOR, Guesser, is_shut_out, note_failure
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.language import N_
from stations.partners.interface_key import InterfaceKey, KeyInUse, KeyState, prefix_of
from stations.secret_hash import hash_token

NOTED_EVERY = timedelta(minutes=1)
_OF_NOBODY = hash_token("")
_GUESSED = "interface key"


def row_of(session: Session, key: KeyInUse) -> InterfaceKey:
    """Return the record of a key that is in use."""
    return session.scalars(select(InterfaceKey).where(InterfaceKey.prefix == key.prefix)).one()


class KeyRefused(DomainError):
    """What was presented opens nothing. ``wait``: for how long nothing more is heard, if it was guessed too often."""

    wait: timedelta | None = None


class TooManyGuesses(KeyRefused):
    """Too many wrong keys came from this network."""

    wait = SHUT_OUT_FOR


def check_key(engine: Engine, presented: str, address: str, now: datetime) -> KeyInUse:
    """Return the key that was presented, and note that it was used. ``address``: the client's network address.

    Raises:
        KeyRefused: it is no key, or one that was withdrawn or has expired.
        TooManyGuesses: it is wrong, and so were many before it from there.
    """
    guesser = Guesser.at(address, _GUESSED)
    with reading(engine) as session:
        prefix = prefix_of(presented)
        key = session.scalar(select(InterfaceKey).where(InterfaceKey.prefix == prefix)) if prefix else None
        right = hmac.compare_digest(key.secret_hash if key else _OF_NOBODY, hash_token(presented)) and key is not None
        shut_out = not right and is_shut_out(session, guesser, now)
    if shut_out:
        raise TooManyGuesses(N_("Too many wrong keys came from here; try again later"))
    if key is None or not right:
        with transaction(engine) as session:
            note_failure(session, guesser, now)
        raise KeyRefused(N_("This is not a valid key"))
    state = key.state_at(now)
    if state is KeyState.WITHDRAWN:
        raise KeyRefused(N_("The key {prefix} was withdrawn; ask the office that made it for another"), prefix=prefix)
    if state is KeyState.EXPIRED:
        told = N_("The key {prefix} expired on {day}; ask the office that made it for another")
        raise KeyRefused(told, prefix=prefix, day=key.expires_on)
    if key.last_used_at is None or key.last_used_at <= now - NOTED_EVERY:
        with transaction(engine) as session:
            used = update(InterfaceKey).where(InterfaceKey.id == key.id).values(last_used_at=now)
            session.execute(used)
    return KeyInUse.of(key)
