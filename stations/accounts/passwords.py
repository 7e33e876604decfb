"""Rules for passwords, and their argon2id hashes. Nothing else of a password is stored."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from stations.errors import InvalidInput
from stations.language import N_

MIN_PASSWORD = 12
MAX_PASSWORD = 200

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash that matches no password."""
    return _hasher.hash(secrets.token_hex())


def hash_password(password: str, *, username: str = "", field: str = "password") -> str:
    """Return the hash of a new password.

    Raises:
        InvalidInput: the password is shorter than ``MIN_PASSWORD``, longer than ``MAX_PASSWORD``, has fewer than 4
            different characters, or contains the user name.
    """
    if len(password) < MIN_PASSWORD:
        raise InvalidInput(field, N_("The password needs at least {length} characters"), length=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise InvalidInput(field, N_("This is too long; {limit} characters at most"), limit=MAX_PASSWORD)
    if len(set(password)) < 4 or (username and username.lower() in password.lower()):
        raise InvalidInput(
            field, N_("This password is too easy to guess; mix more characters and leave the user name out")
        )
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password has this hash. Without a hash, returns False after the same work."""
    try:
        right = _hasher.verify(password_hash or _nobody(), password)
    except VerificationError:
        return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than the current ones."""
    return _hasher.check_needs_rehash(password_hash)


def rehash(password: str) -> str:
    """Return a hash with the current parameters, without checking the current rules for passwords."""
    return _hasher.hash(password)
