"""Encrypted backups: nobody reads them without the secret key."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import Engine

import stations.backup.making as making
from stations.backup.encryption import make_key, read_public_keys
from stations.backup.making import make_backup
from stations.backup.placing import scratch
from stations.backup.restoring import restore_backup
from stations.commands.command_line import main
from stations.database import open_engine
from stations.errors import Conflict, InvalidInput
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.one_database


def test_only_the_secret_key_opens_it(reference_engine: Engine, tmp_path: Path) -> None:
    public, other = make_key(tmp_path / "key"), make_key(tmp_path / "other")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    make_backup(reference_engine, tmp_path / "a", NOW, [public])
    content = (tmp_path / "a").read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n") and b"manifest.json" not in content
    there = open_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    with pytest.raises(InvalidInput, match="is encrypted; name the file of the secret key with --key"):
        restore_backup(there, tmp_path / "a")
    with pytest.raises(InvalidInput, match="can't be opened with the key"):
        restore_backup(there, tmp_path / "a", tmp_path / "other")
    assert restore_backup(there, tmp_path / "a", tmp_path / "key").whole
    there.dispose()

    make_backup(reference_engine, tmp_path / "for both", NOW, [public, other])
    for key in ("key", "other"):
        there = open_engine(f"sqlite:///{tmp_path}/{key}.sqlite3")
        assert restore_backup(there, tmp_path / "for both", tmp_path / key).whole
        there.dispose()


def test_the_program_age_opens_it_too(reference_engine: Engine, tmp_path: Path) -> None:
    public = make_key(tmp_path / "key")
    make_backup(reference_engine, tmp_path / "a", NOW, [public])
    secret = (tmp_path / "key").read_text().splitlines()[1]
    opened = pyrage.decrypt((tmp_path / "a").read_bytes(), [pyrage.x25519.Identity.from_str(secret)])
    assert b"manifest.json" in opened[:512]


@pytest.mark.parametrize("where", [40, 250, -3])
def test_a_changed_byte_is_told(reference_engine: Engine, tmp_path: Path, where: int) -> None:
    make_backup(reference_engine, tmp_path / "a", NOW, [make_key(tmp_path / "key")])
    content = bytearray((tmp_path / "a").read_bytes())
    content[where] ^= 1
    (tmp_path / "a").write_bytes(content)
    there = open_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    with pytest.raises(InvalidInput, match="is damaged|can't be opened"):
        restore_backup(there, tmp_path / "a", tmp_path / "key")
    assert not (tmp_path / "new.sqlite3").exists()
    there.dispose()


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"hello", b"\xff\xfe", b"AGE-SECRET-KEY-1XX\n"])
def test_what_is_no_key_is_told(reference_engine: Engine, tmp_path: Path, content: bytes) -> None:
    make_backup(reference_engine, tmp_path / "a", NOW, [make_key(tmp_path / "key")])
    (tmp_path / "none").write_bytes(content)
    there = open_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    with pytest.raises(InvalidInput, match="holds no secret key"):
        restore_backup(there, tmp_path / "a", tmp_path / "none")
    with pytest.raises(InvalidInput, match="can't be read: No such file"):
        restore_backup(there, tmp_path / "a", tmp_path / "missing")
    there.dispose()


def test_a_public_key_is_checked_and_a_file_is_not_overwritten(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key")
    assert read_public_keys(f"{key.text}, {key.text}\n{key.text}", "BACKUP_KEYS") == (key, key, key)
    assert read_public_keys(" ", "BACKUP_KEYS") == ()
    with pytest.raises(InvalidInput, match="“age1nope” is no public key") as told:
        read_public_keys(f"{key.text} age1nope", "BACKUP_KEYS")
    assert told.value.field == "BACKUP_KEYS"
    with pytest.raises(Conflict, match="is there already"):
        make_key(tmp_path / "key")


def test_the_commands(reference_engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = {"DATABASE_URL": reference_engine.url.render_as_string(hide_password=False), "LANG": "en"}
    there = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3", "LANG": "en"}
    key, file = str(tmp_path / "key"), str(tmp_path / "a")
    assert main(["backup-key", key, "--format", "json"], here) == 0
    public = json.loads(capsys.readouterr().out)["public_key"]
    assert main(["backup", file, "--for", public], here) == 0
    assert main(["restore", file], there) == 2
    assert "--key" in capsys.readouterr().err
    assert main(["restore", file, "--key", key], there) == 0
    assert "The log is whole" in capsys.readouterr().out


def test_a_killed_backup_leaves_nothing_unencrypted_beside_the_backups(
    reference_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As if the process had ended: nothing is cleaned up."""

    def kill(*_: object) -> None:
        beside = [path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file()]
        assert not any(b"SQLite format 3" in content for content in beside)
        raise Killed

    (tmp_path / "kept").mkdir()
    key = make_key(tmp_path / "key")
    monkeypatch.setattr(making, "encrypt", kill)
    with pytest.raises(Killed):
        make_backup(reference_engine, tmp_path / "kept" / "a", NOW, [key])


LEFT = """
import os, sys
from pathlib import Path
from stations.backup.placing import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "database").write_text("left")
    os._exit(9)
"""


def test_what_a_killed_backup_left_is_removed_by_the_next(reference_engine: Engine, tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", LEFT, str(tmp_path)], cwd=ROOT, check=False).returncode == 9
    (left,) = tmp_path.iterdir()
    assert (left / "database").exists()
    with scratch(tmp_path) as at_work:
        make_backup(reference_engine, tmp_path / "a", NOW)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([at_work.name, "a"])
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
