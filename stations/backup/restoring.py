"""Restoring a backup into an empty place, and proving that it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from stations.audit.chain import Head, Verdict
from stations.audit.proof import verify_audit
from stations.backup.archive import Manifest, open_archive
from stations.backup.encryption import decrypt, is_encrypted
from stations.backup.placing import put_in_place, writing
from stations.backup.postgresql import load
from stations.backup.proof import differing, prove_tables
from stations.database import open_engine, sqlite_file
from stations.errors import Conflict, InvalidInput
from stations.language import N_
from stations.loading.schema_revision import wanted_revision
from stations.system_reasons import reason_of

_LOGS = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database."""


@dataclass(frozen=True)
class Restored:
    """The result. ``differing``: tables that are not as they were. ``audit``: the verdict on the audit log, None if the
    backup is of another version, whose log this one does not read. ``current``: whether its schema is of this version.
    ``erased_again``: records that were erased after the backup was made, and now once more (``erasure_ledger``).
    """

    manifest: Manifest
    differing: list[str]
    audit: Verdict | None
    current: bool
    erased_again: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything is as it was."""
        return not self.differing and (self.audit is None or self.audit.fault is None)


def restore_backup(engine: Engine, source: Path, key_file: Path | None = None) -> Restored:
    """Restore a backup into the engine's database, which must be empty, and compare it with its proof.

    A SQLite file takes its place only if it is whole. ``key_file``: the secret key, if the backup is encrypted.

    Raises:
        Conflict: the database is not empty, or a log of another is left beside its file.
        InvalidInput: the file is no backup, damaged, or of another kind of database; the database can't be written; or
            the tools of PostgreSQL fail.
    """
    place = sqlite_file(engine.url)
    where = place.parent if place else Path(gettempdir())
    with writing(place or where), TemporaryDirectory(dir=where, prefix=".restore.") as folder:
        decrypted = _decrypted(source, key_file, Path(folder, "decrypted"))
        with open_archive(source, decrypted) as backup:
            manifest = backup.manifest
            if manifest.kind != engine.dialect.name or (manifest.kind == "sqlite" and place is None):
                raise InvalidInput(
                    "file",
                    N_("This is a backup of {kind}; set DATABASE_URL to an empty database of that kind"),
                    kind=manifest.kind,
                )
            _check_empty(engine, place)
            copy = Path(folder, "database")
            backup.write_database(copy)
        if place is None:
            load(engine.url, copy)
            with _reading(source, DataError, ProgrammingError):  # others are faults of the server
                return _prove(engine, manifest)
        with _reading(source, DBAPIError):
            restored = _prove_file(copy, manifest)
        if restored.whole:
            try:
                put_in_place(copy, place)
            except FileExistsError:
                raise _not_empty() from None
        return restored


def _decrypted(source: Path, key_file: Path | None, target: Path) -> Path | None:
    """Decrypt a backup that is encrypted; return None for another."""
    try:
        if not is_encrypted(source):
            return None
    except OSError as problem:
        message = N_("“{path}” can't be read: {reason}")
        raise InvalidInput("file", message, path=str(source), reason=reason_of(problem)) from problem
    if key_file is None:
        raise InvalidInput(
            "key", N_("“{path}” is encrypted; name the file of the secret key with --key"), path=str(source)
        )
    decrypt(source, target, key_file)
    return target


def _not_empty() -> Conflict:
    return Conflict(N_("The database is not empty; restore into a new one: set DATABASE_URL"))


def _check_empty(engine: Engine, place: Path | None) -> None:
    if place is None:
        if inspect(engine).get_table_names():
            raise _not_empty()
        return
    if place.exists() and place.stat().st_size:
        raise _not_empty()
    # SQLite writes what it finds in them to whatever file it finds beside them.
    for log in (place.with_name(place.name + ending) for ending in _LOGS):
        if os.path.lexists(log):
            raise Conflict(
                N_("“{path}” is left over from another database and may hold data of it; move it elsewhere first"),
                path=str(log),
            )
    if place.exists():
        place.unlink()


@contextmanager
def _reading(source: Path, *faults: type[DBAPIError]) -> Iterator[None]:
    """Read the database of a backup.

    Raises:
        InvalidInput: it is damaged, i.e. reading raises one of ``faults``.
    """
    try:
        yield
    except faults as problem:
        raise InvalidInput(
            "file",
            N_("The database in “{path}” can't be read: {reason}"),
            path=str(source),
            reason=str(problem.orig).partition("\n")[0],
        ) from problem


def _prove_file(copy: Path, manifest: Manifest) -> Restored:
    own = open_engine(f"sqlite:///{copy}")
    try:
        restored = _prove(own, manifest)
        with own.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return restored
    finally:
        own.dispose()


def _prove(engine: Engine, manifest: Manifest) -> Restored:
    with engine.connect() as connection:
        current = manifest.schema == wanted_revision()
        audit = verify_audit(Session(connection), Head.read(manifest.audit_head)) if current else None
        return Restored(manifest, differing(manifest.tables, prove_tables(connection)), audit, current)
