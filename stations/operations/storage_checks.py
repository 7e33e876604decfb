"""Looking at the database, its schema, the disks and the backups."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from stations.backup.daily import newest_backup
from stations.backup.settings import erasure_list_file, read_backup_settings
from stations.database import sqlite_file
from stations.errors import DomainError
from stations.language import N_, Worded
from stations.loading.schema_revision import revision_of, wanted_revision
from stations.operations.check import Check, Part, State

SLOW = 1.0
"""Seconds; a database that takes longer for the smallest question is slow."""
BACKUP_LATE = timedelta(days=2)
"""The backup of a day is written in its first minutes, or whenever the portal starts."""
MAKE_A_BACKUP = N_("Run: python -m stations daily-backup. What it says tells what is wrong.")
MEGABYTE = 1024 * 1024
DISK_LOW = 1024 * MEGABYTE
DISK_FULL = 200 * MEGABYTE


def check_database(engine: Engine) -> Check:
    """Ask the database the smallest question. It fails if there is no answer."""
    began = perf_counter()
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Check(
            Part.DATABASE,
            State.FAILING,
            Worded(N_("It does not answer.")),
            Worded(N_("Look whether the database runs, and whether DATABASE_URL is right. The log says the reason.")),
        )
    seconds = perf_counter() - began
    slow = seconds > SLOW
    return Check(
        Part.DATABASE,
        State.NOTICE if slow else State.FINE,
        Worded(N_("It answers within {milliseconds} ms."), {"milliseconds": max(1, round(seconds * 1000))}),
        Worded(N_("It is slow: look at the load of its machine, and at its disk.")) if slow else None,
        {"seconds": round(seconds, 6)},
    )


def check_schema(engine: Engine) -> Check:
    """Compare the schema of a database that answers with the one of this version."""
    with engine.connect() as connection:
        found = revision_of(connection)
    wanted = wanted_revision()
    if found == wanted:
        return Check(Part.SCHEMA, State.FINE, Worded(N_("{revision}, that of this version"), {"revision": found}))
    return Check(
        Part.SCHEMA,
        State.FAILING,
        Worded(N_("{found}; this version needs {wanted}"), {"found": found or "–", "wanted": wanted}),
        Worded(N_("Make a backup, then run: python -m stations setup")),
    )


def check_disk(engine: Engine) -> Check:
    """Look at the room left for a SQLite file; of another database, at its size."""
    file = sqlite_file(engine.url)
    if file is None:
        size = _server_size(engine)
        told = N_("The database has {size}; its disk is on the machine of the database.")
        return Check(Part.DISK, State.FINE, Worded(told, {"size": _in_words(size)}), figures={"database_bytes": size})
    size = sum(one.stat().st_size for one in (file, file.with_name(f"{file.name}-wal")) if one.is_file())
    return _room(Part.DISK, file.parent, size, {"database_bytes": size})


def _server_size(engine: Engine) -> int:
    if engine.dialect.name != "postgresql":
        return 0
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _room(part: Part, folder: Path, needed: int, figures: Mapping[str, float]) -> Check:
    free = shutil.disk_usage(folder).free
    state = State.FAILING if free < DISK_FULL else State.NOTICE if free < max(needed, DISK_LOW) else State.FINE
    return Check(
        part,
        state,
        Worded(N_("{free} free"), {"free": _in_words(free)}),
        None if state is State.FINE else Worded(N_("Make room: remove what is not needed, or enlarge the disk.")),
        {**figures, "free_bytes": free},
    )


def _in_words(size: float) -> str:
    """Return a number of bytes as ``4.2 MB`` or ``70 GB``: two digits at least."""
    unit, of = ("GB", 1024 * MEGABYTE) if size >= 1024 * MEGABYTE else ("MB", MEGABYTE)
    return f"{size / of:.{0 if size >= 10 * of else 1}f} {unit}"


def check_backups(environment: Mapping[str, str], today: date, *, awaited: bool = False) -> list[Check]:
    """Look at the newest daily backup and the room beside it. ``awaited``: whether the first is not due yet."""
    try:
        folder = read_backup_settings(environment).folder
        found = newest_backup(folder) if folder else None
    except DomainError as problem:
        wrong = Worded(problem.message, problem.params)
        return [Check(Part.BACKUP, State.FAILING, wrong, Worded(N_("Mend the setting, or the folder.")))]
    if folder is None:
        return [
            Check(
                Part.BACKUP,
                State.NOTICE,
                Worded(N_("The portal makes none: BACKUP_FOLDER is not set.")),
                Worded(N_("Set BACKUP_FOLDER to a folder on another disk, and BACKUP_KEYS.")),
            )
        ]
    if found is None and awaited:
        told = N_("There is none yet; the portal makes the first within minutes of its start.")
        return [Check(Part.BACKUP, State.NOTICE, Worded(told), Worded(N_("Look here again in a quarter of an hour.")))]
    if found is None:
        return [Check(Part.BACKUP, State.FAILING, Worded(N_("There is none yet.")), Worded(MAKE_A_BACKUP))]
    day, size = found
    late = today - day >= BACKUP_LATE
    newest = Check(
        Part.BACKUP,
        State.FAILING if late else State.FINE,
        Worded(N_("of {day}, {size}"), {"day": day.isoformat(), "size": _in_words(size)}),
        Worded(MAKE_A_BACKUP) if late else None,
        {"age_days": (today - day).days, "bytes": size},
    )
    return [newest, _room(Part.BACKUP_DISK, folder, 2 * size, {})]


def check_erasure_list(engine: Engine, environment: Mapping[str, str]) -> Check:
    """Look whether what firms had erased is listed outside of the database, for when an older backup is restored."""
    file = erasure_list_file(engine, environment)
    if file is not None:
        return Check(Part.ERASURE_LIST, State.FINE, Worded(N_("It is kept in {path}"), {"path": str(file)}))
    return Check(
        Part.ERASURE_LIST,
        State.NOTICE,
        Worded(N_("There is none: an older backup of the database would bring back what firms had erased.")),
        Worded(N_("Set ERASURES_FOLDER to a folder that outlives the database, or BACKUP_FOLDER.")),
    )
