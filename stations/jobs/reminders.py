"""The job for firms: remind them of due instruments, notify them of newly opened services, and delete expired data."""

from __future__ import annotations

from datetime import timedelta

from stations.firms.reminders import Reminded, send_reminders
from stations.firms.wishes import ask_wishes
from stations.jobs.delivery import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_
from stations.notices.settings import read_notice_settings


def remind(turn: Turn) -> Reminded:
    """Send the reminders of the turn's day, and ask whom nothing could be sent to before. Return the numbers of notices
    put into the outbox.

    Raises:
        InvalidInput: a setting of a channel is invalid.
    """
    ask_wishes(turn.engine, read_notice_settings(turn.environment).channels, turn.now)
    return send_reminders(turn.engine, turn.on, now=turn.now)


JOB = Job(name="reminders", label=N_("Reminders"), every=timedelta(hours=1), switch=SWITCH, run=remind)
