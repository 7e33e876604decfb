"""Backups: make one while the portal serves, and restore one into an empty database; moving to another database."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from stations.answers.backup import DAILY, KEY, MADE, MOVED, RESTORED, MadeBackup, MadeKey
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import FILE
from stations.database import open_engine
from stations.errors import InvalidInput
from stations.language import N_


@command(
    argument("file", type=FILE, help=N_("The file to write.")),
    option("--for", "keys", metavar="KEY", help=N_("Public keys to encrypt it for; those of BACKUP_KEYS by default.")),
)
def backup_command(call: Call, file: str, keys: str | None) -> Output:
    """Write everything into one file, while others write."""
    from stations.backup.encryption import read_public_keys
    from stations.backup.making import make_backup
    from stations.backup.settings import read_backup_settings

    chosen = read_public_keys(keys, "--for") if keys else read_backup_settings().keys
    manifest = make_backup(call.engine, Path(file), call.now, chosen)
    return Output(MADE, MadeBackup(file, Path(file).stat().st_size, manifest))


@command(argument("file", type=FILE, help=N_("The file to write the secret key to.")), needs_database=False)
def backup_key_command(call: Call, file: str) -> Output:
    """Make a pair of keys: the public one to encrypt backups for, the secret one to restore them with."""
    from stations.backup.encryption import make_key

    return Output(KEY, MadeKey(file, make_key(Path(file)).text))


@command()
def daily_backup_command(call: Call) -> Output:
    """Write the backup of today into BACKUP_FOLDER, and remove those that are not kept any more.

    Raises:
        InvalidInput: no folder is set.
    """
    from stations.jobs.backups import JOB
    from stations.jobs.running import run_noted

    done = run_noted(JOB, call.turn(call.today))
    if done is None:
        raise InvalidInput("BACKUP_FOLDER", N_("BACKUP_FOLDER is not set; name the folder that backups are written to"))
    return Output(DAILY, done)


@command(
    argument("file", type=FILE, help=N_("The backup to read.")),
    option("--key", type=FILE, metavar="FILE", help=N_("The file of the secret key, if the backup is encrypted.")),
    needs_database=False,
)
def restore_command(call: Call, file: str, key: str | None) -> Output:
    """Restore a backup into an empty database, prove it row by row, then erase again what was erased since.

    The list of erasures is that beside the backup, and that of this installation; a backup of an earlier version is
    upgraded first, and the portal erases when it serves.
    """
    from stations.backup.erasure_ledger import erase_again, read_erasures
    from stations.backup.restoring import restore_backup
    from stations.backup.settings import ERASURES, erasure_list_file

    restored = restore_backup(call.engine, Path(file), Path(key) if key else None)
    if restored.whole and restored.current:
        beside = Path(file).parent / ERASURES
        listed = [one for lists in {beside, erasure_list_file(call.engine) or beside} for one in read_erasures(lists)]
        restored = replace(restored, erased_again=erase_again(call.engine, listed, call.now))
    return Output(RESTORED, restored, exit_code=0 if restored.whole else 1)


@command(argument("url", help=N_("Where to, as in DATABASE_URL; “-” reads it from the standard input.")))
def migrate_to_command(call: Call, url: str) -> Output:
    """Copy everything into an empty database of either kind, and prove it row by row."""
    from stations.backup.moving import move_to

    target = open_engine(sys.stdin.readline().strip() if url == "-" else url)
    try:
        moved = move_to(call.engine, target)
    finally:
        target.dispose()
    return Output(MOVED, moved, exit_code=0 if moved.whole else 1)
