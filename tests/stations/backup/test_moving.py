"""Moving from one database to another, of the same kind and of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

import stations.backup.moving as moving
from stations.backup.moving import move_to
from stations.commands.command_line import main
from stations.database import open_engine, reading, transaction
from stations.errors import Conflict
from stations.loading.schema import metadata
from stations.requests.attached_file import check_file
from stations.requests.attachments import attach
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party
from tests.conftest import NOW, Made
from tests.stations.file_samples import PDF
from tests.stations.request_factories import file_one


@pytest.fixture
def filled(sample_copy_engine: Engine, tmp_path: Path) -> Engine:
    """A database with the sample network, an imported station, a request split from another, and a file."""
    (tmp_path / "list.csv").write_text("小站名称,县区,地址,服务项目\n戊小站,启东市,海安路1号,计量\n", encoding="utf-8")
    here = {"DATABASE_URL": sample_copy_engine.url.render_as_string(hide_password=False)}
    assert main(["import", "stations", str(tmp_path / "list.csv")], here) == 0
    with transaction(sample_copy_engine) as session:
        request = file_one(session)
        attach(session, request, check_file("清单.pdf", PDF), party=Party.FIRM, actor="firm", now=NOW)
        file_one(session).split_from_id = request.id
    return sample_copy_engine


@pytest.fixture
def target(made: Made, filled: Engine) -> Iterator[str]:
    """An empty database of the other kind."""
    databases = made.of_kind("postgresql" if filled.dialect.name == "sqlite" else "sqlite")
    url = databases.new()
    yield url
    databases.drop(url)


def everything(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
        }


def test_everything_arrives_in_the_other_kind_and_goes_on(filled: Engine, target: str) -> None:
    before = everything(filled)
    there = open_engine(target)
    assert there.dialect.name != filled.dialect.name
    moved = move_to(filled, there)
    assert moved.whole and moved.tables["attachment"] == 1 and moved.rows == sum(map(len, before.values()))
    assert everything(there) == before == everything(filled)
    with transaction(there) as session:  # new rows get new numbers
        request = file_one(session)
        attach(session, request, check_file("又.pdf", PDF), party=Party.FIRM, actor="firm", now=NOW)
    with reading(there) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ServiceRequest)) > moved.tables["service_request"]
    with pytest.raises(Conflict, match="is not empty"):
        move_to(filled, there)
    there.dispose()


def test_what_differs_is_told_and_nothing_stays(filled: Engine, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(here: sa.Connection, there: sa.Connection, table: sa.Table) -> None:
        copy(here, there, table)
        if table.name == "station_service":
            there.execute(sa.delete(table).where(table.c.service_code.like("metrology%")))

    copy = moving._copy
    there = open_engine(target)
    monkeypatch.setattr(moving, "_copy", lossy)
    moved = move_to(filled, there)
    assert not moved.whole and moved.differing == ["station_service"]
    with there.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM county")) == 0
    monkeypatch.undo()
    assert move_to(filled, there).whole, "it can be tried again in the same place"
    there.dispose()


def test_nobody_writes_meanwhile(filled: Engine, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []

    def watched(here: sa.Connection, there: sa.Connection, table: sa.Table) -> None:
        copy(here, there, table)
        if table.name == "county":
            with pytest.raises(sa.exc.OperationalError) as told, impatient.begin() as other:
                if impatient.dialect.name == "postgresql":
                    other.exec_driver_sql("SET lock_timeout = 100")
                other.exec_driver_sql("DELETE FROM data_load")
            refused.append(str(told.value.orig))

    copy = moving._copy
    impatient = sa.create_engine(
        filled.url, **({"connect_args": {"timeout": 0.1}} if filled.dialect.name == "sqlite" else {})
    )
    monkeypatch.setattr(moving, "_copy", watched)
    there = open_engine(target)
    assert move_to(filled, there).whole and len(refused) == 1 and "lock" in refused[0]
    there.dispose()
    impatient.dispose()


@pytest.mark.one_database
def test_the_command(filled: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = {"DATABASE_URL": filled.url.render_as_string(hide_password=False), "LANG": "en"}
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    assert main(["migrate-to", url, "--format", "json"], here) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["whole"] and told["audit_whole"] and told["differing"] == [] and told["tables"]["county"] == 95
    assert main(["migrate-to", url], here) == 2
    assert "not empty" in capsys.readouterr().err
