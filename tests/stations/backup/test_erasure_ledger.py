"""What was erased after a backup is erased again when that backup is restored."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.audit.proof import verify_audit
from stations.backup.erasure_ledger import keep_erasures, read_erasures
from stations.backup.making import make_backup
from stations.backup.settings import ERASURES as FILE
from stations.backup.settings import erasure_list_file
from stations.commands.command_line import main
from stations.database import open_engine, reading, transaction
from stations.errors import InvalidInput
from stations.firms.instruments import InstrumentLedger
from stations.firms.ledgers import delete_ledger
from stations.firms.subscriptions import Subscription, end
from stations.jobs.erasure_ledger import JOB
from stations.jobs.job import Turn
from stations.operations.check import State as Health
from stations.operations.storage_checks import check_erasure_list
from stations.requests.erasure import erase_as_firm
from stations.requests.filing import Draft
from stations.requests.handling import move_as_firm, move_as_station
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from tests.conftest import CLOCK, NOW, TODAY
from tests.stations.firms.test_reminders import ask
from tests.stations.ledger_factories import begin
from tests.stations.request_factories import file_one, new_credit_code, steward_of
from tests.stations.requests.test_erasure import everything_of

DAY = timedelta(days=1)


def turn(engine: Engine, folder: Path) -> int:
    return JOB.run(Turn(engine, NOW + DAY, TODAY, CLOCK, True, {"BACKUP_FOLDER": str(folder)}))


def erase_all(engine: Engine, drafts: dict[str, Draft]) -> None:
    """Do as firms do: withdraw and erase each request, delete the ledger, end the subscription."""
    with transaction(engine) as session:
        for number, draft in drafts.items():
            request = session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number == number)).one()
            move_as_firm(session, number, draft.code, MoveName.CANCEL, version=request.version, note="改期", now=NOW)
            erase_as_firm(session, number, draft.code, version=request.version, now=NOW)
        delete_ledger(session, session.scalars(sa.select(InstrumentLedger)).one(), now=NOW)
        end(session, session.scalars(sa.select(Subscription.proof)).one(), now=NOW)


@pytest.fixture
def before(reference_engine: Engine) -> dict[str, Draft]:
    """Two requests, one of them taken on, a ledger and a subscription that will be erased; and a request that stays."""
    drafts: dict[str, Draft] = {}
    with transaction(reference_engine) as session:
        for name in ("甲秘密", "乙秘密", "留下"):
            draft = Draft()
            request = file_one(session, draft=draft, contact_name=name, credit_code=new_credit_code())
            drafts[request.number] = draft
            if name == "乙秘密":
                move_as_station(
                    session, steward_of(request.station), request.number, MoveName.ACCEPT, version=1, now=NOW
                )
        drafts.popitem()
        begin(session)
    ask(reference_engine, county_adcode="320581")
    return drafts


@pytest.mark.one_database  # restoring is the same on the other kind; what differs is tried by the next test
def test_what_was_erased_since_a_backup_is_erased_again_after_restoring_it(
    reference_engine: Engine,
    before: dict[str, Draft],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    make_backup(reference_engine, folder / "before.backup", NOW)
    erase_all(reference_engine, before)
    assert turn(reference_engine, folder) == 0
    listed = (folder / FILE).read_text(encoding="utf-8")
    assert len(listed.splitlines()) == 4 and all(number in listed for number in before)
    assert not [secret for secret in ("秘密", "example.com", "9132") if secret in listed]
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600

    restored = tmp_path / "restored.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{restored}")
    assert main(["restore", str(folder / "before.backup"), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["erased_again"]) == (True, 4)
    engine = open_engine(f"sqlite:///{restored}")
    whole = everything_of(engine)
    assert "秘密" not in whole and "留下" in whole
    with reading(engine) as session:
        states = session.scalars(sa.select(ServiceRequest.state).where(ServiceRequest.erased_at.is_not(None))).all()
        assert states == [State.CANCELLED] * 2, "nobody waits for what had ended"
        again = sa.select(AuditEntry.actor).where(AuditEntry.action.in_(["erase_request", "delete_ledger"]))
        assert set(session.scalars(again)) == {"portal"}
        assert verify_audit(session).fault is None
    assert turn(engine, folder) == 0, "a second run changes nothing"
    assert (folder / FILE).read_text(encoding="utf-8") == listed
    engine.dispose()


def test_the_portal_does_it_by_itself_however_many_servers(
    reference_engine: Engine, before: dict[str, Draft], tmp_path: Path
) -> None:
    listed = "".join(f"2026-11-24T02:00:00+00:00,erase_request,{number}\n" for number in before)
    (tmp_path / FILE).write_text(listed + "2026-11-24T02:00:00+00:00,erase_request,Q261124-000000\n", encoding="utf-8")
    done: list[int] = []

    def serve() -> None:
        done.append(keep_erasures(reference_engine, tmp_path / FILE, NOW))

    servers = [threading.Thread(target=serve) for _ in range(3)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert sum(done) == 2 and len(read_erasures(tmp_path / FILE)) == 3
    with reading(reference_engine) as session:
        assert len(session.scalars(sa.select(ServiceRequest).where(ServiceRequest.erased_at.is_not(None))).all()) == 2


@pytest.mark.one_database
@pytest.mark.parametrize("line", ["x", "2026-11-24,erase_request", "gestern,erase_request,Q1", "2026-11-24,drop,Q1"])
def test_a_list_that_can_not_be_read_is_told_and_stays(reference_engine: Engine, tmp_path: Path, line: str) -> None:
    content = f"2026-11-24T02:00:00+00:00,erase_request,Q1\n{line}\n"
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match="Line 2"):
        turn(reference_engine, tmp_path)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == content


@pytest.mark.one_database
def test_without_backups_the_list_lies_beside_the_file_and_serves_an_older_copy_of_it(
    reference_engine: Engine, before: dict[str, Draft], tmp_path: Path
) -> None:
    """The operator copies the database's file by means of their own, and puts an old copy back."""
    database = tmp_path / "portal.sqlite3"
    url = f"sqlite:///{database}"

    def copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)

    def keep() -> int:
        engine = open_engine(url)
        try:
            return JOB.run(Turn(engine, NOW + DAY, TODAY, CLOCK, True, {}))
        finally:
            engine.dispose()

    copy(Path(str(reference_engine.url.database)), database)
    copy(database, tmp_path / "old copy")
    engine = open_engine(url)
    erase_all(engine, before)
    engine.dispose()
    assert keep() == 0
    copy(tmp_path / "old copy", database)
    assert keep() == 4
    engine = open_engine(url)
    whole = everything_of(engine)
    assert "秘密" not in whole and "留下" in whole
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "environment", "kept"),
    [
        ("sqlite:////a/portal.sqlite3", {}, "/a/portal.sqlite3.erasures.csv"),
        ("sqlite:////a/portal.sqlite3", {"BACKUP_FOLDER": "/b"}, "/b/erasures.csv"),
        ("postgresql://h/portal", {"BACKUP_FOLDER": "/b", "ERASURES_FOLDER": "/c"}, "/c/erasures.csv"),
        ("postgresql://h/portal", {}, None),
        ("sqlite://", {}, None),
    ],
)
def test_where_the_list_is_kept_is_told_and_where_there_is_none(
    url: str, environment: dict[str, str], kept: str | None
) -> None:
    engine = open_engine(url)
    assert erasure_list_file(engine, environment) == (Path(kept) if kept else None)
    check = check_erasure_list(engine, environment)
    assert check.state is (Health.FINE if kept else Health.NOTICE) and (kept or "ERASURES_FOLDER") in str(check)
