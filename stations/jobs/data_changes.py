"""The daily job that forgets what the feed of changes keeps no longer."""

from __future__ import annotations

from datetime import timedelta

from stations.changes.feed import forget_old_changes
from stations.jobs.erasure import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_
from stations.partners.call_back_sending import forget_old_deliveries
from stations.partners.sync_conflict import forget_old_conflicts


def forget(turn: Turn) -> int:
    """Delete the changes call-backs and conflicts whose time is over at ``turn.now``. Return the number of changes."""
    forget_old_deliveries(turn.engine, turn.now)
    forget_old_conflicts(turn.engine, turn.now)
    return forget_old_changes(turn.engine, turn.now)


JOB = Job(
    name="old changes",
    label=N_("Forgetting of old changes"),
    every=timedelta(hours=1),
    daily=True,
    switch=SWITCH,
    run=forget,
)
