"""The job that lists erasures beside the backups, and does them again after an older backup was restored."""

from __future__ import annotations

from datetime import timedelta

from stations.backup.erasure_ledger import keep_erasures
from stations.backup.settings import read_backup_settings
from stations.jobs.erasure import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_


def keep(turn: Turn) -> int:
    """Bring the list and the database together. Return how many records were erased again; 0 if no folder is set.

    Raises:
        InvalidInput: a setting can't be used, or the list can't be read or written.
    """
    folder = read_backup_settings(turn.environment).folder
    return keep_erasures(turn.engine, folder, turn.now) if folder else 0


JOB = Job(name="erasure list", label=N_("List of erasures"), every=timedelta(minutes=1), switch=SWITCH, run=keep)
