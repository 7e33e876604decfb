"""Passkeys (WebAuthn): keys in a telephone, a computer or a stick that sign a question of this portal.

A passkey takes the place of the authenticator app's code and, where the authenticator has asked for a fingerprint or a
PIN, of the password too. An account can do without both (``passkeys_alone``). The browser lets a passkey answer only
the address it was made for, so that nobody can be talked into giving it away on another page. What authenticators sign
is checked by the library ``webauthn``; the database holds public keys only.

A question is asked in one browser, answered once, and within ``QUESTION_LASTS``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    generate_challenge,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from stations.accounts.accounts import User
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, count_changed
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.secret_hash import hash_token

QUESTION_LASTS = timedelta(minutes=10)
MOST = 10
"""How many passkeys an account may have."""
NAME_LIMIT = 60


class Passkey(Base):
    """A passkey of a user. ``credential_id``: what its authenticator knows it by, in base64url. ``sign_count``: how
    often it has signed, where its authenticator counts; one that counts backwards was copied and is refused.
    """

    __tablename__ = "passkey"
    in_caches = False
    personal_data = PersonalData(
        written=("name",),
        kept="until it is removed, or the second factor is",
        deleted_by=("stations.accounts.passkeys:remove_passkey", "stations.accounts.passkeys:remove_passkeys"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """A question that was asked and not answered yet. ``user_id``: whose passkey is asked for, None for anybody's.
    ``begun_in``: hash of what the browser is known by, and of what the question is for.
    """

    __tablename__ = "passkey_challenge"
    in_caches = False
    personal_data = None

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    begun_in: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class RelyingParty:
    """This portal, as authenticators know it. ``id``: its host name; ``origin``: its address as browsers tell it."""

    id: str
    origin: str
    name: str


_NOT_MADE = N_("The passkey could not be made: the answer of the device does not fit. Please try it once more")
_MAKE, _USE = "make", "use"


def list_passkeys(session: Session, username: str) -> Sequence[Passkey]:
    """Return a user's passkeys, the oldest first."""
    of_user = select(Passkey).join(User, User.id == Passkey.user_id).where(User.username == username)
    return session.scalars(of_user.order_by(Passkey.id)).all()


def has_passkeys(session: Session, user_id: int) -> bool:
    """Whether a user has passkeys."""
    return session.scalar(select(Passkey.id).where(Passkey.user_id == user_id).limit(1)) is not None


def ask_to_make(
    session: Session, user: User, party: RelyingParty, now: datetime, *, begun_in: str, alone: bool = False
) -> str:
    """Return the question with which a browser has a passkey made, as JSON. ``begun_in``: what it is known by.

    ``alone``: it is to be the password too, so that its device has to verify its user and to know whose it is.

    Raises:
        Conflict: the user has ``MOST`` already.
    """
    there = list_passkeys(session, user.username)
    if len(there) >= MOST:
        raise Conflict(N_("You have {count} passkeys; remove one that you no longer use"), count=MOST)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=user.username,
        user_display_name=user.name,
        user_id=_handle(user),
        challenge=_ask(session, user.id, _MAKE, begun_in, now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.PREFERRED,
            user_verification=_verified(alone),
        ),
        exclude_credentials=_descriptors(there),
    )
    return options_to_json(options)


def add_passkey(
    session: Session,
    user: User,
    answer: str,
    name: str,
    party: RelyingParty,
    now: datetime,
    *,
    begun_in: str,
    alone: bool = False,
) -> Passkey:
    """Store the passkey that was made for a question to this user in this browser, and return it.

    ``answer``: the credential as JSON, as the browser gives it. ``name``: what its owner calls it. ``alone``: as in the
    question.

    Raises:
        InvalidInput: the answer does not fit (field ``credential``), or the name is missing or too long (``name``).
    """
    called = read_text("name", name, limit=NAME_LIMIT)
    try:
        credential = parse_registration_credential_json(answer)
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        if not _answered(session, challenge, user.id, _MAKE, begun_in, now):
            raise InvalidInput("credential", _NOT_MADE)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError) as problem:
        raise InvalidInput("credential", _NOT_MADE) from problem
    known_by = bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == known_by)) is not None:
        raise InvalidInput("credential", N_("This passkey is there already"))
    passkey = Passkey(
        user_id=user.id,
        credential_id=known_by,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=called,
        added_at=now,
    )
    session.add(passkey)
    session.flush()
    _note(session, AuditAction.ADD_PASSKEY, user, now)
    return passkey


def ask_to_use(session: Session, user: User | None, party: RelyingParty, now: datetime, *, begun_in: str) -> str:
    """Return the question with which a browser has a passkey sign, as JSON.

    ``user``: whose, as a second factor; None for anybody's that is also the password, so that the authenticator has to
    verify its user. ``begun_in``: what the browser is known by.
    """
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=_ask(session, user.id if user else None, _USE, begun_in, now),
        allow_credentials=_descriptors(list_passkeys(session, user.username)) if user else None,
        user_verification=_verified(user is None),
    )
    return options_to_json(options)


def use_passkey(
    session: Session, user: User | None, answer: str, party: RelyingParty, now: datetime, *, begun_in: str
) -> User | None:
    """Return the user whose passkey has answered a question of ``ask_to_use``, locked; None if the answer does not fit.

    ``user``: whose passkey was asked for, None for anybody's.
    """
    try:
        credential = parse_authentication_credential_json(answer)
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        if not _answered(session, challenge, user.id if user else None, _USE, begun_in, now):
            return None
        passkey = session.scalar(
            select(Passkey).where(Passkey.credential_id == bytes_to_base64url(credential.raw_id)).with_for_update()
        )
        if passkey is None or (user is not None and passkey.user_id != user.id):
            return None
        signed = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=user is None,
        )
    except (WebAuthnException, ValueError):
        return None
    owner = session.scalar(select(User).where(User.id == passkey.user_id, User.active).with_for_update())
    if owner is not None:
        passkey.sign_count, passkey.last_used_at = signed.new_sign_count, now
    return owner


def remove_passkey(session: Session, user: User, passkey_id: int, now: datetime) -> None:
    """Remove one of a user's passkeys.

    Raises:
        NotFound: the user has none with that id (any more).
    """
    mine = (Passkey.id == passkey_id) & (Passkey.user_id == user.id)
    if count_changed(session, delete(Passkey).where(mine)) == 0:
        raise NotFound(N_("This passkey is removed already"))
    _note(session, AuditAction.REMOVE_PASSKEY, user, now)


def remove_passkeys(session: Session, user_id: int) -> None:
    """Remove all passkeys of a user, with whose second factor they go."""
    session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def _ask(session: Session, user_id: int | None, purpose: str, begun_in: str, now: datetime) -> bytes:
    """Store a new question, and delete those whose time is over."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    challenge = generate_challenge()
    session.add(
        PasskeyChallenge(
            challenge_hash=_digest(challenge),
            user_id=user_id,
            begun_in=hash_token(f"{purpose} {begun_in}"),
            expires_at=now + QUESTION_LASTS,
        )
    )
    return challenge


def _answered(
    session: Session, challenge: bytes, user_id: int | None, purpose: str, begun_in: str, now: datetime
) -> bool:
    """Whether this was asked there and is open; it is no longer open then."""
    asked = (
        (PasskeyChallenge.challenge_hash == _digest(challenge))
        & PasskeyChallenge.user_id.is_not_distinct_from(user_id)
        & (PasskeyChallenge.begun_in == hash_token(f"{purpose} {begun_in}"))
        & (PasskeyChallenge.expires_at > now)
    )
    return count_changed(session, delete(PasskeyChallenge).where(asked)) == 1


def _verified(must: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if must else UserVerificationRequirement.PREFERRED


def _descriptors(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in passkeys]


def _handle(user: User) -> bytes:
    """Return what an authenticator files a user's passkeys under; it tells nothing of the user."""
    return hashlib.sha256(f"passkeys of account {user.id}".encode()).digest()


def _digest(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()


def _note(session: Session, action: AuditAction, user: User, now: datetime) -> None:
    log.record(
        session, at=now, actor=user.username, action=action, subject_kind=AuditSubject.USER, subject=user.username
    )
