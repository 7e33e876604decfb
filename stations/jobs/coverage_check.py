"""The daily job that checks coverage: raises and closes alerts, and notifies the offices."""

from __future__ import annotations

from datetime import timedelta

from stations.alerts.alert_notices import enqueue_alerts
from stations.alerts.alerts import CoverageCheck, check_coverage
from stations.database import transaction
from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.notices.outbox import Notice


def check(turn: Turn) -> tuple[CoverageCheck, list[Notice]]:
    """Check the turn's day and put the notices of new alerts into the outbox, in one transaction.

    Alerts already raised for that day, here or by another server, are not raised again.
    """
    with transaction(turn.engine) as session:
        found = check_coverage(session, turn.on, samples=turn.samples, now=turn.now)
        return found, enqueue_alerts(session, found.raised, now=turn.now)


JOB = Job(
    name="coverage check",
    label=N_("Check of coverage"),
    every=timedelta(minutes=5),
    daily=True,
    switch=Switch(
        "CHECK_COVERAGE",
        N_("CHECK_COVERAGE is “{value}”; set it to 1 (the portal checks every day) or 0 (only the command does)"),
    ),
    run=check,
)
