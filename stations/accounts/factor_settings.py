"""The operator's settings of the second factor: who needs one, and the keys that encrypt its secrets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from stations.duty.roles import ALLOWED, Role
from stations.errors import InvalidInput, NotReady
from stations.language import N_, ListedAsWritten
from stations.settings import read_value

EDITORS = frozenset(
    role for role, allowed in ALLOWED.items() if any(not action.startswith("see_") for action in allowed)
)
"""The roles that may change anything, not only look."""

_PLAIN, _SEALED = "plain:", "fernet:"


class FactorRule(StrEnum):
    """Who must have a second factor. Everybody may have one."""

    OFF = "off"
    EDITORS = "editors"
    ALL = "all"


@dataclass(frozen=True)
class FactorSettings:
    """``keys``: Fernet keys. The first encrypts, every one decrypts; without any, secrets are stored as they are, and
    with any, only encrypted ones are read (``second_factor.seal_plain_secrets``).
    """

    rule: FactorRule = FactorRule.OFF
    keys: tuple[str, ...] = field(default=(), repr=False)

    def requires(self, roles: Iterable[Role]) -> bool:
        """Whether somebody with these roles must have a second factor."""
        if self.rule is FactorRule.EDITORS:
            return any(role in EDITORS for role in roles)
        return self.rule is FactorRule.ALL

    def seal(self, secret: str, user_id: int) -> str:
        """Return a secret as it is stored: encrypted if there is a key, and then bound to its user."""
        if not self.keys:
            return _PLAIN + secret
        return _SEALED + self._cipher().encrypt(f"{user_id}:{secret}".encode()).decode()

    def unseal(self, stored: str, user_id: int) -> str:
        """Return a secret from what is stored.

        Raises:
            NotReady: none of the keys decrypts it, it is another user's, or it is not encrypted though there is a key:
                whoever can write to the database could have put it there.
        """
        if is_plain(stored):
            if self.keys:
                raise NotReady(_NOT_SEALED)
            return stored.removeprefix(_PLAIN)
        try:
            if not self.keys:
                raise InvalidToken
            owner, _, secret = self._cipher().decrypt(stored.removeprefix(_SEALED)).decode().partition(":")
        except InvalidToken:
            raise NotReady(_UNREADABLE) from None
        if owner != str(user_id):
            raise NotReady(_UNREADABLE)
        return secret

    def _cipher(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.keys])


def is_plain(stored: str) -> bool:
    """Whether a stored secret is not encrypted."""
    return stored.startswith(_PLAIN)


NO_RULE = FactorSettings()
_UNREADABLE = N_(
    "The second factor can't be read with the key of this server; tell the operator to check SECOND_FACTOR_KEY"
)

_NOT_SEALED = N_(
    "The second factor was stored before SECOND_FACTOR_KEY was set; tell the operator to run “setup” with that key"
)


def read_factor_settings(environment: Mapping[str, str] = os.environ) -> FactorSettings:
    """Read ``SECOND_FACTOR`` (default: off) and ``SECOND_FACTOR_KEY`` (keys separated by commas, the newest first).

    Raises:
        InvalidInput: the rule is unknown, or a key is not 32 bytes in base64.
    """
    written = read_value(environment, "SECOND_FACTOR")
    if (written.lower() or FactorRule.OFF) not in list(FactorRule):
        raise InvalidInput(
            "SECOND_FACTOR",
            N_("SECOND_FACTOR is “{value}”; set it to one of: {known}"),
            value=written,
            known=ListedAsWritten(FactorRule),
        )
    keys = tuple(key.strip() for key in read_value(environment, "SECOND_FACTOR_KEY").split(",") if key.strip())
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise InvalidInput(
                "SECOND_FACTOR_KEY",
                N_("Key {number} in SECOND_FACTOR_KEY is not 32 bytes in base64; make one with: {command}"),
                number=number,
                command="openssl rand -base64 32",
            ) from None
    return FactorSettings(FactorRule(written.lower() or FactorRule.OFF), keys)
