from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread, Timer

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry, record
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import open_engine, reading, transaction
from stations.database_faults import DatabaseFault, fault_of
from stations.error_trace import trace
from stations.errors import InvalidInput
from stations.registry.station import StationService
from tests.conftest import NOW


def test_the_embedded_database_keeps_a_write_ahead_log_and_foreign_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/made/on/the/way.sqlite3")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_who_comes_while_another_makes_a_new_file_ready_waits(tmp_path: Path) -> None:
    first = sqlite3.connect(tmp_path / "new.sqlite3", isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    end = Timer(0.3, first.close)
    end.start()
    with open_engine(f"sqlite:///{tmp_path}/new.sqlite3").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    end.join()


def test_a_broken_reference_is_refused(reference_engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(reference_engine) as session:
        session.add(StationService(station_id=999_999, service_code="metrology"))


def test_an_action_leaves_everything_or_nothing(reference_engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(reference_engine) as session:
        record(session, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="d")
        session.flush()
        raise RuntimeError
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_a_session_that_reads_sees_one_snapshot(reference_engine: Engine) -> None:
    entries = sa.select(sa.func.count()).select_from(AuditEntry)
    with reading(reference_engine) as session:
        before = session.scalar(entries)
        with transaction(reference_engine) as other:
            record(other, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="d")
        assert session.scalar(entries) == before
    with reading(reference_engine) as session:
        assert session.scalar(entries) == before + 1


def test_schema_changes_roll_back_too(empty_engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(empty_engine) as session:
        session.execute(sa.text("CREATE TABLE half_made (id INTEGER)"))
        raise RuntimeError
    assert "half_made" not in sa.inspect(empty_engine).get_table_names()


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(reference_engine: Engine) -> None:
    china = datetime(2026, 11, 24, 9, 30, 5, tzinfo=timezone(timedelta(hours=8)))
    with transaction(reference_engine) as session:
        record(session, at=china, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="d")
    with reading(reference_engine) as session:
        at = session.scalar(sa.select(AuditEntry.at))
    assert (at, at.tzinfo) == (china, UTC)


def test_an_instant_without_a_zone_is_refused(reference_engine: Engine) -> None:
    with pytest.raises(sa.exc.StatementError, match="needs its time zone"), transaction(reference_engine) as session:
        record(
            session,
            at=datetime(2026, 1, 1),
            actor="a",
            action=AuditAction.SIGN_IN,
            subject_kind=AuditSubject.USER,
            subject="d",
        )


def test_audit_entries_cannot_be_changed_or_removed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        record(session, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="d")
    for change in (lambda session, entry: setattr(entry, "actor", "z"), Session.delete):
        with pytest.raises(PermissionError), transaction(reference_engine) as session:
            change(session, session.scalar(sa.select(AuditEntry)))
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(AuditEntry.actor)) == "a"


def test_what_is_no_database_address_is_told_so() -> None:
    with pytest.raises(InvalidInput, match="DATABASE_URL"):
        open_engine("var/portal.sqlite3")


def test_what_was_acknowledged_is_on_disk(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path}/new.sqlite3").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL: synced at each commit


def test_a_file_that_is_read_only_can_be_read(tmp_path: Path) -> None:
    for name, mode in (("wal", "WAL"), ("plain", "DELETE")):
        file = tmp_path / f"{name}.sqlite3"
        with sqlite3.connect(file) as made:
            made.execute(f"PRAGMA journal_mode = {mode}")
            made.execute("CREATE TABLE kept (word TEXT)")
            made.execute("INSERT INTO kept VALUES ('still here')")
        made.close()
        engine = open_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
        with reading(engine) as session:
            assert session.scalar(sa.text("SELECT word FROM kept")) == "still here"
        with pytest.raises(sa.exc.OperationalError) as refused, transaction(engine) as session:
            session.execute(sa.text("DELETE FROM kept"))
        assert fault_of(refused.value) is DatabaseFault.READ_ONLY
        engine.dispose()


def test_a_file_in_a_folder_that_is_read_only_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that is read-only. Root may write everywhere, so the answer of the system is replaced."""
    file = tmp_path / "a.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    with transaction(engine) as session:
        session.execute(sa.text("CREATE TABLE kept (word TEXT)"))
        session.execute(sa.text("INSERT INTO kept VALUES ('still here')"))
    engine.dispose()
    monkeypatch.setattr("stations.database.os.access", lambda path, mode: False)
    before = sorted(tmp_path.iterdir())
    engine = open_engine(f"sqlite:///{file}")
    with reading(engine) as session:
        assert session.scalar(sa.text("SELECT word FROM kept")) == "still here"
        assert sorted(tmp_path.iterdir()) == before
    with pytest.raises(sa.exc.OperationalError) as refused, transaction(engine) as session:
        session.execute(sa.text("DELETE FROM kept"))
    assert fault_of(refused.value) is DatabaseFault.READ_ONLY
    engine.dispose()


SECRET = "13812345678"


def test_no_error_tells_the_values_of_a_statement(reference_engine: Engine) -> None:
    with pytest.raises(sa.exc.StatementError) as failed, transaction(reference_engine) as session:
        session.execute(sa.text("INSERT INTO nothing VALUES (:phone)"), {"phone": SECRET})
    assert SECRET not in str(failed.value) and SECRET not in trace(failed.value)
    with pytest.raises(IntegrityError) as twice, transaction(reference_engine) as session:
        for _ in range(2):
            session.execute(sa.text("INSERT INTO notice_channel (code) VALUES (:code)"), {"code": SECRET})
    told = trace(twice.value)  # PostgreSQL's own message names the value
    assert SECRET not in told and "INSERT INTO notice_channel" in told and "test_database.py" in told


def test_texts_that_not_every_database_can_take_are_stored_without_those_characters(reference_engine: Engine) -> None:
    insert, find = (
        sa.text("INSERT INTO notice_channel (code) VALUES (:code)"),
        sa.text("SELECT code FROM notice_channel WHERE code = :code"),
    )
    with transaction(reference_engine) as session:
        session.execute(insert, {"code": "a\0b"})
        session.execute(insert, [{"code": "c\ud800d"}, {"code": "e\0\0"}])
        assert session.scalar(find, {"code": "a\0b\0"}) == "ab"
        assert {"ab", "cd", "e"} <= set(session.scalars(sa.text("SELECT code FROM notice_channel")))
        assert session.scalar(sa.select(AuditEntry.id).where(AuditEntry.actor.in_(["x\0", "\udfff"]))) is None


def test_writers_of_one_process_wait_for_each_other_without_a_connection(tmp_path: Path) -> None:
    """SQLite only looks now and then whether the other is done: of many writers one would look in vain for too long."""
    engine = open_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    written: list[int] = []

    def write(number: int) -> None:
        with transaction(engine):
            written.append(number)

    with transaction(engine) as session:
        session.execute(sa.text("SELECT 1"))
        threads = [Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        threads[0].join(0.05)
        assert written == [] and engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    for thread in threads:
        thread.join(30)
    assert sorted(written) == list(range(8))


def test_a_writer_that_waits_for_a_while_only_is_told_that_another_writes(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with transaction(engine) as session:
        session.execute(sa.text("SELECT 1"))
        with pytest.raises(OperationalError) as told, transaction(engine, wait=timedelta(milliseconds=1)) as second:
            second.execute(sa.text("SELECT 1"))
    assert fault_of(told.value) is DatabaseFault.BUSY
