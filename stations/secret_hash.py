"""Hashes of passwords and secret codes: argon2id, slow on purpose. Nothing else of a secret is stored.

Random tokens are too long to be guessed and are looked up by their hash: for them SHA-256 does. Each slow hash takes
64 MiB and four processors for a while, so only a few are made at a time. Never make one within a transaction that
writes: everybody else who writes would wait for it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from stations.errors import Busy
from stations.language import N_

hasher = PasswordHasher()
"""The parameters of new hashes: the second recommendation of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""
AT_ONCE = 4
WAIT_SECONDS = 10
_turns = BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Busy(N_("Many people are asking for this at the moment; please try again in a minute"))
    try:
        yield
    finally:
        _turns.release()


@cache
def _of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_hex())


def hash_secret(secret: str) -> str:
    """Return the hash of a secret.

    Raises:
        Busy: no turn came within ``WAIT_SECONDS``.
    """
    with _turn():
        return hasher.hash(secret)


def secret_matches(secret_hash: str | None, secret: str) -> bool:
    """Whether the secret has this hash. Without a hash, returns False after the same work.

    Raises:
        Busy: no turn came within ``WAIT_SECONDS``.
    """
    with _turn():
        try:
            right = hasher.verify(secret_hash or _of_nobody(hasher), secret)
        except VerificationError:
            return False
    return right and secret_hash is not None


def is_outdated(secret_hash: str) -> bool:
    """Whether the hash was made with other parameters than the current ones."""
    return hasher.check_needs_rehash(secret_hash)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a random token or a name of something, in hexadecimal, as the database stores it."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
