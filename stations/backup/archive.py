"""The file of a backup: a tar archive of the database and of what it must hold (``manifest.json``)."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from stations.audit.chain import Head
from stations.backup.proof import TableProof
from stations.errors import InvalidInput
from stations.language import N_

FORMAT = 1
_MANIFEST, _DATABASE = "manifest.json", "database"
_MANIFEST_LIMIT = _PIECE = 1 << 20
_UNREADABLE = (OSError, tarfile.TarError, KeyError, TypeError, ValueError, RecursionError, InvalidInput)
"""What reading something else than a backup raises."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    ``kind``: of database, ``sqlite`` or ``postgresql``. ``made_at``: ISO 8601. ``schema``: the revision of the schema.
    ``audit_head``: the end of the audit log, as ``audit head`` writes it. ``tables``: name → proof.
    """

    kind: str
    made_at: str
    schema: str
    audit_head: str
    tables: dict[str, TableProof]

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def write_archive(target: Path, manifest: Manifest, database: Path) -> None:
    """Write the archive of a manifest and a file of the database."""
    told = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1).encode()
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo(_MANIFEST)
        entry.size, entry.mode = len(told), 0o600
        archive.addfile(entry, io.BytesIO(told))
        archive.add(database, _DATABASE, filter=_without_owner)


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


class OpenArchive:
    """A backup that is being read."""

    def __init__(self, source: Path, manifest: Manifest, database: IO[bytes]) -> None:
        self.source = source
        self.manifest = manifest
        self._database = database

    def write_database(self, target: Path) -> None:
        """Write the file of the database to a new file, and return when it is on disk.

        Raises:
            InvalidInput: the backup can't be read.
            OSError: the new file can't be written.
        """
        with target.open("xb") as written:
            for piece in self._pieces():
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())

    def _pieces(self) -> Iterator[bytes]:
        try:
            while piece := self._database.read(_PIECE):
                yield piece
        except _UNREADABLE as problem:
            raise _no_backup(self.source) from problem


@contextmanager
def open_archive(source: Path, decrypted: Path | None = None) -> Iterator[OpenArchive]:
    """Open a backup. ``decrypted``: where it was decrypted to, if it is encrypted.

    Raises:
        InvalidInput: it can't be read, or is no backup of this program. What is done with it raises its own errors.
    """
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(tarfile.open(decrypted or source, "r:"))
            manifest = _read_manifest(_member(archive, _MANIFEST).read(_MANIFEST_LIMIT))
            database = _member(archive, _DATABASE)
        except _UNREADABLE as problem:
            raise _no_backup(source) from problem
        yield OpenArchive(source, manifest, database)


def _no_backup(source: Path) -> InvalidInput:
    return InvalidInput("file", N_("“{path}” can't be read as a backup of this portal"), path=str(source))


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    entry = archive.getmember(name)
    content = archive.extractfile(entry) if entry.isreg() else None
    if content is None:
        raise ValueError(f"{name} is no file")
    return content


def _read_manifest(content: bytes) -> Manifest:
    """Return the manifest that is written there.

    Raises:
        KeyError, TypeError, ValueError, RecursionError, InvalidInput: it is none.
    """
    told = json.loads(content)
    if not isinstance(told, dict) or told.pop("format") != FORMAT or not isinstance(told["tables"], dict):
        raise ValueError("another format")
    manifest = Manifest(**{**told, "tables": {name: TableProof(**one) for name, one in told["tables"].items()}})
    texts = (manifest.kind, manifest.made_at, manifest.schema, manifest.audit_head)
    tables = manifest.tables.values()
    if not all(isinstance(text, str) for text in (*texts, *(table.sha256 for table in tables))):
        raise TypeError("texts are expected")
    if not all(type(table.rows) is int for table in tables):
        raise TypeError("numbers of rows are expected")
    Head.read(manifest.audit_head)
    return manifest
