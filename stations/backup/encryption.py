"""Encryption of backups in the format of age (age-encryption.org/v1).

A backup is written for public keys and read with a secret key. The server needs the public keys alone: who takes it, or
its backups, can't read what they hold. The file can also be opened with the program ``age``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from stations.backup.placing import create_private
from stations.errors import InvalidInput
from stations.language import N_
from stations.system_reasons import reason_of

_BEGINNING = b"age-encryption.org/v1\n"


@dataclass(frozen=True)
class PublicKey:
    """A public key, as written: ``age1…``."""

    text: str

    @property
    def recipient(self) -> Recipient:
        """The same for the library."""
        return Recipient.from_str(self.text)


def read_public_keys(written: str, field: str) -> tuple[PublicKey, ...]:
    """Return the public keys in a text, separated by blanks or commas.

    Raises:
        InvalidInput: one of them is none; ``field`` is where it was written.
    """
    keys = tuple(PublicKey(text) for text in written.replace(",", " ").split())
    for key in keys:
        try:
            key.recipient  # noqa: B018 - raises if it is none
        except pyrage.RecipientError:
            raise InvalidInput(
                field, N_("“{key}” is no public key; it begins with age1, “backup-key” makes one"), key=key.text
            ) from None
    return keys


def make_key(target: Path) -> PublicKey:
    """Write a new secret key, readable by its owner only, and return the public key of it.

    Raises:
        Conflict: there is such a file.
        InvalidInput: it can't be written.
    """
    identity = Identity.generate()
    public = PublicKey(str(identity.to_public()))
    create_private(target, f"# public key: {public.text}\n{identity}\n".encode())
    return public


def is_encrypted(source: Path) -> bool:
    """Whether a file is encrypted in this format.

    Raises:
        OSError: it can't be read.
    """
    with source.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def encrypt(source: Path, target: Path, keys: Sequence[PublicKey]) -> None:
    """Encrypt a file for the owners of all ``keys``.

    Raises:
        OSError: it can't be written.
    """
    pyrage.encrypt_file(str(source), str(target), [key.recipient for key in keys])


def decrypt(source: Path, target: Path, key_file: Path) -> None:
    """Decrypt a file with a secret key that ``make_key`` or ``age-keygen`` has written.

    Raises:
        InvalidInput: the key can't be read or is another, or the file is damaged.
        OSError: ``target`` can't be written.
    """
    identities = _read_identities(key_file)
    try:
        pyrage.decrypt_file(str(source), str(target), identities)
    except pyrage.DecryptError as problem:
        raise InvalidInput(
            "key",
            N_("“{path}” can't be opened with the key in “{key}”: {reason}"),
            path=str(source),
            key=str(key_file),
            reason=str(problem),
        ) from None
    except OSError as problem:
        if problem.errno is not None:
            raise
        raise InvalidInput("file", N_("“{path}” is damaged: {reason}"), path=str(source), reason=str(problem)) from None


def _read_identities(key_file: Path) -> list[Identity]:
    try:
        lines = key_file.read_text(encoding="utf-8").splitlines()
        identities = [Identity.from_str(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    except OSError as problem:
        raise InvalidInput(
            "key", N_("“{path}” can't be read: {reason}"), path=str(key_file), reason=reason_of(problem)
        ) from problem
    except (pyrage.IdentityError, UnicodeDecodeError):
        identities = []
    if not identities:
        raise InvalidInput(
            "key", N_("“{path}” holds no secret key; “backup-key” writes such a file"), path=str(key_file)
        )
    return identities
