"""Signing in: what a browser that is signed in holds, and who it then acts as.

A signed-in browser holds a random token, the database only its SHA-256. Guessing locks the account
for a while.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations import audit
from stations.access import Actor, Responsibility
from stations.accounts import User
from stations.database import Base
from stations.passwords import is_outdated, password_matches, rehash

GUESSES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=15)
SIGNED_IN_FOR = timedelta(hours=12)


class SignIn(Base):
    """A browser that is signed in."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def sign_in(session: Session, username: str, password: str, now: datetime) -> str | None:
    """Check a password; a token for the browser, or None where the name or the password is wrong.

    None is answered alike, and after the same work, for a wrong name, a wrong password and a locked
    account, so that nobody learns which names exist. The transaction must be committed either way:
    it counts the wrong guesses.
    """
    # No name holds a control character, and PostgreSQL would not even take the question.
    name = username.strip() if username.isprintable() else None
    user = session.scalar(select(User).where(User.username == name).with_for_update())
    right = password_matches(user.password_hash if user else None, password)
    if user is None or user.password_hash is None:
        return None
    locked = user.locked_until is not None and user.locked_until > now
    if locked or not user.active:
        return None
    if not right:
        user.wrong_guesses += 1
        if user.wrong_guesses >= GUESSES_BEFORE_LOCK:
            user.wrong_guesses, user.locked_until = 0, now + LOCKED_FOR
            audit.record(
                session, at=now, actor=user.username, action="lock", subject_kind="user", subject=user.username
            )
        return None
    user.wrong_guesses, user.locked_until = 0, None
    if is_outdated(user.password_hash):
        user.password_hash = rehash(password)
    return _open(session, user, now)


def enter_as_sample(session: Session, username: str, now: datetime) -> str | None:
    """A token for an invented user, who needs no password because only sample records are reached."""
    user = session.scalar(select(User).where(User.username == username, User.sample, User.password_hash.is_(None)))
    return _open(session, user, now) if user and user.active else None


def list_sample_users(session: Session) -> list[User]:
    """The invented users that anyone may enter as, by user name."""
    statement = select(User).where(User.sample, User.active, User.password_hash.is_(None))
    return list(session.scalars(statement.order_by(User.username)))


def actor_of(session: Session, token: str | None, now: datetime, *, samples: bool) -> Actor | None:
    """Who holds the token; None where nobody does, it has run out, or it is a sample user's while
    samples are left out."""
    if not token:
        return None
    user = session.scalar(
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == _digest(token), SignIn.expires_at > now, User.active)
    )
    if user is None or (user.sample and not samples):
        return None
    duties = tuple(Responsibility(duty.role, duty.area_kind, duty.area_code) for duty in user.duties)
    return Actor(user.username, user.name, user.sample, duties)


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End one browser's sign-in, and clear away those that ran out."""
    session.execute(delete(SignIn).where((SignIn.token_hash == _digest(token)) | (SignIn.expires_at <= now)))


def _open(session: Session, user: User, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=_digest(token), user_id=user.id, created_at=now, expires_at=now + SIGNED_IN_FOR))
    audit.record(session, at=now, actor=user.username, action="sign_in", subject_kind="user", subject=user.username)
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
