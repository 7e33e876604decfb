"""The portal's own process sends what stands in the outbox, while it serves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stations.database import open_engine, transaction
from stations.migration import upgrade
from stations.outbox import Channel, enqueue
from tests.conftest import NOW
from tests.portal.conftest import Server
from tests.stations.receivers import http_receiver


def test_a_serving_portal_delivers(serve: Callable[..., Server], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    engine = open_engine(url)
    upgrade(engine)
    with transaction(engine) as session:
        enqueue(
            session,
            key="request:Q1:step:0",
            channel=Channel.SMS,
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
