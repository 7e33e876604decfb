"""One backup a day, however many servers, and the removal of old ones."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.backup.daily import make_daily_backup
from stations.backup.encryption import make_key
from stations.backup.restoring import restore_backup
from stations.backup.rotation import Kept
from stations.backup.settings import BackupSettings, read_backup_settings
from stations.commands.command_line import main
from stations.database import open_engine
from stations.errors import InvalidInput
from stations.jobs.backups import JOB
from stations.jobs.job import Turn
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.one_database


def test_a_day_has_one_and_old_ones_go(empty_engine: Engine, tmp_path: Path) -> None:
    settings = BackupSettings(tmp_path / "kept" / "here", (), Kept(days=2, weeks=0, months=0))
    days = [TODAY + timedelta(days=later) for later in range(4)]
    for day in days:
        done = make_daily_backup(empty_engine, settings, day, NOW)
        assert done.made is not None and done.path.name == f"portal-{day}.backup"
        again = make_daily_backup(empty_engine, settings, day, NOW)
        assert again.made is None and again.removed == ()
    assert sorted(file.name for file in settings.folder.iterdir()) == [f"portal-{day}.backup" for day in days[2:]]


def test_other_files_stay(empty_engine: Engine, tmp_path: Path) -> None:
    others = ["portal-2020-01-01.backup.txt", "portal-2020-02-31.backup", "my portal-2020-01-01.backup", "notes"]
    for name in others:
        (tmp_path / name).write_text("mine")
    (tmp_path / "portal-2020-01-01.backup").mkdir()
    (tmp_path / "portal-2020-01-02.backup.age").write_text("an old one")
    done = make_daily_backup(empty_engine, BackupSettings(tmp_path, (), Kept(1, 0, 0)), TODAY, NOW)
    assert [file.name for file in done.removed] == ["portal-2020-01-02.backup.age"]
    assert all((tmp_path / name).read_text() == "mine" for name in others)


def test_servers_that_share_a_folder_make_one(empty_engine: Engine, tmp_path: Path) -> None:
    settings, made = BackupSettings(tmp_path, (make_key(tmp_path / "key"),), Kept()), []
    servers = [
        threading.Thread(target=lambda: made.append(make_daily_backup(empty_engine, settings, TODAY, NOW)))
        for _ in range(4)
    ]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert sorted(done.made is None for done in made) == [False, True, True, True]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["key", f"portal-{TODAY}.backup.age"]
    there = open_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    assert restore_backup(there, made[0].path, tmp_path / "key").whole
    there.dispose()


def test_nothing_is_removed_where_nothing_can_be_written(empty_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "portal-2020-01-02.backup").write_text("an old one")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InvalidInput, match="can't be written"):
        make_daily_backup(empty_engine, BackupSettings(tmp_path / "file", (), Kept(1, 0, 0)), TODAY, NOW)
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"no database at all" * 200)
    with pytest.raises(InvalidInput, match="can't be read"):
        make_daily_backup(
            open_engine(f"sqlite:///file:{damaged}?mode=ro&immutable=1&uri=true"),
            BackupSettings(tmp_path, (), Kept(1, 0, 0)),
            TODAY,
            NOW,
        )
    assert (tmp_path / "portal-2020-01-02.backup").exists()


def test_settings_are_read_and_checked(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key").text
    told = read_backup_settings({"BACKUP_FOLDER": " /a b ", "BACKUP_KEYS": key, "BACKUP_KEEP_WEEKS": "0"})
    assert (told.folder, [one.text for one in told.keys], told.kept) == (Path("/a b"), [key], Kept(7, 0, 12))
    assert read_backup_settings({}).folder is None
    for written in ("-1", "two", "٣", "1e3", "99999"):
        with pytest.raises(InvalidInput, match="BACKUP_KEEP_DAYS is") as problem:
            read_backup_settings({"BACKUP_KEEP_DAYS": written})
        assert problem.value.params["value"] == written


def test_the_job_and_its_command(
    empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def turn(day: date) -> Turn:
        return Turn(empty_engine, NOW, day, lambda: NOW, False, {"BACKUP_FOLDER": str(tmp_path / "a")})

    assert JOB.daily and JOB.run(turn(TODAY)).made is not None
    assert JOB.run(Turn(empty_engine, NOW, TODAY, lambda: NOW, False, {})) is None
    here = {"DATABASE_URL": empty_engine.url.render_as_string(hide_password=False), "LANG": "en"}
    monkeypatch.delenv("BACKUP_FOLDER", raising=False)
    assert main(["daily-backup"], here) == 2
    assert "BACKUP_FOLDER is not set" in capsys.readouterr().err
    monkeypatch.setenv("BACKUP_FOLDER", str(tmp_path / "b"))
    assert main(["daily-backup", "--format", "json"], here) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["made"] is True and Path(told["file"]).parent == tmp_path / "b" and told["removed"] == []
