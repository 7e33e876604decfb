"""Checking a second factor: at sign-in, when it is set up, and before it is changed.

As with passwords (``password_check``), what is slow is done while no transaction is open, and what was read before is
read again, locked, in the transaction that acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User, active_user
from stations.accounts.factor_settings import FactorSettings
from stations.accounts.password_check import prove_password
from stations.accounts.second_factor import (
    NewRecoveryCodes,
    RecoveryCode,
    SecondFactor,
    has_app,
    has_second_factor,
    matching_step,
    read_recovery_code,
    store_recovery_codes,
)
from stations.accounts.sign_in_guard import Guesser, forget_failures, is_shut_out, note_failure
from stations.accounts.sign_ins import SignIn, end_sign_ins
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import count_changed, reading, transaction
from stations.errors import NotAllowed
from stations.language import N_
from stations.secret_hash import secret_matches

FRESH_FOR = timedelta(minutes=10)
"""How long a sign-in through an identity provider proves who sits there, for users without a password."""

Result = TypeVar("Result")


class Given(StrEnum):
    """What was given as the second factor."""

    APP_CODE = "app_code"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


Act = Callable[[Session, User, Given], Result]
"""What is done, in the transaction that uses the code up."""


@dataclass(frozen=True)
class SignedInUser:
    """A user at a signed-in browser. ``sign_in``: the code of the sign-in; ``address``: of the network."""

    username: str
    sign_in: str
    address: str


def with_code(
    engine: Engine,
    username: str,
    typed: str,
    now: datetime,
    *,
    settings: FactorSettings,
    address: str,
    act: Act[Result],
) -> Result | None:
    """Use up a code of the user's second factor and return what ``act`` does then; None if the code is wrong, was used
    before, or too many were tried.

    ``typed``: a code of the app, or a recovery code.

    Raises:
        NotReady: the secret can't be decrypted.
        Busy: too many secrets are being checked.
    """
    guesser = Guesser.of_second_factor(address, username)
    recovery = read_recovery_code(typed)
    with reading(engine) as session:
        if is_shut_out(session, guesser, now):
            return None
        user = active_user(session, username)
        factor = session.get(SecondFactor, user.id) if user else None
        stored = session.get(RecoveryCode, (user.id, recovery[0])) if user and recovery else None
    step = secret = code_hash = None
    if factor and factor.secret:
        secret = settings.unseal(factor.secret, factor.user_id)
        step = matching_step(secret, typed, now)
    if recovery and stored and secret_matches(stored.code_hash, recovery[1:]):
        code_hash = stored.code_hash
    with transaction(engine) as session:
        user = active_user(session, username, lock=True)
        given = None
        if user and (secret or code_hash) and not is_shut_out(session, guesser, now):
            given = _use_up(session, user, settings, secret, step, code_hash, recovery, now)
        if user is None or given is None:
            note_failure(session, guesser, now)
            return None
        forget_failures(session, guesser)
        return act(session, user, given)


def confirm_offer(
    engine: Engine,
    username: str,
    typed: str,
    now: datetime,
    *,
    settings: FactorSettings,
    begun_in: str,
    keep: str | None,
    act: Callable[[Session, User], Result],
) -> tuple[NewRecoveryCodes, Result] | None:
    """Make the offered secret the user's second factor, if the code is one of it.

    ``begun_in``: what the browser is known by, as for ``offer_second_factor``; wrong codes are counted in it. ``keep``:
    the code of the sign-in in which this is done, if any; all others end. ``act``: what is done in the same
    transaction. Return new recovery codes and its result; None if the code is wrong, too many were tried, or nothing is
    offered in this browser any more.

    Raises:
        NotReady: the secret can't be decrypted.
        Busy: too many secrets are being hashed.
    """
    guesser = Guesser.signed_in(begun_in, f"second factor offered to {username}")
    with reading(engine) as session:
        user = active_user(session, username)
        factor = session.get(SecondFactor, user.id) if user else None
        if factor is None or not factor.is_offered(begun_in, now) or is_shut_out(session, guesser, now):
            return None
        shown = factor.offered_secret
    if shown is None:
        return None
    secret = settings.unseal(shown, factor.user_id)
    step = matching_step(secret, typed, now)
    if step is None:
        with transaction(engine) as session:
            note_failure(session, guesser, now)
        return None
    codes = NewRecoveryCodes()
    with transaction(engine) as session:
        user = active_user(session, username, lock=True)
        factor = session.get(SecondFactor, user.id, with_for_update=True) if user else None
        if user is None or factor is None or factor.offered_secret != shown or not factor.is_offered(begun_in, now):
            return None
        if is_shut_out(session, guesser, now):
            return None
        forget_failures(session, guesser)
        factor.secret, factor.set_up_at, factor.last_step = settings.seal(secret, user.id), now, step
        factor.offered_secret = factor.offered_until = factor.offered_to = None
        store_recovery_codes(session, user, codes)
        _record(session, AuditAction.SET_UP_SECOND_FACTOR, user, now)
        if keep is not None:
            end_sign_ins(session, username, now, by=username, but=keep)
        result = act(session, user)
    return codes, result


def change_factor(
    engine: Engine,
    who: SignedInUser,
    password: str,
    typed: str,
    now: datetime,
    *,
    settings: FactorSettings,
    act: Callable[[Session, User], Result],
    prepare: Callable[[], object] = lambda: None,
) -> Result | None:
    """Do something with one's own second factor, after the password and, where there is one already, a code of it. Who
    signs in by passkeys alone has neither.

    ``prepare``: what takes long and needs no transaction; done when the password was right. Return what ``act`` does;
    None if the password or the code is wrong. Users without a password prove who they are by a sign-in that is younger
    than ``FRESH_FOR``.

    Raises:
        NotAllowed: a user without a password has signed in longer ago; an invented person has no second factor.
        NotReady, Busy: as ``with_code``.
    """
    if not prove_presence(engine, who, password, now):
        return None
    with reading(engine) as session:
        user = active_user(session, who.username)
        owes_code = user is not None and _owes_code(session, user)
    prepare()
    if owes_code:
        return with_code(
            engine,
            who.username,
            typed,
            now,
            settings=settings,
            address=who.address,
            act=lambda session, user, _given: act(session, user),
        )
    with transaction(engine) as session:
        user = active_user(session, who.username, lock=True)
        if user is None or _owes_code(session, user):  # set up elsewhere meanwhile
            return None
        return act(session, user)


def _owes_code(session: Session, user: User) -> bool:
    return has_app(session, user.id) or (user.password_hash is not None and has_second_factor(session, user.id))


def prove_presence(engine: Engine, who: SignedInUser, password: str, now: datetime) -> bool:
    """Whether the one at a signed-in browser is its user: by the password or, of who has none, by a sign-in that is
    younger than ``FRESH_FOR``. Wrong passwords are counted in that browser.

    Raises:
        NotAllowed: a user without a password has signed in longer ago; nobody can prove to be an invented person.
        Busy: too many passwords are being checked.
    """
    with reading(engine) as session:
        user = active_user(session, who.username)
        if user is None or user.sample:
            raise NotAllowed(N_("Invented people and their accounts can't be changed"))
        signed_in_at = session.scalar(select(SignIn.created_at).where(SignIn.code == who.sign_in))
    if user.password_hash is not None:
        return prove_password(engine, who.username, password, now, guesser=_guesser(who)) is not None
    if signed_in_at is None or signed_in_at <= now - FRESH_FOR:
        raise NotAllowed(N_("You signed in some time ago; sign out, sign in once more and come back here"))
    return True


def _guesser(who: SignedInUser) -> Guesser:
    return Guesser.signed_in(who.sign_in, who.username)


def _use_up(
    session: Session,
    user: User,
    settings: FactorSettings,
    secret: str | None,
    step: int | None,
    code_hash: str | None,
    recovery: str | None,
    now: datetime,
) -> Given | None:
    """Return what was given, if nobody has used it meanwhile. The secret is encrypted anew, with the newest key."""
    factor = session.get(SecondFactor, user.id, with_for_update=True)
    stored = settings.unseal(factor.secret, user.id) if factor and factor.secret else None
    if stored != secret:
        return None
    if factor and secret and step is not None and step > factor.last_step:
        factor.last_step, factor.secret = step, settings.seal(secret, user.id)
        return Given.APP_CODE
    mine = (RecoveryCode.user_id == user.id) & (RecoveryCode.code_hash == code_hash)
    if recovery and code_hash and count_changed(session, delete(RecoveryCode).where(mine)) == 1:
        _record(session, AuditAction.USE_RECOVERY_CODE, user, now)
        return Given.RECOVERY_CODE
    return None


def _record(session: Session, action: AuditAction, user: User, now: datetime) -> None:
    log.record(
        session, at=now, actor=user.username, action=action, subject_kind=AuditSubject.USER, subject=user.username
    )
