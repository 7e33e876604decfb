"""Write backups of a filled database of this version, both kinds, as ``tests/stations/loading/releases`` keeps them.

``python -m tests.tools.release_database 2026-11-30`` is run once for each release and its files committed. Later
versions prove with them that they open what this one wrote: its sample network, and beside it real accounts with a
second factor, requests at every stage with files, a ledger, a subscription, an imported list, and an audit log.
"""

from __future__ import annotations

import lzma
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.backup.making import make_backup
from stations.commands.command_line import main as command
from stations.database import open_engine, transaction
from stations.duty.roles import Role
from stations.firms.subscriptions import SubscriptionForm, subscribe
from stations.loading.setup import set_up
from stations.requests.filing import Draft
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, TODAY, Databases, PostgresServer, SqliteFiles
from tests.stations import ledger_factories
from tests.stations.account_factories import account, enrol, try_password
from tests.stations.postgresql_tools import add_to_path
from tests.stations.request_factories import file_one, steward_of
from tests.stations.requests.test_erasure import closed

RELEASES = Path(__file__).resolve().parents[1] / "stations" / "loading" / "releases"
OFFICE_LIST = """县区,名称,地址,电话
昆山市,昆山升级测试小站,前进中路1号,0512-57500001
太仓市,太仓升级测试小站,县府街2号,
"""


def fill(engine: Engine, folder: Path) -> None:
    """Fill a database that holds the sample network with what real users write."""
    account(engine, "shen", Role.PROVINCE, "320000")
    account(engine, "wang")
    enrol(engine, "shen")
    try_password(engine, "wang", "wrong")
    try_password(engine, "wang", "correct horse battery")
    with transaction(engine) as session:
        form = SubscriptionForm(
            county_adcode="320583",
            service_code="metrology.calibration",
            notice_channel="email",
            notice_address="firm@example.com",
            consent=True,
            language="zh_CN",
        )
        subscribe(session, form, now=NOW, today=TODAY)
        closed(session, Draft())
        _at_every_stage(session)
        ledger = ledger_factories.begin(session).ledger
        ledger_factories.add_instrument(session, ledger, "P-1", TODAY - timedelta(days=350))
        ledger_factories.remind(session, ledger)
    listed = folder / "list.csv"
    listed.write_text(OFFICE_LIST, encoding="utf-8")
    url = engine.url.render_as_string(hide_password=False)
    if command(["import", "stations", str(listed), "--by", "shen"], {"DATABASE_URL": url}):
        raise SystemExit("the list was not imported")


def _at_every_stage(session: Session) -> None:
    """File requests, and take each one step further than the one before."""
    for steps in range(4):
        filed = file_one(session, contact_name=f"王升级{steps}", phone=f"1390000000{steps}")
        moves = (MoveName.ACCEPT, MoveName.START, MoveName.RETURN)[:steps]
        for name in moves:
            request = session.scalars(select(ServiceRequest).where(ServiceRequest.number == filed.number)).one()
            actor = steward_of(request.station)
            move_as_station(session, actor, request.number, name, version=request.version, note="请补充", now=NOW)


def write(databases: Databases, release: str, folder: Path) -> None:
    """Make a filled database, and write its compressed backup."""
    engine = open_engine(databases.new())
    set_up(engine, samples=True, now=NOW)
    fill(engine, folder)
    plain = folder / f"{databases.kind}.backup"
    make_backup(engine, plain, NOW)
    engine.dispose()
    target = RELEASES / f"{release}.{databases.kind}.backup.xz"
    with plain.open("rb") as source, lzma.open(target, "wb", preset=9 | lzma.PRESET_EXTREME) as packed:
        shutil.copyfileobj(source, packed)
    print(f"{target.name}: {target.stat().st_size:,} bytes")


def main() -> None:
    """Write both files of a release."""
    (release,) = sys.argv[1:]
    RELEASES.mkdir(exist_ok=True)
    server = PostgresServer()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        add_to_path(patched)
        try:
            for databases in (SqliteFiles(Path(folder)), server):
                write(databases, release, Path(folder))
        finally:
            server.clean_up()


if __name__ == "__main__":
    main()
