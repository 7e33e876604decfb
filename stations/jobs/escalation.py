"""The job that escalates each overdue request once to the next level up."""

from __future__ import annotations

from datetime import timedelta

from stations.database import transaction
from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.requests.escalation import Escalation, escalate


def escalate_all(turn: Turn) -> list[Escalation]:
    """Escalate everything that is due at ``turn.now``, one transaction for each batch. Return the escalations."""
    raised: list[Escalation] = []
    while not turn.stop.is_set():
        with transaction(turn.engine) as session:
            batch = escalate(session, samples=turn.samples, now=turn.now)
        if not batch:
            break
        raised += batch
    return raised


JOB = Job(
    name="escalation",
    label=N_("Escalation"),
    every=timedelta(minutes=5),
    switch=Switch(
        "ESCALATE", N_("ESCALATE is “{value}”; set it to 1 (the portal escalates) or 0 (only the command does)")
    ),
    run=escalate_all,
)
