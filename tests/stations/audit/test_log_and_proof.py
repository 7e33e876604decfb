"""The audit log: chained as it is written, whoever writes; protected against change; any change is found."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from stations.audit.chain import START, Fault, Head
from stations.audit.log import AuditEntry, AuditHead, record
from stations.audit.proof import audit_head, verify_audit
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import reading, transaction
from stations.loading.migration import SCRIPTS, upgrade
from tests.conftest import NOW


def write(engine: Engine, *subjects: str, **detail: object) -> None:
    with transaction(engine) as session:
        for subject in subjects:
            record(
                session,
                at=NOW,
                actor="王",
                action=AuditAction.SIGN_IN,
                subject_kind=AuditSubject.USER,
                subject=subject,
                **detail,
            )


def subjects(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(sa.select(AuditEntry.subject).order_by(AuditEntry.id)))


def verdict(engine: Engine, kept: Head | None = None) -> tuple[Fault | None, int | None]:
    with reading(engine) as session:
        found = verify_audit(session, kept)
    return found.fault, found.position


def head(engine: Engine) -> Head:
    with reading(engine) as session:
        return audit_head(session)


def break_open(engine: Engine) -> None:
    """Drop the triggers, as the owner of the database can."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for verb in ("update", "delete", "replace"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_entry_no_{verb}")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_change ON audit_entry")


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_empty_log_is_whole(empty_engine: Engine) -> None:
    assert verdict(empty_engine) == (None, None)
    assert head(empty_engine) == Head(0, START)


def test_entries_follow_one_another_and_the_head_tells_the_last(empty_engine: Engine) -> None:
    write(empty_engine, "a", "b", 说明="中文", number=1.5, nested={"b": [1, None, True]})
    write(empty_engine, "c")
    with reading(empty_engine) as session:
        entries = list(session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))
    assert [(entry.id, entry.subject, entry.at) for entry in entries] == [(1, "a", NOW), (2, "b", NOW), (3, "c", NOW)]
    assert [entry.previous_hash for entry in entries] == [START, entries[0].hash, entries[1].hash]
    assert entries[0].detail == {"说明": "中文", "number": 1.5, "nested": {"b": [1, None, True]}}
    assert head(empty_engine) == Head(3, entries[2].hash)
    assert verdict(empty_engine) == (None, None)


def test_the_hash_is_what_the_documentation_says(empty_engine: Engine) -> None:
    write(empty_engine, "a", z="汉", a=1)
    with reading(empty_engine) as session:
        entry = session.scalars(sa.select(AuditEntry)).one()
    written = '[1,"2026-11-24 02:00:00.000000","王","sign_in","user","a","{\\"a\\":1,\\"z\\":\\"汉\\"}"]'
    assert entry.hash == hashlib.sha256(("0" * 64 + "\n" + written).encode()).hexdigest()


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(empty_engine: Engine) -> None:
    write(empty_engine, "kept")
    with suppress(LookupError), transaction(empty_engine) as session:
        record(session, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="lost")
        session.flush()
        raise LookupError
    with transaction(empty_engine) as session:
        record(session, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="before")
        with suppress(LookupError), session.begin_nested():
            record(
                session,
                at=NOW,
                actor="a",
                action=AuditAction.SIGN_IN,
                subject_kind=AuditSubject.USER,
                subject="lost in part",
            )
            with session.begin_nested():
                record(
                    session,
                    at=NOW,
                    actor="a",
                    action=AuditAction.SIGN_IN,
                    subject_kind=AuditSubject.USER,
                    subject="lost with it",
                )
            raise LookupError
        with session.begin_nested():
            record(
                session,
                at=NOW,
                actor="a",
                action=AuditAction.SIGN_IN,
                subject_kind=AuditSubject.USER,
                subject="kept in part",
            )
        record(session, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="after")
    assert subjects(empty_engine) == ["kept", "before", "kept in part", "after"]
    assert verdict(empty_engine) == (None, None)


def test_what_json_cannot_hold_is_refused_at_once(empty_engine: Engine) -> None:
    with pytest.raises(TypeError), transaction(empty_engine) as session:
        record(
            session,
            at=NOW,
            actor="a",
            action=AuditAction.SIGN_IN,
            subject_kind=AuditSubject.USER,
            subject="d",
            when=NOW,
        )
    with pytest.raises(ValueError, match="Out of range"), transaction(empty_engine) as session:
        record(
            session,
            at=NOW,
            actor="a",
            action=AuditAction.SIGN_IN,
            subject_kind=AuditSubject.USER,
            subject="d",
            share=float("nan"),
        )
    assert subjects(empty_engine) == []


def test_many_writers_at_once_make_one_chain(empty_engine: Engine) -> None:
    def work(writer: int) -> None:
        for turn in range(6):
            write(empty_engine, f"{writer}-{turn}-a", f"{writer}-{turn}-b")

    with ThreadPoolExecutor(6) as writers:
        list(writers.map(work, range(6)))
    written = subjects(empty_engine)
    assert sorted(written) == sorted(f"{w}-{t}-{x}" for w in range(6) for t in range(6) for x in "ab")
    # The entries of one transaction are adjacent.
    assert all(first[:-1] == second[:-1] for first, second in zip(written[::2], written[1::2], strict=True))
    assert verdict(empty_engine) == (None, None)
    assert head(empty_engine).position == 72


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x' WHERE id = 1",
        "UPDATE audit_entry SET id = 9",
        "DELETE FROM audit_entry WHERE id = 2",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(empty_engine: Engine, statement: str) -> None:
    write(empty_engine, "a", "b")
    with pytest.raises(DBAPIError, match="never changed or removed"):
        run(empty_engine, statement)
    assert subjects(empty_engine) == ["a", "b"]


def test_the_ways_round_that_each_database_has_are_refused_too(empty_engine: Engine) -> None:
    write(empty_engine, "a", "b")
    way_round = {
        "sqlite": "INSERT OR REPLACE INTO audit_entry SELECT 1, at, 'x', action, subject_kind, subject, detail, "
        "previous_hash, hash FROM audit_entry WHERE id = 1",
        "postgresql": "TRUNCATE audit_entry",
    }[empty_engine.dialect.name]
    with pytest.raises(DBAPIError, match="never changed or removed"):
        run(empty_engine, way_round)
    assert verdict(empty_engine) == (None, None)


def test_the_program_itself_refuses_as_well(empty_engine: Engine) -> None:
    write(empty_engine, "a")
    for spoil in (lambda session, entry: setattr(entry, "actor", "x"), lambda session, entry: session.delete(entry)):
        with pytest.raises(PermissionError), transaction(empty_engine) as session:
            spoil(session, session.scalars(sa.select(AuditEntry)).one())


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (("UPDATE audit_entry SET subject = 'x' WHERE id = 3",), (Fault.ALTERED, 3)),
        (("UPDATE audit_entry SET detail = '{ }' WHERE id = 3",), (Fault.ALTERED, 3)),
        (("DELETE FROM audit_entry WHERE id = 2",), (Fault.MISPLACED, 3)),
        (("DELETE FROM audit_entry WHERE id = 1",), (Fault.MISPLACED, 2)),
        (("DELETE FROM audit_entry WHERE id = 5",), (Fault.CUT_OFF, 5)),
        (("DELETE FROM audit_entry",), (Fault.CUT_OFF, 1)),
        (("UPDATE audit_head SET position = 4",), (Fault.UNANNOUNCED, 5)),
        (("DELETE FROM audit_head",), (Fault.UNANNOUNCED, 1)),
        (
            (
                "UPDATE audit_entry SET id = 9 WHERE id = 2",
                "UPDATE audit_entry SET id = 2 WHERE id = 3",
                "UPDATE audit_entry SET id = 3 WHERE id = 9",
            ),
            (Fault.ALTERED, 2),
        ),
    ],
)
def test_a_broken_log_is_told_by_its_first_broken_entry(
    empty_engine: Engine, statements: tuple[str, ...], found: tuple[Fault, int]
) -> None:
    write(empty_engine, *"abcde")
    break_open(empty_engine)
    run(empty_engine, *statements)
    assert verdict(empty_engine) == found


def test_an_end_cut_off_with_the_head_set_back_is_found_by_a_head_kept_elsewhere(empty_engine: Engine) -> None:
    write(empty_engine, *"abcde")
    kept = Head.read(str(head(empty_engine)))
    assert verdict(empty_engine, kept) == (None, None)
    break_open(empty_engine)
    with reading(empty_engine) as session:
        third = session.get_one(AuditEntry, 3).hash
    run(
        empty_engine,
        "DELETE FROM audit_entry WHERE id > 3",
        f"UPDATE audit_head SET position = 3, hash = '{third}'",
    )
    assert verdict(empty_engine) == (None, None)
    assert verdict(empty_engine, kept) == (Fault.CUT_OFF, 4)


def test_a_log_written_anew_is_found_by_a_head_kept_elsewhere(empty_engine: Engine) -> None:
    write(empty_engine, *"abc")
    kept = head(empty_engine)
    break_open(empty_engine)
    run(empty_engine, "DELETE FROM audit_entry", f"UPDATE audit_head SET position = 0, hash = '{START}'")
    write(empty_engine, *"xyzu")
    assert verdict(empty_engine) == (None, None)
    assert verdict(empty_engine, kept) == (Fault.REWRITTEN, 3)


# PostgreSQL does not accept such bytes.
@pytest.mark.one_database
def test_bytes_that_are_no_text_are_found_too(empty_engine: Engine) -> None:
    write(empty_engine, *"abc")
    break_open(empty_engine)
    run(empty_engine, "UPDATE audit_entry SET actor = CAST(x'ff41' AS TEXT) WHERE id = 2")
    assert verdict(empty_engine) == (Fault.ALTERED, 2)
    run(empty_engine, "UPDATE audit_entry SET actor = NULL WHERE FALSE", "UPDATE audit_entry SET actor = '王'")
    assert verdict(empty_engine) == (None, None)
    run(empty_engine, "UPDATE audit_entry SET at = replace(at, ' ', 'T') WHERE id = 3")  # the same instant
    assert verdict(empty_engine) == (Fault.ALTERED, 3)


def to_revision(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    command.downgrade(config, revision)


def test_entries_of_before_the_chain_are_chained_by_the_migration_and_survive_both_ways(empty_engine: Engine) -> None:
    to_revision(empty_engine, "0007-1")
    instants = [datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC) + timedelta(hours=hour) for hour in range(3)]
    old = sa.table(
        "audit_entry",
        sa.column("id", sa.Integer),
        sa.column("at", AuditEntry.at.type),
        *(sa.column(name, sa.String) for name in ("actor", "action", "subject_kind", "subject")),
        sa.column("detail", sa.JSON),
    )
    rows = [
        {"id": number, "at": at, "actor": "李", "action": "x", "subject_kind": "y", "subject": f"s{number}"}
        for number, at in zip((4, 7, 11), instants, strict=True)
    ]
    details = [{}, {"b": "汉字", "a": [1]}, {"x": None}]
    with empty_engine.begin() as connection:
        for row, detail in zip(rows, details, strict=True):
            connection.execute(sa.insert(old).values(**row, detail=detail))
    upgrade(empty_engine)
    with reading(empty_engine) as session:
        entries = list(session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))
    assert [(entry.id, entry.at, entry.subject, entry.detail) for entry in entries] == [
        (1, instants[0], "s4", details[0]),
        (2, instants[1], "s7", details[1]),
        (3, instants[2], "s11", details[2]),
    ]
    write(empty_engine, "new")
    assert verdict(empty_engine) == (None, None)
    to_revision(empty_engine, "0007-1")
    with empty_engine.begin() as connection:
        kept = connection.execute(sa.select(old.c.subject, old.c.detail).order_by(old.c.id)).all()
        assert [tuple(row) for row in kept][:3] == list(zip(("s4", "s7", "s11"), details, strict=True))
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (at, actor, action, subject_kind, subject, detail) "
            "SELECT at, actor, action, subject_kind, 'by number', detail FROM audit_entry WHERE id = 4"
        )
    upgrade(empty_engine)
    assert subjects(empty_engine) == ["s4", "s7", "s11", "new", "by number"]
    assert verdict(empty_engine) == (None, None)


def test_the_head_is_one_row(empty_engine: Engine) -> None:
    write(empty_engine, "a")
    write(empty_engine, "b")
    with reading(empty_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditHead)) == 1
        stored = session.scalar(sa.text("SELECT detail FROM audit_entry WHERE id = 1"))
    assert json.loads(stored) == {}


def test_a_proof_from_a_noted_head_on_reads_only_what_came_since(empty_engine: Engine) -> None:
    write(empty_engine, *"abcdef")
    proven = head(empty_engine)
    write(empty_engine, "g", "h")
    with reading(empty_engine) as session:
        found = verify_audit(session, since=proven)
    assert (found.fault, found.checked, found.head) == (None, 3, head(empty_engine))
    break_open(empty_engine)
    run(empty_engine, "UPDATE audit_entry SET actor = 'x' WHERE id = 2")
    with reading(empty_engine) as session:
        assert verify_audit(session, since=proven).fault is None
        assert verify_audit(session).position == 2
    run(empty_engine, "UPDATE audit_entry SET actor = 'x' WHERE id = 7")
    with reading(empty_engine) as session:
        found = verify_audit(session, since=proven)
    assert (found.fault, found.position) == (Fault.ALTERED, 7)


def test_a_long_check_tells_how_far_it_is(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from stations.audit import proof

    monkeypatch.setattr(proof, "_ROWS_AT_A_TIME", 2)
    write(empty_engine, *"abcde")
    told: list[tuple[int, int]] = []
    with reading(empty_engine) as session:
        assert verify_audit(session, tell=lambda *at: told.append(at)).fault is None
    assert told == [(2, 5), (4, 5)]


def test_signs_that_can_not_be_stored_are_hashed_as_they_are_stored(reference_engine: Engine) -> None:
    write(reference_engine, "a\0b", "c\ud800d", note="e\0\udfff", list=["f\ud800"], nested={"g": ("h\0",)})
    assert verdict(reference_engine) == (None, None)
    assert subjects(reference_engine) == ["ab", "cd"]
