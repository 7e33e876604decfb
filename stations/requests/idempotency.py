"""Idempotency keys: a program that hears no answer sends the same again, and it is done once.

The rules are those of draft-ietf-httpapi-idempotency-key-header. A key is kept for ``KEPT_FOR``. Of a request that is
sent under it nothing is stored but a fingerprint, a keyed hash whose key is the idempotency key itself, so that neither
the text nor a guess at it can be found in the database.

A secret in the answer to a filing is stored nowhere: it is derived from the client's key and a seed that is forgotten
with the row. Other answers are stored sealed, by a key that is derived in the same way.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, LargeBinary, String, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, count_changed, transaction
from stations.errors import Conflict, DomainError, InvalidInput
from stations.language import N_
from stations.secret_codes import code_from_digest
from stations.secret_hash import hash_token

FIELD = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(minutes=2)
"""After this time without a result, the server that began is taken for dead, and the next one begins anew."""
SHORTEST, LONGEST = 16, 200
"""Characters of a key. Shorter ones would be chosen by two clients at once."""
_KEY = re.compile(rf"[!-~]{{{SHORTEST},{LONGEST}}}")
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')


class KeyUsed(DomainError):
    """A key was sent before, with something else."""


class InProgress(Conflict):
    """What was sent under a key before is not done yet."""


class IdempotencyKey(Base):
    """A key under which something was sent.

    ``key_hash``: of the key and of what it is for. ``fingerprint``: of what was sent, keyed by the key. ``seed``: what
    secrets of the answer are derived from, with the key; None once they are not to be told again. ``lease``: of the
    attempt that is at work until ``leased_until``. ``subject``: the number of what was made, None before; ``answer``:
    the result, perhaps stored only after that.
    """

    __tablename__ = "idempotency_key"
    in_caches = False
    personal_data = None

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    lease: Mapped[str] = mapped_column(String(24))
    leased_until: Mapped[datetime]
    answer: Mapped[dict[str, Any] | None]
    subject: Mapped[str | None] = mapped_column(String(20), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Attempt:
    """One sending under a key. ``answer``: the first result if there is one, else this attempt is to do it."""

    key: str
    key_hash: str
    lease: str
    seed: bytes | None
    answer: dict[str, Any] | None

    def secret_code(self) -> str | None:
        """Return the secret code of what is made under the key; the same each time, None once it is forgotten."""
        return None if self.seed is None else code_from_digest(hmac.digest(self.seed, self.key.encode(), "sha256"))

    def draft_key(self) -> str:
        """Return what the made record is known by, the same for each attempt."""
        return hash_token(f"{self.key_hash}:{(self.seed or b'').hex()}")

    def cipher(self) -> Fernet | None:
        """Return what seals the answer; None once it is not to be told again."""
        if self.seed is None:
            return None
        return Fernet(urlsafe_b64encode(hmac.digest(self.seed, f"answer:{self.key}".encode(), "sha256")))


def read_key(written: str) -> str:
    """Return a key as written in the header: a quoted string (RFC 8941), or the same without quotes.

    Raises:
        InvalidInput: it has too few or too many characters, or others than visible ASCII.
    """
    text = written.strip()
    if quoted := _QUOTED.fullmatch(text):
        text = re.sub(r"\\(.)", r"\1", quoted[1])
    if not _KEY.fullmatch(text):
        raise InvalidInput(
            FIELD,
            N_("Write {shortest} to {longest} visible ASCII characters, best a new UUID for each request"),
            shortest=SHORTEST,
            longest=LONGEST,
        )
    return text


def begin(engine: Engine, purpose: str, key: str, content: str, *, now: datetime) -> Attempt:
    """Begin an attempt, in a transaction of its own.

    ``purpose``: what the key is for; the same key for something else is another one. ``content``: what was sent.

    Raises:
        KeyUsed: the key was sent with other content before.
        InProgress: another attempt under the key is at work.
        Conflict: it was done, but its answer was lost with the server that gave it.
    """
    key_hash, lease = hash_token(f"{purpose}:{key}"), secrets.token_urlsafe(12)
    fingerprint = hmac.digest(key.encode(), content.encode(errors="surrogatepass"), "sha256").hex()
    with transaction(engine) as session:
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at <= now))
        row = IdempotencyKey(
            key_hash=key_hash,
            fingerprint=fingerprint,
            seed=secrets.token_bytes(32),
            lease=lease,
            leased_until=now + LEASE,
            expires_at=now + KEPT_FOR,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            row = _taken_over(session, key_hash, fingerprint, lease, now)
        return Attempt(key, key_hash, lease, row.seed, row.answer)


def _taken_over(session: Session, key_hash: str, fingerprint: str, lease: str, now: datetime) -> IdempotencyKey:
    """Return the row of a key that was sent before: with its answer, or leased by this attempt."""
    row = session.scalar(
        select(IdempotencyKey)
        .where(IdempotencyKey.key_hash == key_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:  # the attempt before was given up just now
        raise InProgress(IN_PROGRESS)
    if row.fingerprint != fingerprint:
        raise KeyUsed(N_("This Idempotency-Key was sent before with another body; use a new one for another request"))
    if row.answer is None and row.leased_until > now:
        raise InProgress(IN_PROGRESS)
    if row.answer is None and row.subject is not None:
        raise Conflict(ANSWER_LOST)
    if row.subject is None:
        row.lease, row.leased_until = lease, now + LEASE
    return row


ANSWER_LOST = N_(
    "What was sent before under this Idempotency-Key was done, but its answer can't be given again; read the record"
)
IN_PROGRESS = N_("What was sent before under this Idempotency-Key is not done yet; send it again in a moment")


def finish(session: Session, attempt: Attempt, answer: dict[str, Any], subject: str) -> None:
    """Store the result of an attempt, in the transaction that makes it. ``answer`` holds nothing personal or secret.

    Raises:
        InProgress: the attempt took so long that another has taken over; the transaction must be rolled back.
    """
    mine = (IdempotencyKey.key_hash == attempt.key_hash) & (IdempotencyKey.lease == attempt.lease)
    open_attempt = update(IdempotencyKey).where(mine, IdempotencyKey.subject.is_(None))
    if not count_changed(session, open_attempt.values(answer=answer, subject=subject)):
        raise InProgress(IN_PROGRESS)


def mark_done(session: Session, attempt: Attempt, subject: str) -> None:
    """Note that an attempt is done, in the transaction that does it; its answer follows by ``keep_answer``.

    Raises:
        InProgress: as ``finish``.
    """
    mine = (IdempotencyKey.key_hash == attempt.key_hash) & (IdempotencyKey.lease == attempt.lease)
    if not count_changed(session, update(IdempotencyKey).where(mine).values(subject=subject)):
        raise InProgress(IN_PROGRESS)


def keep_answer(engine: Engine, attempt: Attempt, answer: bytes, subject: str) -> None:
    """Store the answer of an attempt that is done, sealed. Whoever lacks the client's key can't read it."""
    cipher = attempt.cipher()
    assert cipher is not None, "an attempt that is at work has its seed"
    with transaction(engine) as session:
        mine = (IdempotencyKey.key_hash == attempt.key_hash) & (IdempotencyKey.lease == attempt.lease)
        sealed = {"sealed": cipher.encrypt(answer).decode()}
        session.execute(update(IdempotencyKey).where(mine).values(answer=sealed, subject=subject))


def reread_answer(attempt: Attempt) -> bytes:
    """Return the answer that ``keep_answer`` stored.

    Raises:
        Conflict: it is not to be told again, because the data in it was erased or its code replaced.
    """
    cipher = attempt.cipher()
    if cipher is None or attempt.answer is None:
        raise Conflict(ANSWER_LOST)
    return cipher.decrypt(attempt.answer["sealed"])


def give_up(engine: Engine, attempt: Attempt) -> None:
    """Forget an attempt that made nothing, so that it can be put right and sent again under its key."""
    with transaction(engine) as session:
        mine = (IdempotencyKey.key_hash == attempt.key_hash) & (IdempotencyKey.lease == attempt.lease)
        session.execute(delete(IdempotencyKey).where(mine, IdempotencyKey.subject.is_(None)))


def forget_secrets(session: Session, numbers: list[str]) -> None:
    """Tell no secret code of these records again: they have another one, or none."""
    session.execute(update(IdempotencyKey).where(IdempotencyKey.subject.in_(numbers)).values(seed=None))
