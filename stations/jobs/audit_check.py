"""The daily job that follows the chain of the audit log from its beginning to its end."""

from __future__ import annotations

from datetime import timedelta

from stations.audit.chain import Verdict
from stations.audit.proof import verify_audit
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.operations.work_checks import AUDIT_CHECK
from stations.security_events import EventKind, note_events


class AuditNotWhole(DomainError):
    """The audit log was changed, cut off or written anew."""


def check_audit(turn: Turn) -> Verdict:
    """Follow the chain, and return the verdict.

    Raises:
        AuditNotWhole: it is broken; that is noted as a security event.
    """
    with reading(turn.engine) as session:
        verdict = verify_audit(session)
    if verdict.fault is not None:
        with transaction(turn.engine) as session:
            note_events(session, EventKind.AUDIT_BROKEN, turn.now)
        raise AuditNotWhole(N_("The audit log is not whole: entry {position}"), position=verdict.position)
    return verdict


JOB = Job(
    name=AUDIT_CHECK,
    label=N_("Check of the audit log"),
    every=timedelta(hours=1),
    daily=True,
    switch=Switch(
        "CHECK_AUDIT",
        N_("CHECK_AUDIT is “{value}”; set it to 1 (the portal checks every day) or 0 (only “audit verify” does)"),
    ),
    run=check_audit,
)
"""Once a day; after a fault, every hour until the log is whole again."""
