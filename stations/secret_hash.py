"""Hashes of passwords and secret codes: argon2id, slow on purpose. Nothing else of a secret is stored."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

hasher = PasswordHasher()
"""The parameters of new hashes: the second recommendation of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""


@cache
def _of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_hex())


def hash_secret(secret: str) -> str:
    """Return the hash of a secret."""
    return hasher.hash(secret)


def secret_matches(secret_hash: str | None, secret: str) -> bool:
    """Whether the secret has this hash. Without a hash, returns False after the same work."""
    try:
        right = hasher.verify(secret_hash or _of_nobody(hasher), secret)
    except VerificationError:
        return False
    return right and secret_hash is not None


def is_outdated(secret_hash: str) -> bool:
    """Whether the hash was made with other parameters than the current ones."""
    return hasher.check_needs_rehash(secret_hash)
