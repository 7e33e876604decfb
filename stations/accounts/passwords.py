"""Passwords: what one must be, and their argon2id hashes, the only thing kept of them."""

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
    """A hash that no password has."""
    return _hasher.hash(secrets.token_hex())


def hash_password(password: str, *, username: str = "", field: str = "password") -> str:
    """The hash to keep of a new password.

    Raises:
        InvalidInput: it is shorter than ``MIN_PASSWORD``, longer than ``MAX_PASSWORD``, one sign
            over and over, or holds the user's own name.
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
    """Whether it is the password that was hashed; without a hash, No after the same work."""
    try:
        right = _hasher.verify(password_hash or _nobody(), password)
    except VerificationError:
        return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def rehash(password: str) -> str:
    """A hash with today's settings of a password that was taken under yesterday's rules."""
    return _hasher.hash(password)
