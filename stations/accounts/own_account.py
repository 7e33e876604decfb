"""Actions of users on their own account: setting and changing the password."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.accounts.password_check import prove_password
from stations.accounts.passwords import check_password_rules
from stations.accounts.sign_in_guard import Guesser, forget_failures, is_shut_out, note_failure
from stations.accounts.sign_ins import NO_CLIENT, Client, end_sign_ins
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import InvalidInput, NotAllowed
from stations.language import N_
from stations.secret_codes import new_code, read_code
from stations.secret_hash import hash_secret, hash_token

SETUP_CODE_LASTS = timedelta(days=7)


def change_password(
    engine: Engine, actor: Actor, current: str, new: str, repeated: str, now: datetime, *, sign_in: str
) -> bool:
    """Change the actor's password and end all other sign-ins.

    ``sign_in``: the code of the actor's sign-in, which is kept, and in which wrong guesses are counted. Return False if
    the current password is wrong, or too many were guessed in that browser.

    Raises:
        InvalidInput: the new password is not acceptable, or the two entries differ.
        NotAllowed: a sample user has no password.
        Busy: too many passwords are being checked.
    """
    if actor.sample:
        raise NotAllowed(N_("Invented people and their accounts can't be changed"))
    _check_repeated(new, repeated)
    check_password_rules(new, username=actor.username, field="new_password")
    guesser = Guesser.signed_in(sign_in, actor.username)
    proved = prove_password(engine, actor.username, current, now, guesser=guesser)
    if proved is None:
        return False
    if new == current:
        raise InvalidInput("new_password", N_("The new password is the old one; choose another"))
    password_hash = hash_secret(new)
    with transaction(engine) as session:
        mine = select(User).where(User.username == actor.username, User.active, User.password_hash == proved)
        user = session.scalar(mine.with_for_update())
        if user is None:  # changed elsewhere meanwhile
            return False
        _set_password(session, user, password_hash, AuditAction.CHANGE_PASSWORD, now)
        end_sign_ins(session, user.username, now, by=user.username, but=sign_in)
    return True


def has_password(session: Session, username: str) -> bool:
    """Whether the user has a password; who signs in through an identity provider only has none."""
    return session.scalar(select(User.password_hash).where(User.username == username)) is not None


def new_setup_code(user: User, now: datetime) -> str:
    """Return a new one-time code for setting a password, valid for ``SETUP_CODE_LASTS``.

    Only its hash is stored. It replaces an earlier code.
    """
    code = f"{new_code()}-{new_code()}"
    user.setup_code_hash, user.setup_code_until = hash_token(read_code(code)), now + SETUP_CODE_LASTS
    return code


def set_first_password(
    engine: Engine,
    username: str,
    code: str,
    new: str,
    repeated: str,
    now: datetime,
    *,
    client: Client = NO_CLIENT,
) -> bool:
    """Set a password with a one-time code. This uses up the code and ends all sign-ins.

    Return False, without distinction, for a wrong name, a wrong or expired code, and a client that is shut out; the
    failure is counted. The password is measured only for a right code, since that takes time.

    Raises:
        InvalidInput: the password is not acceptable, or the two entries differ.
        Busy: too many passwords are being hashed.
    """
    _check_repeated(new, repeated)
    name = username.strip()
    # Apart from passwords: whoever has forgotten theirs has often tried before asking for a code.
    guesser = Guesser.of_one_time_code(client.address, name)
    named = name if name.isprintable() else None
    mine = select(User).where(
        User.username == named,
        User.active,
        User.setup_code_hash == hash_token(read_code(code)),
        User.setup_code_until > now,
    )
    with reading(engine) as session:
        if is_shut_out(session, guesser, now):
            return False
        known = session.scalar(mine) is not None
    password_hash = ""
    if known:  # only its holder learns from the time, or from what is said of the password, that a code is right
        check_password_rules(new, username=name, field="new_password")
        password_hash = hash_secret(new)
    with transaction(engine) as session:
        user = session.scalar(mine.with_for_update()) if known else None
        if user is None:
            note_failure(session, guesser, now)
            return False
        user.setup_code_hash, user.setup_code_until = None, None
        forget_failures(session, guesser)
        forget_failures(session, Guesser.at(client.address, name))
        _set_password(session, user, password_hash, AuditAction.SET_PASSWORD, now)
        end_sign_ins(session, user.username, now, by=user.username)
    return True


def _check_repeated(new: str, repeated: str) -> None:
    if new != repeated:
        raise InvalidInput("repeated", N_("The two passwords differ; type the new one twice"))


def _set_password(session: Session, user: User, password_hash: str, action: AuditAction, now: datetime) -> None:
    user.password_hash, user.password_set_at = password_hash, now
    user.version += 1
    user.updated_at = now
    log.record(
        session, at=now, actor=user.username, action=action, subject_kind=AuditSubject.USER, subject=user.username
    )
