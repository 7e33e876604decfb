"""Looking at the work that goes on by itself: recurring jobs, notices, and the server processes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stations.job_runs import JobRun
from stations.language import N_, ListedAsWritten, Worded
from stations.notices.channel import Channel
from stations.notices.outbox import Notice, NoticeState
from stations.operations.check import Check, Part, State
from stations.operations.storage_checks import MAKE_A_BACKUP
from stations.server_processes import ServerProcess

NOTICE_LATE = timedelta(minutes=30)
"""So long after it was due, a notice whose channel is configured should have been tried."""
_RUN_LATE = timedelta(minutes=15)
_DAY_LATE = timedelta(hours=36)
_TRIES = timedelta(hours=1)
"""A job may fail for so long before somebody has to look: a database that starts again, a gateway that is away."""

FIRST_BACKUP = timedelta(minutes=15)
"""So long after a server has started, the first backup should be there."""

AUDIT_CHECK, BACKUP = "audit check", "backup"

_ADVICE: Mapping[str, str] = {
    BACKUP: MAKE_A_BACKUP,
    AUDIT_CHECK: N_(
        "Run: python -m stations audit verify. If it names an entry, stop the portal, keep a copy of the database, and"
        " compare it with the newest backup whose log is whole."
    ),
    "notices": N_("Run: python -m stations deliver-notices --once. What it says tells what is wrong."),
}
_ELSE = N_("Look for “{job}” in the log: below it stands what is wrong. The job tries again by itself.")


@dataclass(frozen=True)
class ExpectedJob:
    """A job as it should run. ``on``: whether servers run it, or only its command (setting ``switch``)."""

    name: str
    every: timedelta
    daily: bool
    on: bool
    switch: str


def check_job(job: ExpectedJob, noted: JobRun | None, now: datetime) -> Check:
    """Compare how a job should run with what became of its runs."""
    advice = Worded(_ADVICE.get(job.name, _ELSE), {"job": job.name} if job.name not in _ADVICE else {})
    off = "" if job.on else N_("Switched off here by {switch}: only its command does it.")
    if noted is None:
        told = Worded(off, {"switch": job.switch}) if off else Worded(N_("It has not run yet."))
        return Check(Part.JOB, State.NOTICE, told, None if off else advice, name=job.name)
    figures = {
        "runs": noted.runs,
        "failures": noted.failures,
        "seconds": noted.last_seconds,
        "run_at_seconds": noted.last_run_at.timestamp(),
        "success_at_seconds": noted.last_success_at.timestamp() if noted.last_success_at else 0,
    }
    if noted.failing_since is not None:
        state = State.FAILING if now - noted.failing_since > _TRIES or job.daily else State.NOTICE
        seen = Worded(
            N_("It has failed since {since} ({error}); it last succeeded {success}."),
            {"since": noted.failing_since, "error": noted.last_failure, "success": noted.last_success_at or "–"},
        )
        return Check(Part.JOB, state, seen, advice, figures, job.name)
    late = now - noted.last_run_at > (_DAY_LATE if job.daily else max(10 * job.every, _RUN_LATE))
    seen = Worded(N_("It last succeeded {success}."), {"success": noted.last_success_at})
    if late and job.on:
        stopped = Worded(N_("No server runs it any more: look whether the portal runs, and start it again."))
        return Check(Part.JOB, State.FAILING, seen, stopped, figures, job.name)
    return Check(Part.JOB, State.FINE, seen, None, figures, job.name)


def backup_awaited(jobs: Sequence[ExpectedJob], servers: Sequence[ServerProcess], now: datetime) -> bool:
    """Whether no backup is due yet: servers make it, and none runs, or the youngest has only just started."""
    made_by_servers = any(job.name == BACKUP and job.on for job in jobs)
    return made_by_servers and all(now - server.started_at < FIRST_BACKUP for server in servers[-1:])


def check_notices(session: Session, configured: Collection[Channel], now: datetime) -> Check:
    """Look at what waits in the outbox, and at what failed for good."""
    count = select(func.count()).select_from(Notice)
    waiting = Notice.state == NoticeState.WAITING
    ways = Notice.channel.in_(configured)
    due = session.scalar(count.where(waiting, ways)) or 0
    late = session.scalar(count.where(waiting, ways, Notice.next_try_at < now - NOTICE_LATE)) or 0
    unwired = session.scalar(count.where(waiting, ~ways)) or 0
    failed = session.scalar(count.where(Notice.state == NoticeState.FAILED)) or 0
    figures = {"waiting": due, "late": late, "without_channel": unwired, "failed": failed}
    seen = Worded(
        N_("{waiting} wait, {late} of them too long; {failed} failed; {unwired} have no channel here."),
        {"waiting": due, "late": late, "failed": failed, "unwired": unwired},
    )
    if late:
        advice = N_("Run: python -m stations deliver-notices --once. What it says tells what is wrong.")
        return Check(Part.NOTICES, State.FAILING, seen, Worded(advice), figures)
    if failed:
        advice = N_("Look at the work desk, notices: it says why each failed, and sends it again.")
        return Check(Part.NOTICES, State.NOTICE, seen, Worded(advice), figures)
    if unwired:
        advice = N_("Set up their channel (SMTP_URL, SMS_GATEWAY_URL, WEBHOOK_SECRET); nothing is lost meanwhile.")
        return Check(Part.NOTICES, State.NOTICE, seen, Worded(advice), figures)
    return Check(Part.NOTICES, State.FINE, seen, None, figures)


def check_servers(seen: Sequence[ServerProcess]) -> Check:
    """Look whether the server processes that run are of one build."""
    builds = sorted({process.build for process in seen})
    figures = {"processes": len(seen), "builds": len(builds)}
    told = Worded(N_("{count} run: {builds}"), {"count": len(seen), "builds": ListedAsWritten(builds) or "–"})
    if len(builds) > 1:
        advice = Worded(N_("Bring all servers to the same version."))
        return Check(Part.SERVERS, State.NOTICE, told, advice, figures)
    if not seen:
        return Check(Part.SERVERS, State.NOTICE, told, Worded(N_("Start the portal.")), figures)
    return Check(Part.SERVERS, State.FINE, told, None, figures)


def check_clock(set_to: datetime | None) -> Check:
    """Look whether the clock is set by hand."""
    if set_to is None:
        return Check(Part.CLOCK, State.FINE, Worded(N_("That of the machine")))
    told = Worded(N_("Set by hand, to {instant} at the start"), {"instant": set_to})
    return Check(Part.CLOCK, State.NOTICE, told, Worded(N_("Unset CLOCK where records matter.")))
