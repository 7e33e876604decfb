"""The portal's own process sends what stands in the outbox, while it serves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import delete

from stations.alerts.alert_contacts import set_contact
from stations.alerts.alerts import CoverageWatch
from stations.database import open_engine, transaction
from stations.loading.migration import upgrade
from stations.loading.setup import set_up
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.outbox import Notice, enqueue
from tests.conftest import NOW
from tests.portal.conftest import Server
from tests.stations.ledger_factories import add_instrument, begin, remind
from tests.stations.receivers import http_receiver


def test_a_serving_portal_delivers(serve: Callable[..., Server], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    engine = open_engine(url)
    upgrade(engine)
    with transaction(engine) as session:
        enqueue(
            session,
            key="request:Q1:step:0",
            channel=SMS,
            address="13800000000",
            subject="已受理",
            text="您的申请已受理。",
            data={"subject": "Q1"},
            now=NOW,
            sample=False,
        )
    with http_receiver() as receiver:
        serve("-m", "portal", DATABASE_URL=url, SMS_GATEWAY_URL=receiver.url)
        assert receiver.came.wait(30), "nothing was sent"
    engine.dispose()
    assert [headers["idempotency-key"] for _path, headers, _body in receiver.taken] == ["request:Q1:step:0"]


def test_a_serving_portal_reminds(serve: Callable[..., Server], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    engine = open_engine(url)
    set_up(engine, samples=False, now=NOW)
    with transaction(engine) as session:
        ledger = begin(session).ledger
        remind(session, ledger, "13800000000", "sms")
        add_instrument(session, ledger, "001", date(2020, 1, 1))
        session.execute(delete(Notice))  # the code, long since typed
    with http_receiver() as receiver:
        serve("-m", "portal", DATABASE_URL=url, SMS_GATEWAY_URL=receiver.url, SAMPLE="0")
        assert receiver.came.wait(60), "nobody was reminded"
    engine.dispose()
    (told,) = receiver.taken
    assert told[1]["idempotency-key"].startswith(f"instruments:{ledger.number}:")
    assert "压力表" in json.loads(told[2])["text"]


def test_a_serving_portal_checks_coverage_and_tells(serve: Callable[..., Server], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    engine = open_engine(url)
    set_up(engine, samples=False, now=NOW)
    with transaction(engine) as session:
        set_contact(session, "320000", "sms", "13800000000", by="test", now=NOW)
        session.add(CoverageWatch(sample=False, began_on=date(2026, 1, 1)))  # the first day raises nothing
    with http_receiver() as receiver:
        serve("-m", "portal", DATABASE_URL=url, SMS_GATEWAY_URL=receiver.url, SAMPLE="0")
        assert receiver.came.wait(60), "nobody was told"
    engine.dispose()
    (told,) = receiver.taken
    assert told[1]["idempotency-key"].startswith("coverage-alerts/320000/sms/")
    assert "没有运行中的质量小站" in json.loads(told[2])["text"]
