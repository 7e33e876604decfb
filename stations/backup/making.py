"""Making a backup while others write: everything from one snapshot, and its proof with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, InternalError
from sqlalchemy.orm import Session

from stations.audit.proof import audit_head
from stations.backup.archive import Manifest, write_archive
from stations.backup.encryption import PublicKey, encrypt
from stations.backup.placing import cannot_write, put_in_place, scratch, there_already, writing
from stations.backup.postgresql import dump
from stations.backup.proof import prove_tables
from stations.database import sqlite_file
from stations.errors import InvalidInput
from stations.language import N_
from stations.loading.schema_revision import revision_of

_DAMAGED = (DatabaseError, InternalError)
"""What SQLite and PostgreSQL raise for damaged pages: exactly these, since their subclasses are other faults."""


def make_backup(engine: Engine, target: Path, now: datetime, keys: Sequence[PublicKey] = ()) -> Manifest:
    """Write a backup, readable by its owner only, and return what it holds. ``keys``: whom to encrypt it for, if any.

    The file appears under its name when it is whole and on disk.

    Raises:
        Conflict: there is such a file.
        InvalidInput: it can't be written, the database is damaged, or the tools of PostgreSQL are missing.
    """
    try:
        with ExitStack() as folders, writing(target):
            if target.exists():
                raise there_already(target)
            beside = folders.enter_context(scratch(target.parent))
            # What is not encrypted must not be left where backups are taken from, even if this process is killed.
            private = folders.enter_context(scratch(_private_folder(engine))) if keys else beside
            copy = _copy_sqlite if engine.dialect.name == "sqlite" else _copy_postgresql
            manifest = copy(engine, private / "database", now)
            write_archive(private / "archive", manifest, private / "database")
            finished = private / "archive"
            if keys:
                finished = beside / "encrypted"
                encrypt(private / "archive", finished, keys)
            try:
                put_in_place(finished, target)
            except FileExistsError:
                raise there_already(target) from None
    except sqlite3.Error as problem:  # of the copy: those of the database itself come as SQLAlchemy's
        raise cannot_write(target, str(problem)) from problem
    except DatabaseError as problem:
        if type(problem) not in _DAMAGED:
            raise
        raise InvalidInput("file", N_("The database can't be read: {reason}"), reason=str(problem.orig)) from problem
    return manifest


def _private_folder(engine: Engine) -> Path:
    """Return the folder for what is not encrypted: the database's own, or the one for temporary files."""
    file = sqlite_file(engine.url)
    return file.parent if file else Path(gettempdir())


def _copy_sqlite(engine: Engine, database: Path, now: datetime) -> Manifest:
    # In one step, so that the copy is one snapshot; writers go on beside it in the write-ahead log.
    with engine.connect() as connection, closing(sqlite3.connect(database)) as copy:
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise TypeError(f"not a connection of sqlite3: {source!r}")
        manifest = _manifest(connection, now)  # begins the snapshot
        source.backup(copy)
    return manifest


def _copy_postgresql(engine: Engine, database: Path, now: datetime) -> Manifest:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        manifest = _manifest(connection, now)
        dump(engine.url, database, snapshot)
    return manifest


def _manifest(connection: Connection, now: datetime) -> Manifest:
    return Manifest(
        kind=connection.dialect.name,
        made_at=now.isoformat(),
        schema=revision_of(connection),
        audit_head=str(audit_head(Session(connection))),
        tables=prove_tables(connection),
    )
