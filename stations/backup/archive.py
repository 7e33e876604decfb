"""The file of a backup: a tar archive of the database and of what it must hold (``manifest.json``)."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from stations.backup.proof import TableProof
from stations.errors import InvalidInput
from stations.language import N_

FORMAT = 1
_MANIFEST, _DATABASE = "manifest.json", "database"
_MANIFEST_LIMIT = 1 << 20


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


@contextmanager
def open_archive(source: Path) -> Iterator[tuple[Manifest, IO[bytes]]]:
    """Open a backup: its manifest, and the file of the database.

    Raises:
        InvalidInput: it can't be read, or is no backup of this program.
    """
    wrong = InvalidInput("file", N_("“{path}” can't be read as a backup of this portal"), path=str(source))
    try:
        with tarfile.open(source, "r:") as archive:
            manifest, database = archive.extractfile(_MANIFEST), archive.extractfile(_DATABASE)
            if manifest is None or database is None:
                raise wrong
            yield _read_manifest(manifest.read(_MANIFEST_LIMIT)), database
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError) as problem:
        raise wrong from problem


def _read_manifest(content: bytes) -> Manifest:
    told = json.loads(content)
    if told.pop("format") != FORMAT:
        raise ValueError("another format")
    return Manifest(**{**told, "tables": {name: TableProof(**one) for name, one in told["tables"].items()}})
