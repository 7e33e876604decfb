"""The job that lists erasures outside of the database, and does them again after an older backup was restored."""

from __future__ import annotations

from datetime import timedelta

from stations.backup.erasure_ledger import keep_erasures
from stations.backup.settings import erasure_list_file
from stations.jobs.erasure import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_


def keep(turn: Turn) -> int:
    """Bring the list and the database together. Return how many records were erased again; 0 if no list is kept.

    Raises:
        InvalidInput: the list can't be read or written.
    """
    file = erasure_list_file(turn.engine, turn.environment)
    return keep_erasures(turn.engine, file, turn.now) if file else 0


JOB = Job(name="erasure list", label=N_("List of erasures"), every=timedelta(minutes=1), switch=SWITCH, run=keep)
