"""Databases of earlier releases open in this one; the schema goes back as far as is said, and says what that loses."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine

from stations.audit.proof import verify_audit
from stations.backup.proof import prove_tables
from stations.backup.restoring import restore_backup
from stations.commands.command_line import main
from stations.database import open_engine, reading, transaction
from stations.errors import Conflict, InvalidInput
from stations.loading.migration import alembic_config
from stations.loading.schema_change import Loss, LossKind, downgrade_schema, upgrade_schema
from stations.loading.schema_revision import check_ready
from stations.loading.setup import set_up
from stations.requests.filing import Draft, file_request
from stations.requests.service_request import ServiceRequest
from stations.security_events import EventKind, note_events
from stations.server_processes import Presence, forget_presence, note_presence
from tests.conftest import CLOCK, NOW, Databases
from tests.stations.account_factories import PASSWORD, try_password
from tests.stations.postgresql_tools import add_to_path
from tests.stations.request_factories import file_one, filled_form

RELEASES = Path(__file__).parent / "releases"
NAMES = sorted({path.name.partition(".")[0] for path in RELEASES.glob("*.xz")})
KEPT = ("station", "service_request", "request_item", "request_message", "user", "duty", "audit_entry", "notice")


@pytest.fixture
def released(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Engine]:
    """Yield a database as a release wrote it (``tests/tools/release_database.py``)."""
    with pytest.MonkeyPatch.context() as patched:
        add_to_path(patched)
        packed = RELEASES / f"{request.param}.{databases.kind}.backup.xz"
        with lzma.open(packed) as source, (tmp_path / "backup").open("wb") as plain:
            shutil.copyfileobj(source, plain)
        url = databases.new()
        engine = open_engine(url)
        assert restore_backup(engine, tmp_path / "backup").whole
    yield engine
    engine.dispose()
    databases.drop(url)


every_release = pytest.mark.parametrize("released", NAMES, indirect=True)


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar_one() for name in KEPT
        }


@every_release
def test_a_database_of_each_release_opens_with_all_its_records(released: Engine) -> None:
    before = counts(released)
    assert all(before.values()), "else nothing is proved"
    change = upgrade_schema(released, trial=False)
    assert change.done and change.losses == ()
    set_up(released, samples=True, now=NOW)
    check_ready(released)
    after = counts(released)
    assert {name: after[name] for name in KEPT} == before
    with reading(released) as session:
        verdict = verify_audit(session)
        assert verdict.fault is None and verdict.checked == before["audit_entry"]
    assert try_password(released, "wang", PASSWORD)
    with transaction(released) as session:
        first = session.scalars(sa.select(ServiceRequest).where(ServiceRequest.contact_name == "王升级0")).one()
        assert file_request(session, filled_form(first.station), Draft(), now=NOW, samples=True).number


@every_release
def test_every_migration_goes_down_and_up_on_a_filled_database(released: Engine) -> None:
    """Changing a table must not delete rows that refer to it, and what is there before stays."""
    upgrade_schema(released, trial=False)
    before = counts(released)
    command.downgrade(alembic_config(released), "0004")  # the first with all of these tables
    assert counts(released) == before
    command.downgrade(alembic_config(released), "0001")
    command.upgrade(alembic_config(released), "head")
    check_ready(released)
    assert counts(released) == {**before, "notice": 0}
    with reading(released) as session:
        assert verify_audit(session).fault is None


def test_a_trial_changes_nothing_and_says_what_the_real_one_loses(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        note_events(session, EventKind.GUESSING, NOW)
        file_one(session)
    with reference_engine.connect() as connection:
        before = prove_tables(connection)
    tried = downgrade_schema(reference_engine, "0031", trial=True)
    with reference_engine.connect() as connection:
        assert prove_tables(connection) == before
    check_ready(reference_engine)
    assert not tried.done and [step.revision for step in tried.steps][-2:] == ["0033", "0032"]
    assert Loss("security_event", "", LossKind.TABLE, 1) in tried.losses
    assert Loss("pseudonym_key", "", LossKind.TABLE, 1) in tried.losses
    assert Loss("service_request", "erased_at", LossKind.COLUMN, 0) in tried.losses
    done = downgrade_schema(reference_engine, "0031", trial=False)
    assert (done.done, done.losses) == (True, tried.losses)
    assert "pseudonym_key" not in sa.inspect(reference_engine).get_table_names()
    assert upgrade_schema(reference_engine, trial=True).losses == ()
    assert upgrade_schema(reference_engine, trial=False).done
    assert upgrade_schema(reference_engine, trial=False).steps == ()


def test_values_that_become_others_are_told(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = file_one(session).station
        station.phone = "、".join(["0512-57500001"] * 8)
    losses = downgrade_schema(reference_engine, "0018", trial=True).losses
    assert [loss.kind for loss in losses if (loss.table, loss.column) == ("station", "phone")] == [LossKind.VALUES]


def test_a_revision_that_is_none_or_not_before_is_named(empty_engine: Engine) -> None:
    with pytest.raises(InvalidInput, match="0033"):
        downgrade_schema(empty_engine, "9999", trial=True)
    head = upgrade_schema(empty_engine, trial=True).after
    with pytest.raises(Conflict):
        downgrade_schema(empty_engine, head, trial=True)


def test_nobody_goes_back_without_a_backup_or_while_servers_run(
    empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_to_path(monkeypatch)
    url = {"DATABASE_URL": empty_engine.url.render_as_string(hide_password=False), "LANG": "en", "CLOCK": CLOCK}
    presence = Presence(8501, NOW)
    with transaction(empty_engine) as session:
        note_presence(session, presence, NOW)
    backup = tmp_path / "before"
    assert main(["downgrade", "0033"], url) == 2
    assert main(["downgrade", "0033", "--backup", str(backup)], url) == 2 and not backup.exists()
    assert "--backup" in (told := capsys.readouterr().err) and "1 servers run" in told
    assert main(["downgrade", "0033", "--dry-run"], url) == 0
    with transaction(empty_engine) as session:
        forget_presence(session, presence)
    assert main(["downgrade", "0033", "--backup", str(backup)], url) == 0 and backup.exists()
    assert main(["upgrade"], url) == 0
    with reading(empty_engine) as session:
        verdict = verify_audit(session)
        assert verdict.fault is None and verdict.checked == 1
    check_ready(empty_engine)
