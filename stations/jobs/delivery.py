"""The job that sends the notices in the outbox, on the channels that this installation has."""

from __future__ import annotations

from datetime import timedelta

from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.notices.delivery import Delivered, deliver_due
from stations.notices.settings import read_notice_settings

SWITCH = Switch(
    "DELIVER_NOTICES",
    N_("DELIVER_NOTICES is “{value}”; set it to 1 (the portal sends notices) or 0 (only the command does)"),
)


def deliver(turn: Turn) -> Delivered:
    """Send every notice that is due.

    Raises:
        InvalidInput: a setting of a channel is invalid.
    """
    senders = read_notice_settings(turn.environment).senders()
    return deliver_due(turn.engine, senders, turn.clock, turn.stop)


JOB = Job(name="notices", label=N_("Delivery of notices"), every=timedelta(seconds=5), switch=SWITCH, run=deliver)
