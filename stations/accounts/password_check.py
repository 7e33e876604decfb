"""Checking passwords: signing in with one, and proving to be the user who is signed in.

Each check has three parts. First the guard is asked and the hash is read; then the password is hashed, while no
transaction is open, since that is slow and everybody else who writes would wait; then the result is written.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.accounts.admission import Admission, admit
from stations.accounts.factor_settings import NO_RULE, FactorSettings
from stations.accounts.sign_in_guard import Guesser, forget_failures, is_shut_out, note_failure
from stations.accounts.sign_ins import NO_CLIENT, Client, Method
from stations.database import reading, transaction
from stations.secret_hash import hash_secret, is_outdated, secret_matches


def sign_in(
    engine: Engine,
    username: str,
    password: str,
    now: datetime,
    *,
    client: Client = NO_CLIENT,
    settings: FactorSettings = NO_RULE,
    next_page: str = "",
) -> Admission | None:
    """Check a password. Return what the browser gets, or None if the name or the password is wrong.

    Returns None, without distinction, for a wrong name, a wrong password and a client that is shut out; the first two
    take the same time, so that nobody learns which names exist.

    Raises:
        Busy: too many passwords are being checked.
    """
    name = username.strip()
    guesser = Guesser.at(client.address, name)
    with reading(engine) as session:
        if is_shut_out(session, guesser, now):
            return None
        password_hash = _hash_of(session, name)
    right = secret_matches(password_hash, password)
    renewed = hash_secret(password) if right and password_hash and is_outdated(password_hash) else None
    with transaction(engine) as session:
        user = _still_right(session, name, password_hash, guesser, now) if right else None
        if user is None:
            note_failure(session, guesser, now)
            return None
        forget_failures(session, guesser)
        user.password_hash = renewed or user.password_hash
        return admit(session, user, Method.PASSWORD, client, now, settings=settings, next_page=next_page)


def prove_password(engine: Engine, username: str, password: str, now: datetime, *, guesser: Guesser) -> str | None:
    """Return the hash that the user's password has, if this is the password; None if it isn't, or the guesser is shut
    out. A wrong guess is counted.

    Raises:
        Busy: too many passwords are being checked.
    """
    with reading(engine) as session:
        if is_shut_out(session, guesser, now):
            return None
        password_hash = _hash_of(session, username)
    right = secret_matches(password_hash, password)
    with transaction(engine) as session:
        if right and _still_right(session, username, password_hash, guesser, now):
            forget_failures(session, guesser)
            return password_hash
        note_failure(session, guesser, now)
    return None


def _hash_of(session: Session, name: str) -> str | None:
    # No user name has a control character, and PostgreSQL would reject the query.
    named = name if name.isprintable() else None
    return session.scalar(select(User.password_hash).where(User.username == named, User.active))


def _still_right(
    session: Session, name: str, password_hash: str | None, guesser: Guesser, now: datetime
) -> User | None:
    """Return the user, unless something has changed since: the password, the account, or what the guard says, as it
    does where many guesses were made at once.
    """
    if is_shut_out(session, guesser, now):
        return None
    return session.scalar(
        select(User).where(User.username == name, User.active, User.password_hash == password_hash).with_for_update()
    )
