"""What the command ``send-reminders`` does and answers."""

from __future__ import annotations

from dataclasses import asdict

from stations.answers.answer import Answer, Question
from stations.firms.reminders import send_reminders
from stations.language import N_


def reminders(question: Question) -> Answer:
    """Tell firms what is due and what has opened as of a day; a second run tells nothing again."""
    done = send_reminders(question.engine, question.options.on or question.today, now=question.now)
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
