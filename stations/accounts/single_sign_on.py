"""Single sign-on: the account of a person whom an identity provider has authenticated.

A provider identifies a person by issuer and subject (OpenID Connect Core 1.0, section 2: together they are never
reassigned). An account is found by an identity linked to it. If the operator has named a claim that carries user
names, an account is also found once by that name, which links the identity. Signing in never creates an account or
a duty.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.accounts.accounts import User
from stations.accounts.admission import Admission, admit
from stations.accounts.factor_settings import NO_RULE, FactorSettings
from stations.accounts.sign_ins import Client, Method
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base
from stations.duty.roles import Actor
from stations.errors import Conflict, NotAllowed, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.secret_hash import hash_token

ATTEMPT_LASTS = timedelta(minutes=10)


class UserIdentity(Base):
    """An identity at a provider that can sign in as a user."""

    __tablename__ = "user_identity"
    in_caches = False
    personal_data = PersonalData(
        columns=("subject",),
        kept="until its owner unlinks it",
        deleted_by=("stations.accounts.single_sign_on:unlink_identity",),
    )
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class OidcAttempt(Base):
    """A visit to the provider that has not returned yet. ``linking_user_id``: the user, already signed in, who wants
    to link the identity to their account.
    """

    __tablename__ = "oidc_attempt"
    in_caches = False
    personal_data = None

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(80))
    code_verifier: Mapped[str] = mapped_column(String(128))
    next_page: Mapped[str] = mapped_column(String(500))
    linking_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(index=True)

    linking_user: Mapped[User | None] = relationship()


@dataclass(frozen=True)
class Attempt:
    """The values of a visit to the provider that must come back.

    ``state`` returns with the browser, ``nonce`` in the token. ``code_verifier`` is sent only when the code is
    exchanged (PKCE, RFC 7636).
    """

    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Vouched:
    """The identity that the provider has authenticated. ``username``: only if the operator trusts a claim that carries
    it. ``multi_factor``: the provider says that it asked for a second factor (``mfa`` in ``amr``, RFC 8176).
    """

    issuer: str
    subject: str
    username: str | None = None
    multi_factor: bool = False


def begin_attempt(session: Session, *, next_page: str, now: datetime, linking: Actor | None = None) -> Attempt:
    """Store a visit to the provider. An attempt is valid once, for ``ATTEMPT_LASTS``.

    Raises:
        NotAllowed: a sample user can't link an identity.
    """
    session.execute(delete(OidcAttempt).where(OidcAttempt.expires_at <= now))
    attempt = Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    session.add(
        OidcAttempt(
            state_hash=hash_token(attempt.state),
            nonce=attempt.nonce,
            code_verifier=attempt.code_verifier,
            next_page=next_page[:500],
            linking_user_id=_own(session, linking).id if linking else None,
            expires_at=now + ATTEMPT_LASTS,
        )
    )
    return attempt


def take_attempt(session: Session, state: str, now: datetime) -> OidcAttempt:
    """Return the attempt with which a browser comes back, and delete it.

    Raises:
        NotFound: there is none with that state, it was used before, or it has expired.
    """
    attempt = session.scalar(select(OidcAttempt).where(OidcAttempt.state_hash == hash_token(state)).with_for_update())
    if attempt is None or attempt.expires_at <= now:
        raise NotFound(N_("This sign-in took too long or was completed before; please start again"))
    session.delete(attempt)
    return attempt


def sign_in_vouched(
    session: Session,
    vouched: Vouched,
    now: datetime,
    *,
    client: Client,
    settings: FactorSettings = NO_RULE,
    next_page: str = "",
) -> Admission:
    """Admit the person whom the provider authenticated. Return what the browser gets.

    A second factor at the provider stands for the one here.

    Raises:
        NotAllowed: no open account belongs to this identity.
    """
    user = session.scalar(
        select(User).join(UserIdentity, UserIdentity.user_id == User.id).where(_is(vouched))
    ) or _by_claim(session, vouched, now)
    if user is None or not user.active:
        raise NotAllowed(
            N_("No account here belongs to the identity “{subject}”; ask your administrator to add one"),
            subject=vouched.subject,
        )
    return admit(
        session,
        user,
        Method.SINGLE_SIGN_ON,
        client,
        now,
        settings=settings,
        next_page=next_page,
        proved_elsewhere=vouched.multi_factor,
    )


def link_identity(session: Session, user: User, vouched: Vouched, now: datetime) -> None:
    """Allow the identity to sign in as ``user`` from now on; linking it again changes nothing.

    Raises:
        Conflict: it belongs to another account.
    """
    linked = session.scalar(select(UserIdentity).where(_is(vouched)))
    if linked is not None:
        if linked.user_id != user.id:
            raise Conflict(N_("This identity belongs to another account; that one must let go of it first"))
        return
    session.add(UserIdentity(user_id=user.id, issuer=vouched.issuer, subject=vouched.subject, linked_at=now))
    _record(session, AuditAction.LINK_IDENTITY, user.username, now, vouched.issuer)


def list_identities(session: Session, actor: Actor) -> list[UserIdentity]:
    """Return the identities that can sign in as the actor, in the order they were linked."""
    statement = select(UserIdentity).join(UserIdentity.user).where(User.username == actor.username)
    return list(session.scalars(statement.order_by(UserIdentity.id)))


def unlink_identity(session: Session, actor: Actor, identity_id: int, now: datetime) -> None:
    """Unlink one of the actor's own identities.

    Raises:
        NotFound: the actor has no such identity.
    """
    user = _own(session, actor)
    identity = session.scalar(
        select(UserIdentity).where(UserIdentity.id == identity_id, UserIdentity.user_id == user.id)
    )
    if identity is None:
        raise NotFound(N_("This identity is no longer linked"))
    session.delete(identity)
    _record(session, AuditAction.UNLINK_IDENTITY, user.username, now, identity.issuer)


def _own(session: Session, actor: Actor) -> User:
    if actor.sample:
        raise NotAllowed(N_("Invented people and their accounts can't be changed"))
    return session.scalars(select(User).where(User.username == actor.username)).one()


def _by_claim(session: Session, vouched: Vouched, now: datetime) -> User | None:
    if not vouched.username or not vouched.username.isprintable():
        return None
    user = session.scalar(select(User).where(User.username == vouched.username, User.active, ~User.sample))
    taken = user and session.scalar(
        select(UserIdentity.id).where(UserIdentity.user_id == user.id, UserIdentity.issuer == vouched.issuer)
    )
    if user is None or taken:
        return None
    link_identity(session, user, vouched, now)
    return user


def _is(vouched: Vouched) -> ColumnElement[bool]:
    return (UserIdentity.issuer == vouched.issuer) & (UserIdentity.subject == vouched.subject)


def _record(session: Session, action: AuditAction, username: str, now: datetime, issuer: str) -> None:
    log.record(
        session, at=now, actor=username, action=action, subject_kind=AuditSubject.USER, subject=username, issuer=issuer
    )
