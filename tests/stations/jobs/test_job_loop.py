"""The loop of the jobs: whatever a run raises, the job continues, and the log names no person."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from stations.database import Base, open_engine, reading, transaction
from stations.errors import InvalidInput
from stations.jobs.job import Job, Turn
from stations.jobs.loop import keep_running
from stations.jobs.table import JOBS
from stations.loading.migration import upgrade
from tests.conftest import NOW, Databases
from tests.stations.postgresql_tools import add_to_path

MOBILE = "13800001234"
AT_ONCE = timedelta(0)
every_job = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)


@pytest.fixture
def wired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings with which each job has something to do."""
    add_to_path(monkeypatch)
    settings = {"SMS_GATEWAY_URL": "http://127.0.0.1:9/send", "BACKUP_FOLDER": str(tmp_path / "backups")}
    return {**settings, "WEBHOOK_SECRET": "a secret of twenty-four letters"}


class Run:
    """Runs a job without waiting. ``raised``: what its runs raised, until one succeeded."""

    def __init__(self, job: Job[Any]) -> None:
        self.raised: list[Exception] = []
        self.succeeded = False
        self.stop = threading.Event()
        self._run = job.run
        self.job = replace(job, every=AT_ONCE, run=self._turn)

    def _turn(self, turn: Turn) -> None:
        try:
            self._run(turn)
            self.succeeded = True
            self.stop.set()
        except Exception as fault:
            self.raised.append(fault)
            if len(self.raised) > 5:
                self.stop.set()
            raise

    def go(self, engine: Engine, environment: Mapping[str, str]) -> None:
        keep_running(self.job, engine, self.stop, lambda: NOW, samples=True, environment=environment)


def test_the_table_holds_what_the_portal_does() -> None:
    assert [job.name for job in JOBS] == [
        "audit check",
        "backup",
        "call-backs",
        "coverage check",
        "old changes",
        "notices",
        "erasure",
        "erasure list",
        "escalation",
        "reminders",
        "watch",
    ]


@every_job
def test_an_unexpected_error_is_logged_and_the_job_goes_on(
    job: Job[Any], empty_engine: Engine, wired: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    @sa.event.listens_for(empty_engine, "before_cursor_execute", once=True)
    def fail(*_statement: object) -> None:
        raise KeyError(MOBILE)

    run = Run(job)
    run.go(empty_engine, wired)
    assert [type(fault) for fault in run.raised] == [KeyError] and run.succeeded
    (told,) = [record for record in caplog.records if record.name == "stations.jobs"]
    assert told.levelname == "ERROR"
    assert job.name in told.getMessage() and "KeyError" in told.getMessage() and "in fail" in told.getMessage()
    assert MOBILE not in caplog.text


@every_job
def test_a_database_that_is_not_ready_is_waited_for(
    job: Job[Any], databases: Databases, wired: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(databases.new())
    run = Run(job)

    def turn(turn: Turn) -> None:
        if run.raised:
            upgrade(engine)
        run._turn(turn)

    keep_running(replace(run.job, run=turn), engine, run.stop, lambda: NOW, samples=True, environment=wired)
    engine.dispose()
    (fault,) = run.raised
    assert isinstance(fault, DBAPIError) and run.succeeded
    assert job.name in caplog.text


def test_what_a_statement_carried_is_not_logged(empty_engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    def query(turn: Turn) -> None:
        try:
            with transaction(turn.engine) as session:
                session.execute(sa.text("SELECT name FROM nowhere WHERE phone = :phone"), {"phone": MOBILE})
        except sa.exc.DBAPIError as error:
            raise RuntimeError(f"nobody has {MOBILE}") from error

    run = Run(replace(JOBS[0], run=query))
    run.go(empty_engine, {})
    assert MOBILE in str(run.raised[0]), "else nothing is proved"
    assert "Error" in caplog.text and MOBILE not in caplog.text


@every_job
def test_stopping_ends_a_job_at_once(job: Job[Any]) -> None:
    began, stop = threading.Event(), threading.Event()
    lasting = replace(job, every=timedelta(hours=1), run=lambda turn: began.set())
    thread = threading.Thread(
        target=keep_running, args=(lasting, sa.create_engine("sqlite://"), stop, lambda: NOW), kwargs={"samples": False}
    )
    thread.start()
    assert began.wait(10)
    before = time.monotonic()
    stop.set()
    thread.join(10)
    assert not thread.is_alive() and time.monotonic() - before < 5


@pytest.mark.parametrize(("daily", "days"), [(True, [24, 24, 25]), (False, [24, 24, 24, 25])])
def test_a_daily_job_runs_until_it_has_succeeded_once_in_a_day(daily: bool, days: list[int]) -> None:
    worked_for: list[int] = []
    stop = threading.Event()
    # 16:00 UTC is midnight in China: the last check is on a new day.
    looks = iter([NOW, NOW.replace(hour=3), NOW.replace(hour=4), NOW.replace(hour=16)])

    def clock() -> datetime:
        now = next(looks)
        if now.hour == 16:
            stop.set()
        return now

    def work(turn: Turn) -> None:
        worked_for.append(turn.on.day)
        if len(worked_for) == 1:
            raise LookupError("a record that can't be read")

    job = replace(JOBS[0], daily=daily, every=AT_ONCE, run=work)
    keep_running(job, sa.create_engine("sqlite://"), stop, clock, samples=False)
    assert worked_for == days


@every_job
def test_a_server_can_leave_a_job_to_its_command(job: Job[Any]) -> None:
    assert job.switch.is_on({}) and not job.switch.is_on({job.switch.name: "0"})
    with pytest.raises(InvalidInput) as wrong:
        job.switch.is_on({job.switch.name: "maybe"})
    assert wrong.value.field == job.switch.name and "maybe" in str(wrong.value)


@every_job
def test_a_second_turn_at_the_same_instant_does_nothing_again(job: Job[Any], sample_copy_engine: Engine) -> None:
    turn = Turn(sample_copy_engine, NOW, NOW.date(), lambda: NOW, True, {})
    job.run(turn)
    before = rows_by_table(sample_copy_engine)
    job.run(turn)
    assert rows_by_table(sample_copy_engine) == before


def rows_by_table(engine: Engine) -> dict[str, int | None]:
    with reading(engine) as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
