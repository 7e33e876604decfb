"""The second factor: one-time codes of an authenticator app (TOTP, RFC 6238) or passkeys, and recovery codes for who
lost them.

The secret stands in a table of its own, so that nothing that lists users loads it, and is encrypted if the operator set
a key (``FactorSettings``). It must be readable, since every code is computed from it; recovery codes are stored as
hashes only. A code is taken once: the step of time of the last one is stored, and only later steps are accepted.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.accounts.accounts import User
from stations.accounts.factor_settings import NO_RULE, FactorSettings, is_plain
from stations.accounts.passkeys import Passkey, has_passkeys, remove_passkeys
from stations.accounts.sign_ins import end_sign_ins
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base
from stations.entered_text import narrow
from stations.errors import NotFound
from stations.language import N_
from stations.secret_codes import ALPHABET, new_code, read_code
from stations.secret_hash import hash_secret, hash_token
from stations.security_events import EventKind, note_events

STEP_SECONDS = 30
STEPS_AROUND = 1
"""How many steps before and after the present one are accepted: clocks of telephones differ, and typing takes time."""
RECOVERY_CODES = 10
OFFER_LASTS = timedelta(minutes=10)


class SecondFactor(Base):
    """The authenticator app of a user.

    ``secret``: as ``FactorSettings.seal`` gives it; None until a first code was right. ``last_step``: number of the
    step of 30 seconds, since 1970, whose code was used last. ``offered_secret``: one that was shown and takes the place
    of ``secret`` when a code of it is entered until ``offered_until``. ``offered_to``: hash of what the browser
    that was shown it is known by; no other browser sees or confirms it.
    """

    __tablename__ = "second_factor"
    in_caches = False
    personal_data = None

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(String(300))
    set_up_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    offered_secret: Mapped[str | None] = mapped_column(String(300))
    offered_until: Mapped[datetime | None]
    offered_to: Mapped[str | None] = mapped_column(String(64))

    def is_offered(self, begun_in: str, now: datetime) -> bool:
        """Whether a secret was offered in a browser, as for ``offer_second_factor``, and can still be confirmed."""
        open_ = self.offered_until is not None and self.offered_until > now
        return open_ and self.offered_to == hash_token(begun_in)


class RecoveryCode(Base):
    """A recovery code not used yet. ``slot``: its first character, by which it is found; the rest is secret."""

    __tablename__ = "recovery_code"
    in_caches = False
    personal_data = None

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(1), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(200))


@dataclass(frozen=True)
class Offer:
    """A new secret: for typing into an app, and as the address in a QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class FactorState:
    """What may be told of a second factor. ``app``: whether an authenticator app is part of it."""

    set_up_at: datetime
    codes_left: int
    app: bool = True


@dataclass(frozen=True)
class NewRecoveryCodes:
    """New recovery codes and their hashes, slow to make: make them before the transaction that stores them."""

    codes: Sequence[str] = field(
        default_factory=lambda: [ALPHABET[slot] + new_code() for slot in range(RECOVERY_CODES)], repr=False
    )
    hashes: Sequence[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hashes", [hash_secret(code[1:]) for code in self.codes])

    @property
    def shown(self) -> list[str]:
        """The codes as people read them: ``0-ABCDE-FGHJK``."""
        return [f"{code[0]}-{code[1:6]}-{code[6:]}" for code in self.codes]


def has_app(session: Session, user_id: int) -> bool:
    """Whether the user has set up an authenticator app."""
    factor = session.get(SecondFactor, user_id)
    return factor is not None and factor.secret is not None


def has_second_factor(session: Session, user_id: int) -> bool:
    """Whether a second factor was set up for the user: an app, or passkeys."""
    return has_app(session, user_id) or has_passkeys(session, user_id)


def second_factor_of(session: Session, username: str) -> FactorState | None:
    """Return the state of a user's second factor, or None if none was set up."""
    user_id = session.scalar(select(User.id).where(User.username == username))
    app = session.scalar(
        select(SecondFactor.set_up_at).where(SecondFactor.user_id == user_id, SecondFactor.secret.is_not(None))
    )
    since = app or session.scalar(select(func.min(Passkey.added_at)).where(Passkey.user_id == user_id))
    if since is None:
        return None
    codes = session.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id))
    return FactorState(since, codes or 0, app is not None)


def offer_second_factor(
    session: Session, user: User, now: datetime, *, settings: FactorSettings, issuer: str, begun_in: str
) -> Offer:
    """Store a new secret, which counts when ``confirm_offer`` takes a code of it; until then an earlier one does.

    ``issuer``: what the app calls this portal. ``begun_in``: what the browser is known by: the code of its sign-in, or
    the token of one that owes the second factor. The caller holds the user locked.
    """
    factor = session.get(SecondFactor, user.id, with_for_update=True) or SecondFactor(user_id=user.id, last_step=0)
    secret = pyotp.random_base32(length=32)  # 160 bits, as RFC 4226 recommends
    factor.offered_secret, factor.offered_until = settings.seal(secret, user.id), now + OFFER_LASTS
    factor.offered_to = hash_token(begun_in)
    session.add(factor)
    return _offer(secret, user.username, issuer)


def offered(
    session: Session, username: str, now: datetime, *, settings: FactorSettings, issuer: str, begun_in: str
) -> Offer | None:
    """Return what was offered to a user in this browser and can still be confirmed, or None.

    Raises:
        NotReady: it can't be decrypted.
    """
    factor = session.scalar(
        select(SecondFactor).join(User, User.id == SecondFactor.user_id).where(User.username == username)
    )
    if factor is None or factor.offered_secret is None or not factor.is_offered(begun_in, now):
        return None
    return _offer(settings.unseal(factor.offered_secret, factor.user_id), username, issuer)


def _offer(secret: str, username: str, issuer: str) -> Offer:
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer))


def read_app_code(typed: str) -> str | None:
    """Return a code of an app from a typed one, or None if it can't be one: six digits, blanks and dashes left out."""
    digits = re.sub(r"[\s-]", "", narrow(typed))
    return digits if re.fullmatch(r"[0-9]{6}", digits) else None


def read_recovery_code(typed: str) -> str | None:
    """Return a recovery code as issued from a typed one, or None if it can't be one."""
    code = read_code(typed)
    return code if re.fullmatch(rf"[{ALPHABET[:RECOVERY_CODES]}][{ALPHABET}]{{10}}", code) else None


def matching_step(secret: str, typed: str, now: datetime) -> int | None:
    """Return the step whose code was typed: the present one, or one of ``STEPS_AROUND`` it; None if it is none's."""
    code = read_app_code(typed)
    if code is None:
        return None
    present, one_time = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    steps = range(present - STEPS_AROUND, present + STEPS_AROUND + 1)
    found = [step for step in steps if hmac.compare_digest(one_time.generate_otp(step), code)]
    return found[-1] if found else None


def store_recovery_codes(session: Session, user: User, new: NewRecoveryCodes) -> None:
    """Store the hashes of new recovery codes; those from before count no longer."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(
        RecoveryCode(user_id=user.id, slot=code[0], code_hash=code_hash)
        for code, code_hash in zip(new.codes, new.hashes, strict=True)
    )


def renew_recovery_codes(session: Session, user: User, new: NewRecoveryCodes, now: datetime) -> bool:
    """Replace a user's recovery codes. Return False if there is no second factor that they could stand for."""
    if not has_second_factor(session, user.id):
        return False
    store_recovery_codes(session, user, new)
    log.record(
        session,
        at=now,
        actor=user.username,
        action=AuditAction.RENEW_RECOVERY_CODES,
        subject_kind=AuditSubject.USER,
        subject=user.username,
    )
    return True


def delete_second_factor(session: Session, user: User, action: AuditAction, now: datetime, *, by: str) -> bool:
    """Delete a user's second factor with its recovery codes and passkeys, and log it as ``action``.

    Return whether there was one.
    """
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    had_passkeys = has_passkeys(session, user.id)
    remove_passkeys(session, user.id)
    factor = session.get(SecondFactor, user.id, with_for_update=True)
    if factor is not None:
        session.delete(factor)
    elif not had_passkeys:
        return False
    log.record(session, at=now, actor=by, action=action, subject_kind=AuditSubject.USER, subject=user.username)
    return True


def seal_plain_secrets(session: Session, settings: FactorSettings) -> int:
    """Encrypt the secrets that were stored before there was a key. Return the number of users that had one; 0 where
    there is no key.
    """
    sealed = 0
    for factor in session.scalars(select(SecondFactor).with_for_update()) if settings.keys else ():
        plain = {name for name in ("secret", "offered_secret") if is_plain(getattr(factor, name) or "")}
        for name in plain:
            setattr(factor, name, settings.seal(NO_RULE.unseal(getattr(factor, name), factor.user_id), factor.user_id))
        sealed += bool(plain)
    return sealed


def take_second_factor(session: Session, user: User, now: datetime, *, by: str) -> None:
    """Take the second factor from a user who lost it, and end all their sign-ins. ``by``: who does it, for the log.

    Raises:
        NotFound: the account has none.
    """
    if not delete_second_factor(session, user, AuditAction.RESET_SECOND_FACTOR, now, by=by):
        raise NotFound(N_("The account “{username}” has no second factor"), username=user.username)
    note_events(session, EventKind.SECOND_FACTOR_RESET, now)
    user.version += 1
    user.updated_at = now
    end_sign_ins(session, user.username, now, by=by)
