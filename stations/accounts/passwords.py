"""Rules for passwords."""

from __future__ import annotations

from stations.accounts.password_strength import why_soon_guessed
from stations.errors import InvalidInput
from stations.language import N_
from stations.secret_hash import hash_secret

MIN_PASSWORD = 12
MAX_PASSWORD = 200


def hash_password(password: str, *, username: str = "", field: str = "password") -> str:
    """Return the hash of a new password.

    Raises:
        InvalidInput: as ``check_password_rules``.
        Busy: too many secrets are being hashed.
    """
    check_password_rules(password, username=username, field=field)
    return hash_secret(password)


def check_password_rules(password: str, *, username: str, field: str) -> None:
    """Check a new password.

    Raises:
        InvalidInput: the password is shorter than ``MIN_PASSWORD``, longer than ``MAX_PASSWORD``, has fewer than 4
            different characters, contains the user name, or is soon guessed (``password_strength``).
    """
    if len(password) < MIN_PASSWORD:
        raise InvalidInput(field, N_("The password needs at least {length} characters"), length=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise InvalidInput(field, N_("This is too long; {limit} characters at most"), limit=MAX_PASSWORD)
    if len(set(password)) < 4 or (username and username.lower() in password.lower()):
        raise InvalidInput(
            field, N_("This password is too easy to guess; mix more characters and leave the user name out")
        )
    if (why := why_soon_guessed(password, names=[username])) is not None:
        raise InvalidInput(field, why)
