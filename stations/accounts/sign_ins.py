"""Sign-ins: the token of a signed-in browser, and the actor it stands for.

A signed-in browser has a random token; the database stores only its SHA-256. A sign-in ends after ``IDLE_FOR``
without use, and after ``SIGNED_IN_FOR`` in any case (OWASP ASVS 4.0.3, 3.3.2, level 2). Passwords are checked by
``password_check``.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.accounts.accounts import User
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.database import Base, choice, count_changed
from stations.duty.roles import Actor, Responsibility
from stations.errors import NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.secret_hash import hash_token

SIGNED_IN_FOR = timedelta(hours=12)
IDLE_FOR = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)


class Method(StrEnum):
    """How the user authenticated."""

    PASSWORD = "password"
    SINGLE_SIGN_ON = "single_sign_on"
    SAMPLE = "sample"
    PASSKEY = "passkey"


class SignIn(Base):
    """A signed-in browser. ``code``: an identifier that does not reveal the token."""

    __tablename__ = "sign_in"
    in_caches = False
    personal_data = PersonalData(
        columns=("client_address", "device"),
        kept="until somebody signs in or out after it has run out",
        deleted_by=("stations.accounts.sign_ins:sign_out", "stations.accounts.sign_ins:open_sign_in"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    method: Mapped[Method] = mapped_column(choice(Method, "method"))
    client_address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200))

    user: Mapped[User] = relationship()


class PendingSignIn(Base):
    """A browser whose user has given the password, or was vouched for, and still owes the second factor."""

    __tablename__ = "pending_sign_in"
    in_caches = False
    personal_data = None

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    method: Mapped[Method] = mapped_column(choice(Method, "method"))
    next_page: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User] = relationship()


@dataclass(frozen=True)
class Client:
    """The client of a sign-in: network address, user agent, and the token that the browser holds already, if any."""

    address: str = ""
    device: str = ""
    held: str = field(default="", repr=False)


NO_CLIENT = Client()


@dataclass(frozen=True)
class SignedIn:
    """A valid sign-in: its actor, its code, and whether to call ``note_use``."""

    actor: Actor
    code: str
    to_note: bool


def enter_as_sample(session: Session, username: str, now: datetime, *, client: Client = NO_CLIENT) -> str | None:
    """Return a token for a sample user, or None if there is none with that name.

    No password is needed, since sample users can access only sample records.
    """
    user = session.scalar(select(User).where(User.username == username, _invented()))
    return open_sign_in(session, user, Method.SAMPLE, client, now) if user else None


def list_sample_users(session: Session) -> list[User]:
    """Return the sample users that anyone may sign in as, sorted by user name."""
    return list(session.scalars(select(User).where(_invented()).order_by(User.username)))


def open_sign_in(
    session: Session, user: User, method: Method, client: Client, now: datetime, *, second_factor: str | None = None
) -> str:
    """Sign in an authenticated user. Return the token for the browser; the sign-in that it held before ends.

    ``second_factor``: what was given beside the password, for the log.
    """
    if client.held:
        sign_out(session, client.held, now)
    session.execute(delete(SignIn).where(~_alive(now)))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=hash_token(token),
            code=secrets.token_hex(8),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SIGNED_IN_FOR,
            method=method,
            client_address=client.address[:64],
            device=client.device[:200],
        )
    )
    detail: Detail = {"method": method.value}
    if second_factor:
        detail["second_factor"] = second_factor
    log.record(
        session,
        at=now,
        actor=user.username,
        action=AuditAction.SIGN_IN,
        subject_kind=AuditSubject.USER,
        subject=user.username,
        **detail,
    )
    return token


def current_sign_in(session: Session, token: str | None, now: datetime, *, samples: bool) -> SignedIn | None:
    """Return the sign-in of a token, or None if there is none, it has expired, or the user is a sample user while
    ``samples`` is off.
    """
    if not token:
        return None
    found = session.scalar(
        select(SignIn).join(SignIn.user).where(SignIn.token_hash == hash_token(token), _alive(now), User.active)
    )
    if found is None or (found.user.sample and not samples):
        return None
    user = found.user
    duties = tuple(Responsibility(duty.role, duty.area_kind, duty.area_code) for duty in user.duties)
    actor = Actor(user.username, user.name, user.sample, duties)
    return SignedIn(actor, found.code, found.last_seen_at <= now - NOTED_EVERY)


def actor_of(session: Session, token: str | None, now: datetime, *, samples: bool) -> Actor | None:
    """Return the actor of a token, or None as in ``current_sign_in``."""
    signed_in = current_sign_in(session, token, now, samples=samples)
    return signed_in.actor if signed_in else None


def note_use(session: Session, token: str, now: datetime) -> None:
    """Record that the sign-in was used now, so that it does not expire for lack of use."""
    session.execute(update(SignIn).where(SignIn.token_hash == hash_token(token), _alive(now)).values(last_seen_at=now))


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End the sign-in of one browser, and delete expired ones."""
    mine = SignIn.token_hash == hash_token(token)
    username = session.scalar(select(User.username).join(SignIn, SignIn.user_id == User.id).where(mine))
    session.execute(delete(SignIn).where(mine | ~_alive(now)))
    if username:
        log.record(
            session,
            at=now,
            actor=username,
            action=AuditAction.SIGN_OUT,
            subject_kind=AuditSubject.USER,
            subject=username,
        )


def list_sign_ins(session: Session, actor: Actor, now: datetime) -> list[SignIn]:
    """Return the actor's current sign-ins, the last used first."""
    statement = select(SignIn).join(SignIn.user).where(User.username == actor.username, _alive(now))
    return list(session.scalars(statement.order_by(SignIn.last_seen_at.desc(), SignIn.code)))


def end_sign_in(session: Session, actor: Actor, code: str, now: datetime) -> None:
    """End one of the actor's own sign-ins.

    Raises:
        NotFound: there is none with that code, or it has ended.
    """
    mine = SignIn.user_id == _id_of(actor.username)
    if count_changed(session, delete(SignIn).where(SignIn.code == code, mine)) == 0:
        raise NotFound(N_("This sign-in has ended already"))
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.SIGN_OUT,
        subject_kind=AuditSubject.USER,
        subject=actor.username,
    )


def end_sign_ins(session: Session, username: str, now: datetime, *, by: str, but: str | None = None) -> int:
    """End all sign-ins of a user on every device, also those that still owe the second factor. Return the number of
    those that were complete. ``but``: the code of a sign-in to keep.
    """
    mine = SignIn.user_id == _id_of(username)
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == _id_of(username)))
    ended = count_changed(
        session, delete(SignIn).where(mine, SignIn.code != but) if but else delete(SignIn).where(mine)
    )
    if ended:
        log.record(
            session,
            at=now,
            actor=by,
            action=AuditAction.SIGN_OUT_EVERYWHERE,
            subject_kind=AuditSubject.USER,
            subject=username,
            ended=ended,
        )
    return ended


def end_all_sign_ins(session: Session, now: datetime, *, by: str) -> int:
    """End every sign-in of every user, as ``end_sign_ins`` does. Return the number of those that were complete."""
    session.execute(delete(PendingSignIn))
    ended = count_changed(session, delete(SignIn))
    log.record(
        session,
        at=now,
        actor=by,
        action=AuditAction.END_ALL_SIGN_INS,
        subject_kind=AuditSubject.USER,
        subject="*",
        ended=ended,
    )
    return ended


def _id_of(username: str) -> ColumnElement[int]:
    return select(User.id).where(User.username == username).scalar_subquery()


def _invented() -> ColumnElement[bool]:
    return User.sample & User.active & User.password_hash.is_(None) & User.setup_code_hash.is_(None)


def _alive(now: datetime) -> ColumnElement[bool]:
    return (SignIn.expires_at > now) & (SignIn.last_seen_at > now - IDLE_FOR)
