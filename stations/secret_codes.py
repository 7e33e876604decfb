"""Public numbers and secret codes of requests and ledgers: making them, and reading them as typed.

Both use Crockford's base 32, which leaves out letters that are confused on paper or over the telephone. The number
is public; the code, 50 random bits, is known only to the firm and stored as a hash.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import date

from stations.entered_text import narrow
from stations.secret_hash import hash_secret, secret_matches

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LENGTH = 6
_CODE_LENGTH = 10
_LOOK_ALIKES = str.maketrans("OIL", "011")
_NUMBER = re.compile(rf"\d{{6}}[{ALPHABET}]{{{_NUMBER_LENGTH}}}")
REQUEST, LEDGER = "Q", "M"
"""First letter of the numbers of requests and of instrument ledgers."""


def new_number(today: date, kind: str = REQUEST) -> str:
    """Return a number such as ``Q261124-0A1B2C``. Does not check whether it is taken."""
    return f"{kind}{today:%y%m%d}-{secret_text(_NUMBER_LENGTH)}"


def new_code() -> str:
    """Return a random secret code of ten characters."""
    return secret_text(_CODE_LENGTH)


def new_link_token() -> str:
    """Return 192 random bits for an address. A command takes it as an argument, so it never begins with a dash."""
    token = secrets.token_urlsafe(24)
    return new_link_token() if token.startswith("-") else token


@dataclass(frozen=True)
class NewCode:
    """A new secret code and its hash, which is slow to make: make it before the transaction that stores it."""

    code: str = field(default_factory=new_code, repr=False)
    code_hash: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "code_hash", hash_code(self.code))


def code_from_digest(digest: bytes) -> str:
    """Return a secret code from the first bits of a digest; the same digest gives the same code."""
    number = int.from_bytes(digest[:8])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(_CODE_LENGTH))


def secret_text(length: int) -> str:
    """Return random characters of ``ALPHABET``, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(typed: str) -> str:
    """Return the code as issued from a typed one: blanks and dashes removed, O read as 0, I and L as 1."""
    return re.sub(r"[\W_]", "", narrow(typed)).upper().translate(_LOOK_ALIKES)


def read_number(typed: str, kind: str = REQUEST) -> str | None:
    """Return the number as issued from a typed one, or None if it can't be a number of that kind."""
    letters = read_code(typed)
    return f"{letters[:7]}-{letters[7:]}" if letters[:1] == kind and _NUMBER.fullmatch(letters[1:]) else None


def hash_code(code: str) -> str:
    """Return the hash of a code as issued."""
    return hash_secret(code)


def code_matches(code_hash: str | None, typed: str) -> bool:
    """Whether the typed code has this hash. Without a hash, returns False after the same work, so that a wrong number
    takes as long as a wrong code.
    """
    return secret_matches(code_hash, read_code(typed))
