"""The backup of a day, and removing those of earlier days that are not kept."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine

from stations.backup.archive import Manifest
from stations.backup.making import make_backup
from stations.backup.placing import writing
from stations.backup.rotation import superfluous
from stations.backup.settings import BackupSettings
from stations.errors import Conflict

_NAME = re.compile(r"portal-(\d{4}-\d{2}-\d{2})\.backup(\.age)?")


@dataclass(frozen=True)
class DailyBackup:
    """The result. ``made``: what the backup holds, None if the day had one already. ``removed``: earlier ones."""

    path: Path
    made: Manifest | None
    removed: tuple[Path, ...]


def make_daily_backup(engine: Engine, settings: BackupSettings, on: date, now: datetime) -> DailyBackup | None:
    """Write the backup of a day where there is none yet, then remove those that are not kept any more.

    Returns None if no folder is set. Several servers may share a folder: one of them makes the backup.

    Raises:
        InvalidInput: the backup can't be written, or an old one can't be removed. Nothing is removed before the
            backup of the day is whole.
    """
    if settings.folder is None:
        return None
    with writing(settings.folder):
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.folder / f"portal-{on.isoformat()}.backup{'.age' if settings.keys else ''}"
    made = None
    with suppress(Conflict):  # this server has made it before, or another has meanwhile
        made = make_backup(engine, path, now, settings.keys)
    by_day = _backups(settings.folder)
    removed = [file for day in superfluous(by_day, settings.kept) for file in by_day[day]]
    for file in removed:
        with writing(file):
            file.unlink(missing_ok=True)  # another server may have removed it meanwhile
    return DailyBackup(path, made, tuple(sorted(removed)))


def newest_backup(folder: Path) -> tuple[date, int] | None:
    """Return the newest day of which there is a backup, and the size of that in bytes; None if there is none.

    Raises:
        InvalidInput: the folder can't be read.
    """
    with writing(folder):
        by_day = _backups(folder) if folder.is_dir() else {}
        if not by_day:
            return None
        newest = max(by_day)
        return newest, max(file.stat().st_size for file in by_day[newest])


def _backups(folder: Path) -> dict[date, list[Path]]:
    """Return the daily backups in a folder by day; other files there are none of ours."""
    found: dict[date, list[Path]] = {}
    with writing(folder):
        for file in folder.iterdir():
            named = _NAME.fullmatch(file.name)
            day = _day(named[1]) if named else None
            if day is not None and file.is_file():
                found.setdefault(day, []).append(file)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
