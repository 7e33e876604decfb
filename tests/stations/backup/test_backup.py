"""Backups made while others write, and what a restored database holds: everything, or it is told."""

from __future__ import annotations

import io
import json
import stat
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import record
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.backup.making import make_backup
from stations.backup.restoring import restore_backup
from stations.commands.command_line import main
from stations.database import open_engine, reading, transaction
from stations.errors import Conflict, InvalidInput
from stations.loading.schema import metadata
from stations.requests.attached_file import check_file
from stations.requests.attachments import attach
from stations.requests.states import Party
from tests.conftest import NOW, Databases
from tests.stations.file_samples import PDF
from tests.stations.postgresql_tools import add_to_path
from tests.stations.request_factories import file_one


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    add_to_path(monkeypatch)


@pytest.fixture
def filled(reference_engine: Engine) -> Engine:
    """A database with a request and a file of it."""
    with transaction(reference_engine) as session:
        request = file_one(session)
        attach(session, request, check_file("清单.pdf", PDF), party=Party.FIRM, actor="firm", now=NOW)
    return reference_engine


@contextmanager
def empty(databases: Databases) -> Iterator[str]:
    url = databases.new()
    yield url
    databases.drop(url)


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_what_is_restored_is_what_was_there_row_by_row(filled: Engine, databases: Databases, tmp_path: Path) -> None:
    file = tmp_path / "of today.backup"
    manifest = make_backup(filled, file, NOW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and list(tmp_path.iterdir()) == [file]
    assert manifest.tables["attachment"].rows == 1 and manifest.tables["county"].rows == 95
    with empty(databases) as url:
        there = open_engine(url)
        restored = restore_backup(there, file)
        assert restored.whole and restored.audit.fault is None and restored.audit.checked > 1
        assert everything(there) == everything(filled)
        with transaction(there) as session:  # and it goes on, also its log
            request = file_one(session)
            attach(session, request, check_file("又.pdf", PDF), party=Party.FIRM, actor="firm", now=NOW)
        there.dispose()


@pytest.mark.one_database("postgresql")
@pytest.mark.parametrize("zones", [("UTC", "Asia/Shanghai"), ("Asia/Kathmandu", "America/New_York")], ids=str)
def test_servers_of_two_time_zones_hold_the_same_instants(
    filled: Engine, databases: Databases, tmp_path: Path, zones: tuple[str, str]
) -> None:
    def set_zone(engine: Engine, zone: str) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE \"{engine.url.database}\" SET timezone TO '{zone}'")

    here = open_engine(filled.url.render_as_string(hide_password=False))
    set_zone(here, zones[0])
    here.dispose()
    make_backup(here, tmp_path / "a", NOW)
    with empty(databases) as url:
        there = open_engine(url)
        set_zone(there, zones[1])
        there.dispose()
        assert restore_backup(there, tmp_path / "a").differing == []
        there.dispose()
    here.dispose()


def test_a_backup_made_while_others_write_is_one_moment(filled: Engine, databases: Databases, tmp_path: Path) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with transaction(filled) as session:
                record(
                    session,
                    at=NOW,
                    actor="王",
                    action=AuditAction.SIGN_IN,
                    subject_kind=AuditSubject.USER,
                    subject=str(len(written)),
                )
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            pass
        before = len(written)
        manifest = make_backup(filled, tmp_path / "a", NOW)
        during = len(written) - before
    finally:
        stop.set()
        writer.join()
    assert during > 0, "nobody waited for the backup"
    with empty(databases) as url:
        there = open_engine(url)
        restored = restore_backup(there, tmp_path / "a")
        assert restored.whole and str(restored.audit.head) == manifest.audit_head
        there.dispose()


def rewritten(file: Path, **changes: object) -> Path:
    """Return a copy of a backup with another manifest."""
    changed = file.with_name("changed")
    with tarfile.open(file) as old, tarfile.open(changed, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == "manifest.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return changed


def test_a_row_that_differs_is_told_and_a_file_does_not_take_its_place(
    filled: Engine, databases: Databases, tmp_path: Path
) -> None:
    make_backup(filled, tmp_path / "a", NOW)
    with tarfile.open(tmp_path / "a") as archive:
        tables = json.load(archive.extractfile("manifest.json"))["tables"]
    tables["county"]["sha256"], tables["station"]["rows"] = "0" * 64, 0
    with empty(databases) as url:
        there = open_engine(url)
        restored = restore_backup(there, rewritten(tmp_path / "a", tables=tables))
        assert not restored.whole and restored.differing == ["county", "station"]
        if databases.kind == "sqlite":
            assert not Path(url.removeprefix("sqlite:///")).exists()
        there.dispose()
    head = f"1:{'0' * 64}"
    with empty(databases) as url:
        there = open_engine(url)
        restored = restore_backup(there, rewritten(tmp_path / "a", audit_head=head))
        assert not restored.whole and restored.audit.fault is not None
        there.dispose()


def test_nothing_is_overwritten(filled: Engine, tmp_path: Path) -> None:
    make_backup(filled, tmp_path / "a", NOW)
    with pytest.raises(Conflict, match="is there already"):
        make_backup(filled, tmp_path / "a", NOW)
    with pytest.raises(Conflict, match="not empty"):
        restore_backup(filled, tmp_path / "a")
    with pytest.raises(InvalidInput, match="can't be written: No such file or directory"):
        make_backup(filled, tmp_path / "nowhere" / "a", NOW)


@pytest.mark.one_database
def test_what_is_no_backup_is_told(empty_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    with tarfile.open(tmp_path / "tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("manifest.json"), io.BytesIO())
    make_backup(empty_engine, tmp_path / "a", NOW)
    for file in (tmp_path / "text", tmp_path / "tar", rewritten(tmp_path / "a", format=2)):
        with pytest.raises(InvalidInput, match="can't be read as a backup"):
            restore_backup(open_engine(f"sqlite:///{tmp_path}/new.sqlite3"), file)
    with pytest.raises(InvalidInput, match="none” can't be read: No such file"):
        restore_backup(open_engine(f"sqlite:///{tmp_path}/new.sqlite3"), tmp_path / "none")
    with pytest.raises(InvalidInput, match="This is a backup of postgresql"):
        restore_backup(open_engine("sqlite://"), rewritten(tmp_path / "a", kind="postgresql"))


@pytest.mark.one_database("postgresql")
def test_missing_and_failing_tools_are_told(
    reference_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump: error: no room' >&2\nexit 1\n")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(InvalidInput, match="pg_dump failed: pg_dump: error: no room"):
        make_backup(reference_engine, tmp_path / "a", NOW)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InvalidInput, match="pg_dump is not found"):
        make_backup(reference_engine, tmp_path / "a", NOW)
    assert not (tmp_path / "a").exists()


def test_both_are_commands(
    filled: Engine, databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "a")
    with empty(databases) as url:
        here = {"DATABASE_URL": filled.url.render_as_string(hide_password=False), "LANG": "en"}
        assert main(["backup", file, "--format", "json"], here) == 0
        made = json.loads(capsys.readouterr().out)
        assert made["file"] == file and made["tables"] == len(metadata.tables) + 1  # and the schema's revision
        assert main(["restore", file], {"DATABASE_URL": url, "LANG": "en"}) == 0
        assert "The log is whole" in capsys.readouterr().out
        assert main(["restore", file], {"DATABASE_URL": url, "LANG": "en"}) == 2
        assert "not empty" in capsys.readouterr().err
        with reading(open_engine(url)) as session:
            assert session.scalar(sa.text("SELECT count(*) FROM attachment")) == 1
