"""Accounts that sign in by passkeys alone: without a password, and without an authenticator app.

An account becomes one in two ways. A new one, or one whose second factor was reset, begins with a passkey in place of a
password: the one-time code opens that once. Whoever has passkeys already leaves the password, once a passkey has signed
them in without it. The way back, when all devices are lost, are recovery codes: each opens the making of one new
passkey, as a one-time code does, and signs nobody in. Without these an administrator resets the second factor and
issues a one-time code. A one-time code alone sets a password, and leaves the passkeys as its second factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User, active_user
from stations.accounts.passkeys import (
    RelyingParty,
    add_passkey,
    ask_to_make,
    has_passkeys,
    list_passkeys,
    remove_passkey,
)
from stations.accounts.second_factor import (
    NewRecoveryCodes,
    RecoveryCode,
    SecondFactor,
    has_app,
    has_second_factor,
    read_recovery_code,
    store_recovery_codes,
)
from stations.accounts.sign_in_guard import Guesser, forget_failures, is_shut_out, note_failure
from stations.accounts.sign_ins import NO_CLIENT, Client, Method, SignIn, end_sign_ins
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import reading, transaction
from stations.errors import Conflict
from stations.language import N_
from stations.secret_codes import read_code
from stations.secret_hash import hash_token, secret_matches


@dataclass(frozen=True)
class Opening:
    """A right code: whose, and the hash of the recovery code that it is; "" for a one-time code."""

    username: str
    recovery: str = ""


def signs_in_by_passkeys_alone(session: Session, user: User) -> bool:
    """Whether a user has passkeys, and neither a password nor an app."""
    return user.password_hash is None and has_passkeys(session, user.id) and not has_app(session, user.id)


def ask_for_first_passkey(
    engine: Engine, username: str, code: str, party: RelyingParty, now: datetime, *, client: Client = NO_CLIENT
) -> str | None:
    """Return the question for a passkey that is to open an account by itself, as JSON; None, without distinction, for a
    wrong name or code, an account that has another second factor, and a client that is shut out.

    ``code``: a one-time code, or a recovery code of who signs in by passkeys alone. It is good until the passkey is
    made.

    Raises:
        Conflict: the user has as many passkeys as one may have.
        Busy: too many secrets are being checked.
    """
    opening = _opening(engine, username, code, now, client)
    if opening is None:
        return None
    with transaction(engine) as session:
        user = active_user(session, opening.username)
        return ask_to_make(session, user, party, now, begun_in=read_code(code), alone=True) if user else None


def begin_with_passkey(
    engine: Engine,
    username: str,
    code: str,
    answer: str,
    name: str,
    party: RelyingParty,
    now: datetime,
    *,
    client: Client = NO_CLIENT,
) -> NewRecoveryCodes | None:
    """Store the passkey that answers a question of ``ask_for_first_passkey``, use the code up, and end all sign-ins.

    ``name``: what its owner calls the passkey. Return new recovery codes; None as ``ask_for_first_passkey``.

    Raises:
        InvalidInput: as ``add_passkey``; the code stays good.
        Busy: too many secrets are being checked.
    """
    opening = _opening(engine, username, code, now, client)
    if opening is None:
        return None
    codes = NewRecoveryCodes()
    with transaction(engine) as session:
        user = active_user(session, opening.username, lock=True)
        if user is None or not _still_opens(session, user, opening, code, now):
            return None
        add_passkey(session, user, answer, name, party, now, begun_in=read_code(code), alone=True)
        _leave_all_else(session, user, codes, now)
        end_sign_ins(session, user.username, now, by=user.username)
    return codes


def leave_password(session: Session, user: User, codes: NewRecoveryCodes, now: datetime, *, sign_in: str) -> bool:
    """Let a user sign in by passkeys alone from now on: password and app are deleted, other sign-ins end.

    ``codes``: new recovery codes. ``sign_in``: the code of the sign-in in which this is done. Return True.

    Raises:
        Conflict: no passkey has opened this sign-in, so nobody knows yet that one does without a password.
    """
    method = session.scalar(select(SignIn.method).where(SignIn.code == sign_in, SignIn.user_id == user.id))
    if method is not Method.PASSKEY:
        raise Conflict(N_("Sign in with a passkey first; then you can do without the password"))
    _leave_all_else(session, user, codes, now)
    end_sign_ins(session, user.username, now, by=user.username, but=sign_in)
    return True


def give_up_passkey(session: Session, user: User, passkey_id: int, now: datetime) -> None:
    """Remove one of a user's passkeys, but not the only way in.

    Raises:
        NotFound: as ``remove_passkey``.
        Conflict: it is the last one of who signs in by passkeys alone.
    """
    if signs_in_by_passkeys_alone(session, user) and len(list_passkeys(session, user.username)) == 1:
        raise Conflict(N_("This passkey is your only way in; add another one first"))
    remove_passkey(session, user, passkey_id, now)


def _leave_all_else(session: Session, user: User, codes: NewRecoveryCodes, now: datetime) -> None:
    user.password_hash = user.password_set_at = user.setup_code_hash = user.setup_code_until = None
    user.version += 1
    user.updated_at = now
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    store_recovery_codes(session, user, codes)
    log.record(
        session,
        at=now,
        actor=user.username,
        action=AuditAction.PASSKEYS_ALONE,
        subject_kind=AuditSubject.USER,
        subject=user.username,
    )


def _opening(engine: Engine, username: str, code: str, now: datetime, client: Client) -> Opening | None:
    """Return what a code opens, or None; a failure is counted. What is slow is done while no transaction is open."""
    name = username.strip()
    guesser = Guesser.at(client.address, f"one-time code of {name}")
    recovery = read_recovery_code(code)
    with reading(engine) as session:
        if is_shut_out(session, guesser, now):
            return None
        user = active_user(session, name) if name.isprintable() else None
        opened = Opening(name) if user and _is_setup_code(session, user, code, now) else None
        stored = None
        if user and recovery and signs_in_by_passkeys_alone(session, user):
            stored = session.get(RecoveryCode, (user.id, recovery[0]))
    if stored and recovery and secret_matches(stored.code_hash, recovery[1:]):
        opened = Opening(name, stored.code_hash)
    with transaction(engine) as session:
        if opened is None:
            note_failure(session, guesser, now)
        else:
            forget_failures(session, guesser)
    return opened


def _is_setup_code(session: Session, user: User, code: str, now: datetime) -> bool:
    """Whether a code is the user's one-time code, and nothing else guards the account that it would get round."""
    valid = user.setup_code_until is not None and user.setup_code_until > now
    return valid and user.setup_code_hash == hash_token(read_code(code)) and not has_second_factor(session, user.id)


def _still_opens(session: Session, user: User, opening: Opening, code: str, now: datetime) -> bool:
    if not opening.recovery:
        return _is_setup_code(session, user, code, now)
    mine = (RecoveryCode.user_id == user.id) & (RecoveryCode.code_hash == opening.recovery)
    unused = session.scalar(select(RecoveryCode.slot).where(mine)) is not None
    return unused and signs_in_by_passkeys_alone(session, user)
