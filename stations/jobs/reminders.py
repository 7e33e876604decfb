"""The daily reminders: of due instruments and newly opened services to firms, of records to confirm to stations.

What is kept long enough is deleted.
"""

from __future__ import annotations

from datetime import timedelta

from stations.alerts.confirmation_notices import ask_for_confirmations
from stations.database import transaction
from stations.firms.reminders import Reminded, send_reminders
from stations.firms.wishes import ask_wishes
from stations.jobs.delivery import SWITCH
from stations.jobs.job import Job, Turn
from stations.language import N_
from stations.notices.settings import read_notice_settings


def remind(turn: Turn) -> Reminded:
    """Send the reminders of the turn's day, to stations as well, and ask whom nothing could be sent to before. Return
    the numbers of notices to firms.

    Raises:
        InvalidInput: a setting of a channel is invalid.
    """
    with transaction(turn.engine) as session:
        ask_for_confirmations(session, turn.on, now=turn.now)
    ask_wishes(turn.engine, read_notice_settings(turn.environment).channels, turn.now)
    return send_reminders(turn.engine, turn.on, now=turn.now)


JOB = Job(name="reminders", label=N_("Reminders"), every=timedelta(hours=1), switch=SWITCH, run=remind)
