"""What the command ``escalate`` does and answers."""

from __future__ import annotations

from stations.answers.answer import Answer, Question, sample_note
from stations.jobs.escalation import JOB
from stations.jobs.job import Turn
from stations.language import CHINA_TIME, N_, label
from stations.notices.delivery import system_clock
from stations.requests.escalation import Escalation


def escalate(question: Question) -> Answer:
    """Escalate what is overdue, once: which requests, whose deadline, and to whom."""
    now = question.options.at or question.now
    raised = JOB.run(Turn(question.engine, now, now.astimezone(CHINA_TIME).date(), system_clock, question.samples))
    data = [_as_data(one) for one in raised]
    say, language = question.language.translate, question.language
    headings = [say(N_("request")), say(N_("station")), say(N_("due")), say(N_("escalated to"))]
    rows = [
        [one["number"], one["station"], one["due_on"], label(language, escalation.level)]
        for one, escalation in zip(data, raised, strict=True)
    ]
    return Answer(data, headings, rows, sample_note(language, sum(one["sample"] for one in data)))


def _as_data(escalation: Escalation) -> dict[str, object]:
    request = escalation.request
    return {
        "number": request.number,
        "station": request.station.code,
        "due_on": escalation.due_on.isoformat(),
        "level": escalation.level.value,
        "sample": request.sample,
    }
