"""The daily job that makes a backup, where a folder for backups is set."""

from __future__ import annotations

from datetime import timedelta

from stations.backup.daily import DailyBackup, make_daily_backup
from stations.backup.settings import read_backup_settings
from stations.jobs.job import Job, Switch, Turn
from stations.language import N_


def back_up(turn: Turn) -> DailyBackup | None:
    """Make the backup of the turn's day; return None if no folder is set.

    Raises:
        InvalidInput: a setting can't be used, or the backup can't be written.
    """
    return make_daily_backup(turn.engine, read_backup_settings(turn.environment), turn.on, turn.now)


JOB = Job(
    name="backup",
    label=N_("Daily backup"),
    every=timedelta(minutes=5),
    daily=True,
    switch=Switch(
        "BACK_UP", N_("BACK_UP is “{value}”; set it to 1 (the portal backs up every day) or 0 (only the command does)")
    ),
    run=back_up,
)
