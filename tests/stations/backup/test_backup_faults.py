"""What goes wrong with a backup is told as what it is, and leaves nothing behind."""

from __future__ import annotations

import io
import json
import os
import resource
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from stations.backup import restoring
from stations.backup.making import make_backup
from stations.backup.restoring import restore_backup
from stations.commands.command_line import main
from stations.database import open_engine
from stations.errors import Conflict, InvalidInput
from tests.conftest import NOW

pytestmark = pytest.mark.one_database


@pytest.fixture
def backup(empty_engine: Engine, tmp_path: Path) -> Path:
    file = tmp_path / "backup" / "a.backup"
    file.parent.mkdir()
    make_backup(empty_engine, file, NOW)
    return file


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where to restore; nothing is there."""
    folder = tmp_path / "var"
    folder.mkdir()
    return folder / "portal.sqlite3"


def restored(file: Path, place: Path) -> bool:
    engine = open_engine(f"sqlite:///{place}")
    try:
        return restore_backup(engine, file).whole
    finally:
        engine.dispose()


def content(file: Path, name: str) -> bytes:
    with tarfile.open(file) as archive:
        return archive.extractfile(name).read()


def changed(file: Path, **contents: bytes) -> Path:
    """Return a copy of a backup with another ``manifest`` or ``database``."""
    copy = file.with_name("changed")
    with tarfile.open(copy, "w") as archive:
        for name in ("manifest.json", "database"):
            told = contents.get(name.removesuffix(".json"), content(file, name))
            entry = tarfile.TarInfo(name)
            entry.size = len(told)
            archive.addfile(entry, io.BytesIO(told))
    return copy


def damaged(database: bytes) -> bytes:
    """Return a database whose header is whole and whose pages are not."""
    return database[:4096] + bytes(range(256)) * ((len(database) - 4096) // 256)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a full disk, the system takes no more than ``size`` bytes for a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("emptied", [False, True], ids=["deleted", "emptied"])
@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_log_left_beside_the_file_would_bring_old_data_back(
    backup: Path, place: Path, ending: str, emptied: bool
) -> None:
    with closing(sqlite3.connect(place)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("CREATE TABLE old (id INTEGER)")
        old.commit()
        log = place.with_name(place.name + ending)
        left = place.with_name(place.name + "-wal").read_bytes()
    place.unlink()
    log.write_bytes(left)
    if emptied:
        place.touch()
    with pytest.raises(Conflict) as told:
        restored(backup, place)
    assert str(log) in str(told.value) and log.read_bytes() == left and place.exists() is emptied
    log.unlink()
    assert restored(backup, place)
    with closing(sqlite3.connect(place)) as new:
        names = {name for (name,) in new.execute("SELECT name FROM sqlite_master")}
    assert "station" in names and "old" not in names


def test_the_name_of_what_is_restored_is_on_disk_too(
    backup: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    link, fsync = os.link, os.fsync
    monkeypatch.setattr(os, "link", lambda old, new: (link(old, new), done.append("link")))
    monkeypatch.setattr(os, "fsync", lambda handle: (fsync(handle), done.append(os.fstat(handle).st_ino)))
    assert restored(backup, place)
    assert done[-3:] == [place.stat().st_ino, "link", place.parent.stat().st_ino]


def test_a_full_disk_is_told_as_that(
    empty_engine: Engine, backup: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = backup.with_name("b.backup")
    with files_of_at_most(100_000):
        with pytest.raises(InvalidInput, match=r"b\.backup” can't be written: (disk I/O error|.*full)"):
            make_backup(empty_engine, target, NOW)
        with pytest.raises(InvalidInput, match=r"portal\.sqlite3” can't be written: File too large"):
            restored(backup, place)
        url = empty_engine.url.render_as_string(hide_password=False)
        assert main(["backup", str(target)], {"DATABASE_URL": url, "LANG": "en"}) == 2
        assert "can't be written" in capsys.readouterr().err
    assert list(backup.parent.iterdir()) == [backup] and not list(place.parent.iterdir())


def refused(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_disk_without_links_is_told_as_that(
    empty_engine: Engine, backup: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", refused)
    for act in (lambda: restored(backup, place), lambda: make_backup(empty_engine, backup.with_name("b"), NOW)):
        with pytest.raises(InvalidInput, match="can't be written: Operation not permitted"):
            act()


def test_what_somebody_else_makes_meanwhile_is_not_overwritten(
    empty_engine: Engine, backup: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, other = os.link, backup.with_name("b")

    def late(old: Path, new: Path) -> None:
        new.write_text("somebody else's")
        link(old, new)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(Conflict, match="not empty"):
        restored(backup, place)
    with pytest.raises(Conflict, match="is there already"):
        make_backup(empty_engine, other, NOW)
    assert place.read_text() == other.read_text() == "somebody else's"


@pytest.mark.parametrize("fault", [TypeError, ValueError, KeyError])
def test_a_fault_of_ours_is_not_told_as_one_of_the_file(
    backup: Path, place: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def failing(*_: object) -> None:
        raise fault("ours")

    monkeypatch.setattr(restoring, "prove_tables", failing)
    with pytest.raises(fault, match="ours"):
        restored(backup, place)
    assert not list(place.parent.iterdir())


MANIFESTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a text": lambda _: "text",
    "a list": lambda _: [],
    "a number": lambda _: 1,
    "nothing": lambda _: None,
    "no format": lambda told: {name: value for name, value in told.items() if name != "format"},
    "no tables": lambda told: {name: value for name, value in told.items() if name != "tables"},
    "tables in a list": lambda told: {**told, "tables": list(told["tables"])},
    "tables as a text": lambda told: {**told, "tables": "station"},
    "a table as a list": lambda told: {**told, "tables": {"station": [1, "0"]}},
    "rows as a text": lambda told: {**told, "tables": {"station": {"rows": "1", "sha256": "0"}}},
    "a hash as a number": lambda told: {**told, "tables": {"station": {"rows": 1, "sha256": 0}}},
    "one more name": lambda told: {**told, "more": 1},
    "a schema as a list": lambda told: {**told, "schema": ["0001"]},
    "no head": lambda told: {**told, "audit_head": "none"},
}


@pytest.mark.parametrize("change", MANIFESTS.values(), ids=MANIFESTS.keys())
def test_another_manifest_is_no_backup(backup: Path, place: Path, change: Callable[[dict[str, Any]], object]) -> None:
    told = json.dumps(change(json.loads(content(backup, "manifest.json")))).encode()
    with pytest.raises(InvalidInput, match="changed” can't be read as a backup"):
        restored(changed(backup, manifest=told), place)


@pytest.mark.parametrize("told", [b"[" * 100_000, b"\xff", b"", b"{}"], ids=["deep", "no text", "empty", "no names"])
def test_what_is_no_manifest_is_no_backup(backup: Path, place: Path, told: bytes) -> None:
    with pytest.raises(InvalidInput, match="can't be read as a backup"):
        restored(changed(backup, manifest=told), place)


def test_a_backup_that_was_cut_off_is_none(backup: Path, place: Path) -> None:
    whole = backup.read_bytes()
    for size in (len(whole) // 2, 2000, 100):
        backup.write_bytes(whole[:size])
        with pytest.raises(InvalidInput, match="can't be read as a backup"):
            restored(backup, place)


def test_a_link_in_place_of_the_database_is_not_followed(backup: Path, place: Path) -> None:
    with tarfile.open(backup.with_name("changed"), "w") as archive:
        told = content(backup, "manifest.json")
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(told)
        archive.addfile(entry, io.BytesIO(told))
        link = tarfile.TarInfo("database")
        link.type, link.linkname = tarfile.SYMTYPE, "database"
        archive.addfile(link)
    with pytest.raises(InvalidInput, match="can't be read as a backup"):
        restored(backup.with_name("changed"), place)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (damaged, "malformed"),
        (lambda _: b"hello" * 1000, "file is not a database"),
        (lambda _: b"", "no such table"),
    ],
    ids=["damaged", "no database", "empty"],
)
def test_a_damaged_database_in_a_backup_is_told(
    backup: Path, place: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes], reason: str
) -> None:
    opened: list[Engine] = []
    monkeypatch.setattr(restoring, "open_engine", lambda url: opened.append(open_engine(url)) or opened[-1])
    file = changed(backup, database=spoil(content(backup, "database")))
    with pytest.raises(InvalidInput, match=f"The database in “{file}” can't be read: .*{reason}"):
        restored(file, place)
    assert not list(place.parent.iterdir()) and [engine.pool.checkedin() for engine in opened] == [0]


def test_a_damaged_database_is_told_when_a_backup_is_made(backup: Path, place: Path) -> None:
    place.write_bytes(damaged(content(backup, "database")))
    with pytest.raises(InvalidInput, match="The database can't be read: .*malformed"):
        make_backup(open_engine(f"sqlite:///{place}"), backup.with_name("b"), NOW)
    assert list(backup.parent.iterdir()) == [backup]


def test_a_database_without_tables_is_not_told_as_damaged(backup: Path, place: Path) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        make_backup(open_engine(f"sqlite:///{place}"), backup.with_name("b"), NOW)


def test_a_database_in_memory_is_no_place_to_restore(backup: Path) -> None:
    with pytest.raises(InvalidInput, match="set DATABASE_URL to an empty database"):
        restore_backup(open_engine("sqlite://"), backup)
