"""Admitting a user who gave the password or was vouched for: at once, or after the second factor.

Whoever has a second factor owes a code of it. Whoever must have one and has none owes setting it up: the password that
was just given proves who they are. Meanwhile the browser holds a token that opens nothing else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.accounts.factor_settings import FactorSettings
from stations.accounts.passkeys import has_passkeys
from stations.accounts.second_factor import Offer, has_app, has_second_factor, offer_second_factor
from stations.accounts.sign_ins import Client, Method, PendingSignIn, open_sign_in
from stations.secret_hash import hash_token

PENDING_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Admission:
    """``complete``: whether ``token`` is the token of a sign-in; otherwise of one that owes the second factor."""

    token: str = field(repr=False)
    complete: bool = True


@dataclass(frozen=True)
class Owing:
    """Who owes a second factor, whether it was set up before, the page to open afterwards, and whether a passkey or a
    code of an app can stand for it.
    """

    username: str
    has_factor: bool
    next_page: str
    has_passkey: bool = False
    has_app: bool = False


def admit(
    session: Session,
    user: User,
    method: Method,
    client: Client,
    now: datetime,
    *,
    settings: FactorSettings,
    next_page: str = "",
    proved_elsewhere: bool = False,
) -> Admission:
    """Sign in an authenticated user, or note that they owe the second factor.

    ``proved_elsewhere``: the identity provider has asked for a second factor.
    """
    owes = has_second_factor(session, user.id) or settings.requires(duty.role for duty in user.duties)
    if proved_elsewhere or not owes:
        return Admission(open_sign_in(session, user, method, client, now))
    session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        PendingSignIn(
            token_hash=hash_token(token),
            user_id=user.id,
            method=method,
            next_page=next_page[:500],
            expires_at=now + PENDING_LASTS,
        )
    )
    return Admission(token, complete=False)


def owing(session: Session, token: str | None, now: datetime) -> Owing | None:
    """Return who owes a second factor in the browser with this token, or None if nobody does, or no longer."""
    pending = _pending(session, token, now) if token else None
    if pending is None:
        return None
    user = pending.user
    app, passkey = has_app(session, user.id), has_passkeys(session, user.id)
    return Owing(user.username, app or passkey, pending.next_page, passkey, app)


def offer_to_who_owes(
    session: Session, token: str, now: datetime, *, settings: FactorSettings, issuer: str
) -> Offer | None:
    """Offer a second factor to who must have one and has none; None if nobody owes one with this token, or no longer.

    ``issuer``: what the app calls this portal.
    """
    pending = _pending(session, token, now)
    if pending is None:
        return None
    user = session.scalar(select(User).where(User.id == pending.user_id, User.active).with_for_update())
    if user is None or has_second_factor(session, user.id):
        return None
    return offer_second_factor(session, user, now, settings=settings, issuer=issuer, begun_in=token)


def complete(
    session: Session, user: User, token: str, client: Client, now: datetime, *, second_factor: str
) -> str | None:
    """Sign in who owed the second factor and has given it. Return the token of the sign-in; None if it was too late.

    ``second_factor``: what was given, for the log.
    """
    pending = _pending(session, token, now)
    if pending is None or pending.user_id != user.id:
        return None
    session.delete(pending)
    return open_sign_in(session, user, pending.method, client, now, second_factor=second_factor)


def end_pending(session: Session, token: str) -> None:
    """End a sign-in that owes the second factor: who began it signs out."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.token_hash == hash_token(token)))


def _pending(session: Session, token: str, now: datetime) -> PendingSignIn | None:
    return session.scalar(
        select(PendingSignIn)
        .join(PendingSignIn.user)
        .where(PendingSignIn.token_hash == hash_token(token), PendingSignIn.expires_at > now, User.active)
    )
