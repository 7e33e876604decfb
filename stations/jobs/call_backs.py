"""The job that calls back systems of other offices, where this installation sends call-backs."""

from __future__ import annotations

from datetime import timedelta

from stations.jobs.delivery import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_
from stations.notices.channels.webhook import read_settings
from stations.partners.call_back_sending import CalledBack, call_back_due


def call_back(turn: Turn) -> CalledBack:
    """Send every call-back that is due.

    Raises:
        InvalidInput: a setting of call-backs is invalid.
    """
    settings = read_settings(turn.environment)
    return CalledBack() if settings is None else call_back_due(turn.engine, settings, turn.clock, turn.stop)


JOB = Job(
    name="call-backs",
    label=N_("Call-backs to other systems"),
    every=timedelta(seconds=5),
    switch=SWITCH,
    run=call_back,
)
