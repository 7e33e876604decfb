"""What the command ``send-reminders`` does and answers."""

from __future__ import annotations

from dataclasses import asdict

from stations.answers.answer import Answer, Question
from stations.jobs.job import Turn
from stations.jobs.reminders import JOB
from stations.language import N_
from stations.notices.delivery import system_clock


def reminders(question: Question) -> Answer:
    """Tell firms what is due and what has opened as of a day; a second run tells nothing again."""
    on = question.options.on or question.today
    done = JOB.run(Turn(question.engine, question.now, on, system_clock, question.samples))
    say = question.language.translate
    data = asdict(done) | {"on": done.on.isoformat()}
    names = {
        "on": N_("date"),
        "ledgers": N_("ledgers reminded"),
        "instruments": N_("instruments due"),
        "openings": N_("openings told"),
        "deleted": N_("kept long enough, deleted"),
    }
    return Answer(data, [say(name) for name in names.values()], [[data[key] for key in names]])
