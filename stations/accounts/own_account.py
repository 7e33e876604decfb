"""Actions of users on their own account: setting and changing the password."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.accounts.passwords import hash_password
from stations.accounts.sign_in_guard import is_shut_out, note_failure
from stations.accounts.sign_ins import NO_CLIENT, Client, check_password, end_sign_ins
from stations.audit import log
from stations.duty.roles import Actor
from stations.errors import InvalidInput, NotAllowed
from stations.language import N_
from stations.secret_codes import new_code, read_code
from stations.secret_hash import secret_matches

SETUP_CODE_LASTS = timedelta(days=7)


def change_password(
    session: Session, actor: Actor, current: str, new: str, repeated: str, now: datetime, *, keep: str | None = None
) -> bool:
    """Change the actor's password and end all other sign-ins. ``keep``: the code of the sign-in to keep.

    Return False if the current password is wrong or the account is locked after wrong guesses. Commit the
    transaction in that case too, since it counts the guess.

    Raises:
        InvalidInput: the new password is not acceptable, or the two entries differ.
        NotAllowed: a sample user has no password.
    """
    if actor.sample:
        raise NotAllowed(N_("Invented people and their accounts can't be changed"))
    _check_repeated(new, repeated)
    password_hash = hash_password(new, username=actor.username, field="new_password")
    user = session.scalar(select(User).where(User.username == actor.username).with_for_update())
    if not check_password(session, user, current, now) or user is None:
        return False
    if secret_matches(user.password_hash, new):
        raise InvalidInput("new_password", N_("The new password is the old one; choose another"))
    _set_password(session, user, password_hash, "change_password", now)
    end_sign_ins(session, user.username, now, by=user.username, but=keep)
    return True


def new_setup_code(user: User, now: datetime) -> str:
    """Return a new one-time code for setting a password, valid for ``SETUP_CODE_LASTS``.

    Only its hash is stored. It replaces an earlier code.
    """
    code = f"{new_code()}-{new_code()}"
    user.setup_code_hash, user.setup_code_until = _digest(code), now + SETUP_CODE_LASTS
    return code


def set_first_password(
    session: Session,
    username: str,
    code: str,
    new: str,
    repeated: str,
    now: datetime,
    *,
    client: Client = NO_CLIENT,
) -> bool:
    """Set a password with a one-time code. This uses up the code, unlocks the account and ends all sign-ins.

    Return False, without distinction, for a wrong name, a wrong or expired code, and a client that is blocked.
    Commit the transaction in every case, since it counts the failure.

    Raises:
        InvalidInput: the password is not acceptable, or the two entries differ.
    """
    _check_repeated(new, repeated)
    password_hash = hash_password(new, username=username.strip(), field="new_password")
    shut_out = is_shut_out(session, client.address, now)
    name = username.strip() if username.isprintable() else None
    user = session.scalar(
        select(User)
        .where(User.username == name, User.active, User.setup_code_hash == _digest(code), User.setup_code_until > now)
        .with_for_update()
    )
    if user is None or shut_out:
        note_failure(session, client.address, now)
        return False
    user.setup_code_hash, user.setup_code_until = None, None
    user.wrong_guesses, user.locked_until = 0, None
    _set_password(session, user, password_hash, "set_password", now)
    end_sign_ins(session, user.username, now, by=user.username)
    return True


def _check_repeated(new: str, repeated: str) -> None:
    if new != repeated:
        raise InvalidInput("repeated", N_("The two passwords differ; type the new one twice"))


def _set_password(session: Session, user: User, password_hash: str, action: str, now: datetime) -> None:
    user.password_hash, user.password_set_at = password_hash, now
    user.version += 1
    user.updated_at = now
    log.record(session, at=now, actor=user.username, action=action, subject_kind="user", subject=user.username)


def _digest(code: str) -> str:
    return hashlib.sha256(read_code(code).encode()).hexdigest()
