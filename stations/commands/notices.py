"""Notices: sending those due, and reminding firms."""

from __future__ import annotations

import signal
import threading
from datetime import date

from stations.answers.jobs import REMINDED
from stations.answers.outbox import OUTBOX, Outbox
from stations.commands.call import Call, Output
from stations.commands.declaring import command, option
from stations.commands.parameter_types import DAY
from stations.jobs import delivery, reminders
from stations.jobs.loop import keep_running
from stations.jobs.running import run_noted
from stations.language import N_
from stations.log_lines import read_log_format, set_up_log
from stations.notices.outbox import count_notices, failed_notices
from stations.notices.settings import read_notice_settings


@command(option("--once", is_flag=True, help=N_("One round only.")))
def deliver_notices_command(call: Call, once: bool) -> Output:
    """Send the due notices: one round with ``--once``, else repeatedly until stopped."""
    settings = read_notice_settings()
    if not once:
        set_up_log(read_log_format())
        stop = threading.Event()
        for told in (signal.SIGINT, signal.SIGTERM):
            signal.signal(told, lambda *_: stop.set())
        keep_running(delivery.JOB, call.engine, stop, call.clock, samples=call.samples)
    done = run_noted(delivery.JOB, call.turn(call.today))
    with call.reading() as session:
        standing, failed = count_notices(session, settings.channels), failed_notices(session)
    return Output(OUTBOX, Outbox(done, tuple(settings.channels), tuple(standing), tuple(failed)))


@command(option("--on", type=DAY, metavar="DATE", help=N_("The day it is for; today where it is left out.")))
def send_reminders_command(call: Call, on: date | None) -> Output:
    """Notify firms of what is due and what has opened as of a day; a second run sends nothing again."""
    return Output(REMINDED, run_noted(reminders.JOB, call.turn(on or call.today)))
