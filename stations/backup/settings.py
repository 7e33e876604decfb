"""The settings of daily backups, read from environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from stations.backup.encryption import PublicKey, read_public_keys
from stations.backup.rotation import Kept
from stations.database import sqlite_file
from stations.errors import InvalidInput
from stations.language import N_
from stations.settings import read_value

ERASURES = "erasures.csv"
_MOST = 9999
_WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class BackupSettings:
    """``folder``: where daily backups are written, None if none are. ``keys``: whom each backup is encrypted for."""

    folder: Path | None
    keys: tuple[PublicKey, ...]
    kept: Kept


def read_backup_settings(environment: Mapping[str, str] = os.environ) -> BackupSettings:
    """Read ``BACKUP_FOLDER``, ``BACKUP_KEYS``, ``BACKUP_KEEP_DAYS``, ``BACKUP_KEEP_WEEKS`` and ``BACKUP_KEEP_MONTHS``.

    Raises:
        InvalidInput: a value can't be used; the error names the variable and what to write.
    """
    folder, usual = read_value(environment, "BACKUP_FOLDER"), Kept()
    return BackupSettings(
        folder=Path(folder) if folder else None,
        keys=read_public_keys(read_value(environment, "BACKUP_KEYS"), "BACKUP_KEYS"),
        kept=Kept(
            days=_count(environment, "BACKUP_KEEP_DAYS", usual.days),
            weeks=_count(environment, "BACKUP_KEEP_WEEKS", usual.weeks),
            months=_count(environment, "BACKUP_KEEP_MONTHS", usual.months),
        ),
    )


def erasure_list_file(engine: Engine, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return where the list of erasures is kept (``erasure_ledger``): in ``ERASURES_FOLDER``, else in
    ``BACKUP_FOLDER``, else beside the file of a SQLite database and under its name; None if there is no such place.
    """
    if folder := read_value(environment, "ERASURES_FOLDER") or read_value(environment, "BACKUP_FOLDER"):
        return Path(folder) / ERASURES
    file = sqlite_file(engine.url)
    return file.with_name(f"{file.name}.{ERASURES}") if file else None


def _count(environment: Mapping[str, str], name: str, usual: int) -> int:
    written = read_value(environment, name)
    if not written:
        return usual
    if not (_WHOLE.fullmatch(written) and int(written) <= _MOST):
        told = N_("{name} is “{value}”; write a whole number, such as {usual}")
        raise InvalidInput(name, told, name=name, value=written, usual=usual)
    return int(written)
