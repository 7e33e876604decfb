"""What is wrong with a database, told in a sentence: each fault is a real one."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import record
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import open_engine, reading, transaction
from stations.database_faults import DatabaseFault, fault_of
from stations.loading.migration import upgrade
from tests.conftest import NOW, Made
from tests.stations.commands.test_command_line import run


@pytest.fixture
def file(made: Made, tmp_path: Path) -> Path:
    """Return a SQLite file with the reference data."""
    loaded = made.loaded(made.of_kind("sqlite"), "reference")
    return Path(shutil.copyfile(loaded.removeprefix("sqlite:///"), tmp_path / "portal.sqlite3"))


def write(engine: Engine, entries: int = 1, length: int = 10) -> None:
    with transaction(engine) as session:
        for _ in range(entries):
            record(
                session,
                at=NOW,
                actor="a",
                action=AuditAction.ADD_USER,
                subject_kind=AuditSubject.USER,
                subject="d",
                note="x" * length,
            )


def fault(act: Callable[[], object]) -> DatabaseFault | None:
    with pytest.raises(sa.exc.SQLAlchemyError) as raised:
        act()
    return fault_of(raised.value)


@contextmanager
def file_size_limit(length: int) -> Iterator[None]:
    """Let no file grow beyond a length, as a full disk does."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Let another program write to the file, and not finish."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def overwrite(file: Path, start: int, length: int = 8192) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(b"\xa5" * length)


def entries(engine: Engine) -> int | None:
    with reading(engine) as session:
        return session.scalar(sa.text("SELECT count(*) FROM audit_entry"))


def test_a_full_disk_takes_nothing_loses_nothing_and_goes_on_when_there_is_room(file: Path) -> None:
    engine = open_engine(f"sqlite:///{file}")
    write(engine)
    with file_size_limit(file.stat().st_size + 100_000):
        assert fault(lambda: write(engine, 50, 100_000)) is DatabaseFault.FULL
        assert entries(engine) == 1
    write(engine, 50, 100_000)
    assert entries(engine) == 51
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {file.stat().st_size // 4096 + 10}")
        with pytest.raises(sa.exc.OperationalError) as full:
            connection.exec_driver_sql("CREATE TABLE more AS SELECT * FROM audit_entry")
        assert fault_of(full.value) is DatabaseFault.FULL
    engine.dispose()


def test_who_waits_too_long_for_another_writer_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stations.database.BUSY_SECONDS", 0.2)
    engine = open_engine(f"sqlite:///{file}")
    with locked(file):
        assert fault(lambda: write(engine)) is DatabaseFault.BUSY
        assert entries(engine) == 0
    write(engine)
    engine.dispose()


def test_who_has_no_time_to_wait_is_told_at_once(reference_engine: Engine) -> None:
    def note() -> None:
        with transaction(reference_engine, wait=timedelta(seconds=0.2)) as session:
            session.execute(sa.text("UPDATE audit_head SET position = position"))

    with transaction(reference_engine) as session:
        session.execute(sa.text("UPDATE audit_head SET position = position"))
        began = time.monotonic()
        assert fault(note) is DatabaseFault.BUSY
        assert time.monotonic() - began < 5
    note()
    write(reference_engine)


def test_a_file_overwritten_at_its_start_or_within_is_damaged(file: Path) -> None:
    for start in (0, 4096 * 3):
        damaged = shutil.copyfile(file, file.with_name(f"damaged-{start}.sqlite3"))
        overwrite(Path(damaged), start, 4096 * 200)
        engine = open_engine(f"sqlite:///{damaged}")
        assert fault(lambda engine=engine: upgrade(engine)) is DatabaseFault.DAMAGED
        engine.dispose()


@pytest.mark.one_database("postgresql")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("53100", DatabaseFault.FULL),
        ("25006", DatabaseFault.READ_ONLY),
        ("55P03", DatabaseFault.BUSY),
        ("53300", DatabaseFault.BUSY),
        ("40P01", DatabaseFault.BUSY),
        ("57P01", DatabaseFault.OUT_OF_REACH),
        ("57P03", DatabaseFault.OUT_OF_REACH),
        ("08006", DatabaseFault.OUT_OF_REACH),
        ("XX001", DatabaseFault.DAMAGED),
        ("58P01", DatabaseFault.DAMAGED),
        ("22001", None),
        ("23505", None),
    ],
)
def test_postgresql_says_it_by_its_states(reference_engine: Engine, state: str, expected: DatabaseFault | None) -> None:
    with reference_engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as raised:
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    assert fault_of(raised.value) is expected


@pytest.mark.one_database("postgresql")
def test_a_connection_that_was_cut_and_a_server_that_is_away_are_out_of_reach(reference_engine: Engine) -> None:
    def cut() -> None:
        with reading(reference_engine) as session:
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    def again() -> None:
        with reading(reference_engine) as session:
            own = session.scalar(sa.text("SELECT pg_backend_pid()"))
            with open_engine(reference_engine.url.render_as_string(False)).connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
            session.execute(sa.text("SELECT 1"))

    assert fault(cut) is fault(again) is DatabaseFault.OUT_OF_REACH
    assert fault(lambda: open_engine("postgresql://127.0.0.1:1/none").connect()) is DatabaseFault.OUT_OF_REACH


def test_an_error_of_the_program_is_no_fault_of_the_database(reference_engine: Engine) -> None:
    for statement in ("SELECT nothing", "INSERT INTO audit_head (id) VALUES (1)"):
        with reference_engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as raised:
            connection.execute(sa.text(statement))
        assert fault_of(raised.value) is None
    assert fault_of(ValueError("database is locked")) is None


@pytest.mark.parametrize(("language", "word"), [("en_US.UTF-8", "damaged"), ("zh_CN.UTF-8", "损坏")])
@pytest.mark.parametrize("arguments", [("coverage",), ("setup",), ("audit", "verify"), ("backup", "copy.backup")])
def test_a_command_on_a_damaged_file_says_so_in_one_line(
    file: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], language: str, word: str
) -> None:
    monkeypatch.chdir(file.parent)
    overwrite(file, 0)
    done = run(f"sqlite:///{file}", *arguments, LANG=language)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1) and word in done.stderr, done.stderr


@pytest.mark.parametrize(("language", "word"), [("en_US.UTF-8", "another program"), ("zh_CN.UTF-8", "另一个程序")])
def test_a_command_that_finds_the_file_locked_says_so_in_one_line(
    file: Path, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    monkeypatch.setattr("stations.database.BUSY_SECONDS", 0.2)
    with locked(file):
        done = run(f"sqlite:///{file}", "check-coverage", LANG=language)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1) and word in done.stderr, done.stderr


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(f"sqlite:///{tmp_path}/file/portal.sqlite3", "coverage")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
