"""Backups: make one while the portal serves, and restore one into an empty database."""

from __future__ import annotations

from pathlib import Path

from stations.answers.backup import MADE, RESTORED, MadeBackup
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command
from stations.language import N_


@command(argument("file", help=N_("The file to write.")))
def backup_command(call: Call, file: str) -> Output:
    """Write everything into one file, while others write."""
    from stations.backup.making import make_backup

    manifest = make_backup(call.engine, Path(file), call.now)
    return Output(MADE, MadeBackup(file, Path(file).stat().st_size, manifest))


@command(argument("file", help=N_("The backup to read.")), needs_database=False)
def restore_command(call: Call, file: str) -> Output:
    """Restore a backup into an empty database, and prove it row by row."""
    from stations.backup.restoring import restore_backup
    from stations.loading import schema  # noqa: F401 - the audit log is read through its tables

    restored = restore_backup(call.engine, Path(file))
    return Output(RESTORED, restored, exit_code=0 if restored.whole else 1)
