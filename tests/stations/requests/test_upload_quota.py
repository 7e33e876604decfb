"""Files of firms: so much from one network within a day, and so much from all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.requests import upload_quota
from stations.requests.attached_file import CheckedFile
from stations.requests.code_session import keep_open, new_browser_token
from stations.requests.filing import Draft
from stations.requests.handling import write_as_firm
from stations.requests.lookup import Browser
from stations.requests.upload_quota import COUNTED_FOR, ReceivedUpload, count_upload
from tests.conftest import NOW
from tests.stations.request_factories import file_one

PIECE = 1000


def send(engine: Engine, client: str, pieces: int = 1, now: datetime = NOW) -> None:
    file = CheckedFile("清单.pdf", "application/pdf", bytes(PIECE * pieces), "0" * 64)
    with transaction(engine) as session:
        count_upload(session, client, file, now)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_quota, "OF_NETWORK", 5 * PIECE)
    monkeypatch.setattr(upload_quota, "OF_ALL", 12 * PIECE)


def test_one_network_sends_so_much_in_a_day_however_many_browsers_it_has(reference_engine: Engine) -> None:
    for _ in range(5):
        send(reference_engine, "192.0.2.1")
    for again in ("192.0.2.1", "::ffff:192.0.2.1"):
        with pytest.raises(InvalidInput, match="“清单.pdf” can't be taken: .* from your network within a day"):
            send(reference_engine, again)
    send(reference_engine, "192.0.2.2", 5)
    send(reference_engine, "192.0.2.1", 5, NOW + COUNTED_FOR)


def test_a_network_of_many_addresses_is_one(reference_engine: Engine) -> None:
    for number in range(5):
        send(reference_engine, f"2001:db8:1:2::{number:x}")
    with pytest.raises(InvalidInput, match="from your network"):
        send(reference_engine, "2001:db8:1:2:ffff::1")
    send(reference_engine, "2001:db8:1:3::1")


def test_all_networks_together_are_limited_too(reference_engine: Engine) -> None:
    for number in range(4):
        send(reference_engine, f"192.0.2.{number}", 3)
    with pytest.raises(InvalidInput, match="more files than usual came today"):
        send(reference_engine, "192.0.2.9")
    send(reference_engine, "192.0.2.9", now=NOW + COUNTED_FOR)


def test_no_address_is_kept_and_nothing_longer_than_a_day(reference_engine: Engine) -> None:
    send(reference_engine, "192.0.2.1")
    with reading(reference_engine) as session:
        assert "192.0.2.1" not in str(session.execute(sa.select(ReceivedUpload.__table__)).all())
    send(reference_engine, "192.0.2.2", now=NOW + COUNTED_FOR + timedelta(seconds=1))
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReceivedUpload)) == 1


def test_files_of_messages_count_and_one_too_many_leaves_no_message(reference_engine: Engine) -> None:
    draft, browser = Draft(), new_browser_token()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        keep_open(session, browser, request, NOW)
        number = request.number
    proof = Browser(browser, "192.0.2.1")
    files = [CheckedFile(f"{one}.pdf", "application/pdf", bytes(3 * PIECE), f"{one}" * 64) for one in range(2)]
    with transaction(reference_engine) as session:
        write_as_firm(session, number, proof, "见附件", files=files[:1], now=NOW)
    with pytest.raises(InvalidInput, match=r"“1.pdf” can't be taken"), transaction(reference_engine) as session:
        write_as_firm(session, number, proof, "再来", files=files[1:], now=NOW)
    with reading(reference_engine) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM request_message")) == 1
        assert session.scalar(sa.text("SELECT count(*) FROM attachment")) == 1
