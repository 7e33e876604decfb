"""What became of the runs of each recurring job, on whatever server they ran."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base


class JobRun(Base):
    """The runs of a job so far: how many, how many failed, and the last ones.

    ``last_failure``: the kind of the last error (``module.Class``), never its message. ``failing_since``: the first of
    the failures after the last success; None if the last run succeeded.
    """

    __tablename__ = "job_run"
    in_caches = False
    personal_data = None

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    runs: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    last_run_at: Mapped[datetime]
    last_seconds: Mapped[float]
    last_success_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    last_failure: Mapped[str | None] = mapped_column(String(200))


def note_runs(
    session: Session, name: str, now: datetime, took: timedelta, *, runs: int = 1, failure: BaseException | None = None
) -> None:
    """Note the last of ``runs`` runs, which began at ``now``; the others succeeded. ``failure``: what it raised."""
    noted = _row(session, name, now)
    noted.runs += runs
    noted.last_run_at, noted.last_seconds = now, took.total_seconds()
    if failure is None:
        noted.last_success_at, noted.failing_since = now, None
        return
    noted.failures += 1
    noted.failing_since = noted.failing_since or now
    noted.last_failure = f"{type(failure).__module__}.{type(failure).__qualname__}"[:200]


def _row(session: Session, name: str, now: datetime) -> JobRun:
    kept = select(JobRun).where(JobRun.name == name).with_for_update()
    noted = session.scalar(kept)
    if noted is not None:
        return noted
    try:
        with session.begin_nested():
            session.add(noted := JobRun(name=name, runs=0, failures=0, last_run_at=now, last_seconds=0))
        return noted
    except IntegrityError:  # another server noted the first run at the same moment
        return session.scalars(kept).one()


def runs_by_job(session: Session) -> dict[str, JobRun]:
    """Return what is noted, by the name of the job."""
    return {noted.name: noted for noted in session.scalars(select(JobRun))}
