"""Restoring a backup into an empty place, and proving that it is whole."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from stations.audit.chain import Head, Verdict
from stations.audit.proof import verify_audit
from stations.backup.archive import Manifest, open_archive
from stations.backup.postgresql import load
from stations.backup.proof import differing, prove_tables
from stations.database import open_engine, sqlite_file
from stations.errors import Conflict, InvalidInput
from stations.language import N_
from stations.loading.migration import SCRIPTS


@dataclass(frozen=True)
class Restored:
    """The result. ``differing``: tables that are not as they were. ``audit``: the verdict on the audit log, None if the
    backup is of another version, whose log this one does not read. ``current``: whether its schema is of this version.
    """

    manifest: Manifest
    differing: list[str]
    audit: Verdict | None
    current: bool

    @property
    def whole(self) -> bool:
        """Whether everything is as it was."""
        return not self.differing and (self.audit is None or self.audit.fault is None)


def restore_backup(engine: Engine, source: Path) -> Restored:
    """Restore a backup into the engine's database, which must be empty, and compare it with its proof.

    A SQLite file takes its place only if it is whole.

    Raises:
        Conflict: the database is not empty.
        InvalidInput: the file is no backup, or of another kind of database; or the tools of PostgreSQL fail.
    """
    with open_archive(source) as (manifest, content):
        if manifest.kind != engine.dialect.name:
            raise InvalidInput(
                "file",
                N_("This is a backup of {kind}; set DATABASE_URL to an empty database of that kind"),
                kind=manifest.kind,
            )
        place = sqlite_file(engine.url)
        _check_empty(engine, place)
        with TemporaryDirectory(dir=place.parent if place else None, prefix=".restore.") as folder:
            copy = Path(folder, "database")
            with copy.open("wb") as written:
                shutil.copyfileobj(content, written)
                written.flush()
                os.fsync(written.fileno())
            if place is None:
                load(engine.url, copy)
                return _prove(engine, manifest)
            own = open_engine(f"sqlite:///{copy}")
            restored = _prove(own, manifest)
            with own.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            own.dispose()
            if restored.whole:
                copy.chmod(0o600)
                os.link(copy, place)  # fails where somebody else has made one meanwhile
            return restored


def _check_empty(engine: Engine, place: Path | None) -> None:
    if place is not None and place.exists() and place.stat().st_size == 0:
        place.unlink()
    if (place is not None and place.exists()) or (place is None and inspect(engine).get_table_names()):
        raise Conflict(N_("The database is not empty; restore into a new one: set DATABASE_URL"))


def _prove(engine: Engine, manifest: Manifest) -> Restored:
    with engine.connect() as connection:
        current = manifest.schema == ",".join(sorted(ScriptDirectory(str(SCRIPTS)).get_heads()))
        audit = verify_audit(Session(connection), Head.read(manifest.audit_head)) if current else None
        return Restored(manifest, differing(manifest.tables, prove_tables(connection)), audit, current)
