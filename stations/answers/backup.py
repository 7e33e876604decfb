"""A backup that was made, and one that was restored, with its proof."""

from __future__ import annotations

from dataclasses import dataclass

from stations.answers.audit import verdict_in_words
from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.backup.archive import Manifest
from stations.backup.restoring import Restored
from stations.language import N_


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

MADE: Presentation[MadeBackup, MadeBackup] = Presentation(
    data=lambda one, _language: MADE_COLUMNS.as_data(one),
    rows=lambda one: [one],
    columns=lambda _one: MADE_COLUMNS.take("file", "bytes", "tables", "rows", "audit_head"),
)

RESTORED_COLUMNS: Columns[Restored] = Columns(
    Column("whole", lambda one: one.whole, N_("As it was, row by row")),
    Column("rows", lambda one: one.manifest.rows, N_("Rows")),
    Column("differing", lambda one: one.differing, N_("Tables that differ")),
    Column(
        "audit",
        lambda one: one.audit,
        N_("Audit log"),
        show=lambda verdict, language: (
            verdict_in_words(language, verdict)
            if verdict
            else language.translate(N_("of another version; run “setup”, then “audit verify”"))
        ),
        in_data=False,
    ),
    Column("audit_whole", lambda one: one.audit and one.audit.fault is None),
    Column("current", lambda one: one.current),
    Column("made_at", lambda one: one.manifest.made_at),
)

RESTORED: Presentation[Restored, Restored] = Presentation(
    data=lambda one, _language: RESTORED_COLUMNS.as_data(one),
    rows=lambda one: [one],
    columns=lambda _one: RESTORED_COLUMNS.take("whole", "rows", "differing", "audit"),
)
