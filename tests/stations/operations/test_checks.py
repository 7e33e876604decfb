"""What the operator is told of each part, and what to do about it."""

from __future__ import annotations

import json
import os
from collections import namedtuple
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.answers.operations import CHECK_COLUMNS, OPERATIONS
from stations.answers.presentation import render
from stations.commands.command_line import main
from stations.database import open_engine, reading, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import NotAllowed
from stations.job_runs import JobRun, note_runs, runs_by_job
from stations.jobs.audit_check import JOB as AUDIT_JOB
from stations.jobs.audit_check import AuditNotWhole
from stations.jobs.expected import expected_jobs
from stations.jobs.job import Turn
from stations.jobs.running import JobRunner, run_noted
from stations.jobs.table import JOBS
from stations.language import Language
from stations.notices.channel_table import channel_of
from stations.notices.outbox import NoticeState, enqueue
from stations.operations import storage_checks
from stations.operations.check import Part, State
from stations.operations.standing import Installation, look, operations
from stations.operations.storage_checks import check_backups, check_disk
from stations.operations.work_checks import ExpectedJob, check_clock, check_job, check_notices, check_servers
from stations.server_processes import Presence, note_presence, processes_seen
from tests.conftest import NOW, TODAY, Databases
from tests.stations.request_factories import actor_with

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
OFTEN = ExpectedJob("notices", timedelta(seconds=5), False, True, "DELIVER_NOTICES")
DAILY = ExpectedJob("backup", 5 * MINUTE, True, True, "BACK_UP")
OFF = ExpectedJob("escalation", 5 * MINUTE, False, False, "ESCALATE")
EMAIL = channel_of("email")


def run(ago: timedelta, failing: timedelta | None = None) -> JobRun:
    return JobRun(
        name="x",
        runs=3,
        failures=1,
        last_run_at=NOW - ago,
        last_seconds=0.1,
        last_success_at=NOW - ago - (failing or timedelta()),
        failing_since=NOW - failing if failing else None,
        last_failure="builtins.KeyError",
    )


@pytest.mark.parametrize(
    ("job", "noted", "state"),
    [
        (OFTEN, None, State.NOTICE),
        (OFTEN, run(MINUTE), State.FINE),
        (OFTEN, run(14 * MINUTE), State.FINE),
        (OFTEN, run(16 * MINUTE), State.FAILING),
        (OFTEN, run(MINUTE, failing=10 * MINUTE), State.NOTICE),
        (OFTEN, run(MINUTE, failing=2 * HOUR), State.FAILING),
        (DAILY, run(30 * HOUR), State.FINE),
        (DAILY, run(37 * HOUR), State.FAILING),
        (DAILY, run(MINUTE, failing=MINUTE), State.FAILING),
        (OFF, None, State.NOTICE),
        (OFF, run(3 * DAY), State.FINE),
    ],
)
def test_a_job_is_late_or_failing(job: ExpectedJob, noted: JobRun | None, state: State) -> None:
    check = check_job(job, noted, NOW)
    assert check.state is state and check.code == f"job:{job.name}"
    assert state is not State.FAILING or check.advice


def test_every_part_that_is_not_fine_says_what_to_do_in_both_languages(empty_engine: Engine) -> None:
    standing = look(Installation(empty_engine, expected_jobs({}), NOW, NOW, {}))
    assert {check.part for check in standing.checks} == {*Part} - {Part.BACKUP_DISK}
    for code in ("zh_CN", "en"):
        language = Language(code)
        for check in standing.checks:
            part, state, seen, advice = (str(column.cell(check, language) or "") for column in CHECK_COLUMNS)
            assert part and state and seen and "{" not in seen + advice
            assert advice or check.state is State.FINE or check.part is Part.JOB
            assert code == "en" or any(character > "\u2e80" for character in part + seen)


def test_the_first_success_each_minute_and_every_failure_are_noted(empty_engine: Engine) -> None:
    fails = False

    def work(turn: Turn) -> None:
        if fails:
            raise KeyError("王测试 13800001234")

    runner = JobRunner(replace(JOBS[0], name="j", run=work))

    def go(seconds: float) -> JobRun:
        turn = Turn(empty_engine, NOW + timedelta(seconds=seconds), TODAY, lambda: NOW, False, {})
        with suppress(KeyError):
            runner.run(turn)
        with reading(empty_engine) as session:
            return runs_by_job(session)["j"]

    assert (go(0).runs, go(5).runs, go(10).runs, go(61).runs) == (1, 1, 1, 4)
    fails = True
    failed = go(62)
    assert (failed.runs, failed.failures, failed.failing_since) == (5, 1, NOW + timedelta(seconds=62))
    assert failed.last_failure == "builtins.KeyError", "never its message"
    fails = False
    assert go(63).failing_since is None


def test_a_job_goes_on_where_nothing_can_be_noted(caplog: pytest.LogCaptureFixture) -> None:
    engine = sa.create_engine("sqlite://")
    runner = JobRunner(replace(JOBS[0], name="j", run=lambda turn: 7))
    for hour in range(3):
        assert runner.run(Turn(engine, NOW + hour * HOUR, TODAY, lambda: NOW, False, {})) == 7
    assert caplog.text.count("can't be noted") == 1


def test_a_broken_audit_log_is_a_failing_job_and_an_event(sample_copy_engine: Engine) -> None:
    turn = Turn(sample_copy_engine, NOW, TODAY, lambda: NOW, False, {})
    assert run_noted(AUDIT_JOB, turn).fault is None
    with sample_copy_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET position = position + 1")
    with pytest.raises(AuditNotWhole):
        run_noted(AUDIT_JOB, turn)
    standing = look(Installation(sample_copy_engine, expected_jobs({}), NOW, None, {}))
    (job,) = [check for check in standing.checks if check.code == "job:audit check"]
    assert job.state is State.FAILING and "audit verify" in str(job.advice)
    assert [(event.kind, event.count) for event in standing.events] == [("audit_broken", 1)]


def test_notices_that_wait_too_long_failed_or_have_no_channel(empty_engine: Engine) -> None:
    def put(key: str, ago: timedelta) -> None:
        way = {"channel": EMAIL, "address": "a@example.com"}
        notice = enqueue(session, key=key, **way, subject="", text="", data={}, now=NOW, sample=False)
        notice.next_try_at = NOW - ago

    with transaction(empty_engine) as session:
        assert check_notices(session, [EMAIL], NOW).state is State.FINE
        put("a", 29 * MINUTE)
        assert check_notices(session, [EMAIL], NOW).state is State.FINE
        assert check_notices(session, [], NOW).state is State.NOTICE
        put("b", 31 * MINUTE)
        late = check_notices(session, [EMAIL], NOW)
        assert late.state is State.FAILING
        assert late.figures == {"waiting": 2, "late": 1, "without_channel": 0, "failed": 0}
        session.execute(sa.text("UPDATE notice SET state = :failed"), {"failed": NoticeState.FAILED.value})
        assert check_notices(session, [EMAIL], NOW).state is State.NOTICE


@pytest.mark.parametrize(
    ("names", "state"),
    [
        ([], State.FAILING),
        (["portal-2026-11-24.backup"], State.FINE),
        (["portal-2026-11-01.backup", "portal-2026-11-23.backup.age", "other.txt"], State.FINE),
        (["portal-2026-11-22.backup"], State.FAILING),
    ],
)
def test_the_newest_backup_has_its_age(tmp_path: Path, names: list[str], state: State) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"0" * 10)
    assert check_backups({"BACKUP_FOLDER": str(tmp_path)}, TODAY)[0].state is state


@pytest.mark.parametrize(
    ("jobs", "started", "state"),
    [
        ((DAILY,), (), State.NOTICE),
        ((DAILY,), (MINUTE,), State.NOTICE),
        ((DAILY,), (DAY, MINUTE), State.NOTICE),
        ((DAILY,), (16 * MINUTE,), State.FAILING),
        ((replace(DAILY, on=False),), (MINUTE,), State.FAILING),
        ((), (MINUTE,), State.FAILING),
    ],
)
def test_the_first_backup_is_awaited_for_a_while_where_a_server_makes_it(
    empty_engine: Engine, tmp_path: Path, jobs: tuple[ExpectedJob, ...], started: tuple[timedelta, ...], state: State
) -> None:
    with transaction(empty_engine) as session:
        for ago in started:
            note_presence(session, Presence(8501, NOW - ago), NOW)
    standing = look(Installation(empty_engine, jobs, NOW, None, {"BACKUP_FOLDER": str(tmp_path)}))
    (backup,) = [check for check in standing.checks if check.part is Part.BACKUP]
    assert backup.state is state and backup.advice


def test_backups_that_nobody_set_up_or_that_can_not_be_read(tmp_path: Path) -> None:
    assert check_backups({}, TODAY)[0].state is State.NOTICE
    assert check_backups({"BACKUP_FOLDER": str(tmp_path / "nowhere")}, TODAY)[0].state is State.FAILING
    assert check_backups({"BACKUP_KEEP_DAYS": "many"}, TODAY)[0].state is State.FAILING


@pytest.mark.one_database
@pytest.mark.parametrize(("free", "state"), [(10**8, State.FAILING), (9 * 10**8, State.NOTICE), (10**12, State.FINE)])
def test_a_disk_that_fills(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch, free: int, state: State) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(storage_checks.shutil, "disk_usage", lambda _path: usage(free))
    check = check_disk(empty_engine)
    assert check.state is state and check.figures["free_bytes"] == free and check.figures["database_bytes"] > 0


def test_servers_of_two_builds_are_told_and_those_that_ended_forgotten(
    empty_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Presence(8501, NOW), Presence(8502, NOW)
    with transaction(empty_engine) as session:
        assert check_servers(processes_seen(session, NOW)).state is State.NOTICE
        note_presence(session, first, NOW)
        note_presence(session, first, NOW + MINUTE)
        note_presence(session, second, NOW)
        assert check_servers(processes_seen(session, NOW + MINUTE)).state is State.FINE
        assert [one.port for one in processes_seen(session, NOW + MINUTE)] in ([8501, 8502], [8502, 8501])
        monkeypatch.setattr("stations.server_processes.build", lambda: "another")
        note_presence(session, second, NOW + MINUTE)
        session.flush()
        assert check_servers(processes_seen(session, NOW + MINUTE)).state is State.NOTICE
        assert [one.port for one in processes_seen(session, NOW + 6 * MINUTE)] == []
        note_presence(session, second, NOW + 2 * DAY)
        assert session.scalar(sa.text("SELECT count(*) FROM server_process")) == 1


def test_a_clock_set_by_hand_is_told() -> None:
    assert check_clock(NOW).state is State.NOTICE and check_clock(None).state is State.FINE


def test_the_command_tells_all_of_it_even_without_a_database(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = databases.new()
    assert main(["operations", "--format", "json"], {"DATABASE_URL": url}) == 1
    told = json.loads(capsys.readouterr().out)
    states = {check["code"]: check["state"] for check in told["checks"]}
    assert states["schema"] == "failing" and told["state"] == "failing"
    databases.drop(url)
    assert main(["operations", "--format", "json"], {**os.environ, "DATABASE_URL": "postgresql://127.0.0.1:1/x"}) == 1
    states = {check["code"]: check["state"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert states["database"] == "failing" and "schema" not in states


def test_only_real_administrators_of_the_province_see_it(empty_engine: Engine) -> None:
    installation = Installation(empty_engine, (), NOW, None, {})
    province = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
    answer = operations(province, installation)
    assert "that of this version" in render(OPERATIONS, answer, Language("en"), "table")
    invented = Actor("i", "i", True, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))
    for other in (None, invented, actor_with(Role.CITY, AreaKind.CITY, "320500")):
        with pytest.raises(NotAllowed):
            operations(other, installation)


def test_the_first_runs_of_two_servers_are_both_counted(empty_engine: Engine) -> None:
    for _ in range(2):
        with transaction(empty_engine) as session:
            note_runs(session, "j", NOW, MINUTE, runs=2)
    with reading(empty_engine) as session:
        assert runs_by_job(session)["j"].runs == 4


def test_a_database_that_does_not_answer_is_one_failing_part() -> None:
    gone = open_engine("postgresql://127.0.0.1:1/x")
    standing = look(Installation(gone, expected_jobs({}), NOW, None, {}))
    assert [check.part for check in standing.checks if check.state is State.FAILING] == [Part.DATABASE]
