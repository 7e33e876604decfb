"""A backup that was made, one that was restored, and a move to another database, with their proofs."""

from __future__ import annotations

from dataclasses import dataclass

from stations.answers.audit import verdict_in_words
from stations.answers.columns import Column, Columns
from stations.answers.presentation import one_row
from stations.audit.chain import Verdict
from stations.backup.archive import Manifest
from stations.backup.daily import DailyBackup
from stations.backup.moving import Moved
from stations.backup.restoring import Restored
from stations.language import N_, Language


@dataclass(frozen=True)
class MadeBackup:
    """A backup that was made, and its size in bytes."""

    path: str
    size: int
    manifest: Manifest


MADE_COLUMNS: Columns[MadeBackup] = Columns(
    Column("file", lambda one: one.path, N_("File")),
    Column("bytes", lambda one: one.size, N_("Bytes")),
    Column("tables", lambda one: len(one.manifest.tables), N_("Tables")),
    Column("rows", lambda one: one.manifest.rows, N_("Rows")),
    Column("audit_head", lambda one: one.manifest.audit_head, N_("Head of the log")),
)

MADE = one_row(MADE_COLUMNS, "file", "bytes", "tables", "rows", "audit_head")


def _audit_in_words(verdict: Verdict | None, language: Language) -> str:
    if verdict is None:
        return language.translate(N_("of another version; run “setup”, then “audit verify”"))
    return verdict_in_words(language, verdict)


RESTORED_COLUMNS: Columns[Restored] = Columns(
    Column("whole", lambda one: one.whole, N_("As it was, row by row")),
    Column("rows", lambda one: one.manifest.rows, N_("Rows")),
    Column("differing", lambda one: one.differing, N_("Tables that differ")),
    Column(
        "audit",
        lambda one: one.audit,
        N_("Audit log"),
        show=_audit_in_words,
        in_data=False,
    ),
    Column("audit_whole", lambda one: one.audit and one.audit.fault is None),
    Column("current", lambda one: one.current),
    Column("made_at", lambda one: one.manifest.made_at),
    Column("erased_again", lambda one: one.erased_again, N_("Erased again")),
)

RESTORED = one_row(RESTORED_COLUMNS, "whole", "rows", "differing", "audit", "erased_again")


@dataclass(frozen=True)
class MadeKey:
    """A pair of keys: the file of the secret one, and the public one."""

    path: str
    public: str


KEY_COLUMNS: Columns[MadeKey] = Columns(
    Column("file", lambda one: one.path, N_("Secret key; keep it away from this server")),
    Column("public_key", lambda one: one.public, N_("Public key, for BACKUP_KEYS")),
)

KEY = one_row(KEY_COLUMNS, "file", "public_key")

DAILY_COLUMNS: Columns[DailyBackup] = Columns(
    Column("file", lambda one: str(one.path), N_("File")),
    Column("made", lambda one: one.made is not None, N_("Made now")),
    Column("rows", lambda one: one.made and one.made.rows, N_("Rows")),
    Column("removed", lambda one: [str(path) for path in one.removed], N_("Removed")),
)

DAILY = one_row(DAILY_COLUMNS, "file", "made", "rows", "removed")

MOVED_COLUMNS: Columns[Moved] = Columns(
    Column("whole", lambda one: one.whole, N_("As it was, row by row")),
    Column("rows", lambda one: one.rows, N_("Rows")),
    Column("differing", lambda one: one.differing, N_("Tables that differ")),
    Column("audit", lambda one: one.audit, N_("Audit log"), show=_audit_in_words, in_data=False),
    Column("audit_whole", lambda one: one.audit.fault is None),
    Column("tables", lambda one: one.tables),
)

MOVED = one_row(MOVED_COLUMNS, "whole", "rows", "differing", "audit")
