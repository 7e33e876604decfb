"""The daily reminders: of due instruments and newly opened services to firms, of records to confirm to stations.

What is kept long enough is deleted.
"""

from __future__ import annotations

from datetime import timedelta

from stations.alerts.confirmation_notices import ask_for_confirmations
from stations.database import transaction
from stations.firms.reminders import Reminded, send_reminders
from stations.jobs.delivery import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_


def remind(turn: Turn) -> Reminded:
    """Send the reminders of the turn's day, to stations as well. Return the numbers of notices to firms."""
    with transaction(turn.engine) as session:
        ask_for_confirmations(session, turn.on, now=turn.now)
    return send_reminders(turn.engine, turn.on, now=turn.now)


JOB = Job(name="reminders", label=N_("Reminders"), every=timedelta(hours=1), switch=SWITCH, run=remind)
