"""The job that escalates each overdue request once to the next level up."""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile

from sqlalchemy.orm import Session

from stations.database import reading
from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.one_by_one import one_by_one
from stations.requests.escalation import Escalation, Level, escalate, list_overdue


def escalate_all(turn: Turn) -> list[Escalation]:
    """Escalate everything that is due at ``turn.now``, one by one. Return the escalations."""

    def act(session: Session, one: tuple[Level, int]) -> Escalation | None:
        level, request_id = one
        return escalate(session, level, request_id, samples=turn.samples, now=turn.now)

    with reading(turn.engine) as session:
        overdue = list_overdue(session, samples=turn.samples, now=turn.now)
    going_on = takewhile(lambda _one: not turn.stop.is_set(), overdue)
    return one_by_one(turn.engine, "overdue request", going_on, act)


JOB = Job(
    name="escalation",
    label=N_("Escalation"),
    every=timedelta(minutes=5),
    switch=Switch(
        "ESCALATE", N_("ESCALATE is “{value}”; set it to 1 (the portal escalates) or 0 (only the command does)")
    ),
    run=escalate_all,
)
