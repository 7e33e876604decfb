"""What the command ``deliver-notices`` does and answers."""

from __future__ import annotations

import logging
import signal
import sys
import threading

from stations.answers.answer import Answer, Question
from stations.database import reading
from stations.jobs import delivery
from stations.jobs.job import Turn
from stations.jobs.loop import keep_running
from stations.language import N_, label
from stations.notices.delivery import system_clock
from stations.notices.outbox import Channel, count_waiting
from stations.notices.settings import read_notice_settings


def deliver_notices(question: Question) -> Answer:
    """Send what is due: one round with ``--once``, else again and again until told to stop."""
    settings = read_notice_settings()
    say = question.language.translate
    if not question.options.once:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)
        stop = threading.Event()
        for told in (signal.SIGINT, signal.SIGTERM):
            signal.signal(told, lambda *_: stop.set())
        keep_running(delivery.JOB, question.engine, stop, system_clock, samples=question.samples)
    done = delivery.JOB.run(Turn(question.engine, question.now, question.today, system_clock, question.samples))
    with reading(question.engine) as session:
        waiting = count_waiting(session)
    unwired = sum(waiting[channel] for channel in Channel if channel not in settings.channels)
    data = {
        "sent": done.sent,
        "failed": done.failed,
        "waiting": {channel.value: waiting[channel] for channel in Channel},
        "configured": [channel.value for channel in settings.channels],
    }
    headings = [say(N_("channel")), say(N_("configured")), say(N_("waiting"))]
    yes_no = {True: say(N_("yes")), False: say(N_("no"))}
    rows = [
        [label(question.language, channel), yes_no[channel in settings.channels], waiting[channel]]
        for channel in Channel
    ]
    note = say(N_("{sent} sent, {failed} tries failed"), sent=done.sent, failed=done.failed)
    if unwired:
        note += ". " + say(
            N_("{count} notices wait because their channel is not configured; nothing is lost"), count=unwired
        )
    return Answer(data, headings, rows, note)
