"""What a program sends again under the same Idempotency-Key is done once, and answered as before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from stations.database import reading, transaction
from stations.registry.station import Station
from stations.requests.idempotency import LEASE, IdempotencyKey, begin, mark_done
from tests.conftest import NOW
from tests.portal.api.conftest import Interface
from tests.portal.api.described_answers import check
from tests.portal.api.partners import new_key
from tests.portal.api.test_requests import body, file, filed
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN

PDF = b"%PDF-1.7\n%%EOF"
REPLAYED = "idempotent-replayed"


@pytest.fixture(scope="module")
def station(interface: Interface) -> Station:
    with transaction(interface.engine) as session:
        return add_station(session, KUNSHAN)


@pytest.fixture(scope="module")
def partner(interface: Interface) -> dict[str, str]:
    """The headers of a program with a key for everything."""
    return new_key(interface.engine, sample=False, system=f"r-{uuid4().hex[:8]}")


def send(interface: Interface, method: str, path: str, headers: dict[str, str], **options: Any) -> Any:
    return check(interface.ask(method, path, headers=headers | options.pop("more", {}), **options))


def once_and_again(interface: Interface, method: str, path: str, headers: dict[str, str], **options: Any) -> Any:
    """Send something twice under a key; return the first answer, which the second one is like."""
    key = {"Idempotency-Key": str(uuid4())}
    first = send(interface, method, path, headers | key, **options)
    again = send(interface, method, path, headers | key, **options)
    assert first.status_code < 300, first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (first.headers.get(REPLAYED), again.headers[REPLAYED]) == (None, "true")
    assert again.headers.get("etag") == first.headers.get("etag")
    return first


def test_a_firm_sends_everything_twice(interface: Interface, station: Station) -> None:
    where, code = filed(interface, station)
    told = once_and_again(interface, "POST", f"{where}/messages", code, json={"text": "请问"}).json()
    assert [one["text"] for one in told["messages"]] == ["请问"]
    form = {"data": {"text": "见附件"}, "files": [("files", ("a.pdf", PDF))]}  # with another boundary each time
    told = once_and_again(interface, "POST", f"{where}/messages", code, **form).json()
    assert (len(told["messages"]), len(told["files"])) == (2, 1)
    raw: dict[str, Any] = {"data": PDF, "params": {"name": "b.pdf"}, "more": {"Content-Type": "application/pdf"}}
    told = once_and_again(interface, "POST", f"{where}/files", code, **raw).json()
    assert (len(told["messages"]), len(told["files"])) == (3, 2)
    contact = {"contact_name": "李测试", "phone": "13900001234"}
    told = once_and_again(interface, "PUT", f"{where}/contact", code, json=contact).json()
    assert told["firm"]["contact"] == "李测试"
    version = send(interface, "GET", where, code).headers["etag"]
    cancelled = once_and_again(
        interface, "POST", f"{where}/cancellation", code, json={"note": "不需要"}, more={"If-Match": version}
    )
    assert cancelled.json()["state"] == "cancelled"
    with reading(interface.engine) as session:
        kept = str([vars(row) for row in session.scalars(sa.select(IdempotencyKey))])
    assert "李测试" not in kept and "13900001234" not in kept


def test_another_body_another_step_and_another_proof(interface: Interface, station: Station) -> None:
    where, code = filed(interface, station)
    other, other_code = filed(interface, station)
    key = {"Idempotency-Key": str(uuid4())}
    assert send(interface, "POST", f"{where}/messages", code | key, json={"text": "一"}).status_code == 201
    refused = send(interface, "POST", f"{where}/messages", code | key, json={"text": "二"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    again = send(interface, "POST", f"{other}/messages", other_code | key, json={"text": "一"})
    assert (again.status_code, again.headers.get(REPLAYED)) == (201, None)
    wrong = send(interface, "POST", f"{where}/messages", other_code | key, json={"text": "一"})
    assert wrong.status_code == 404
    short = send(interface, "POST", f"{where}/messages", code, json={"text": "一"}, more={"Idempotency-Key": "k"})
    assert (short.status_code, short.json()["errors"][0]["in"]) == (400, "header")


def test_what_is_put_right_can_be_sent_again_under_its_key(interface: Interface, station: Station) -> None:
    where, code = filed(interface, station)
    key = {"Idempotency-Key": str(uuid4())}
    assert send(interface, "POST", f"{where}/messages", code | key, json={"text": " "}).status_code == 400
    assert send(interface, "POST", f"{where}/messages", code | key, json={"text": "好"}).status_code == 201


def test_eight_at_once_write_one_message(interface: Interface, station: Station) -> None:
    where, code = filed(interface, station)
    headers = code | {"Idempotency-Key": str(uuid4())}
    with ThreadPoolExecutor(8) as senders:
        answers = list(
            senders.map(lambda _: send(interface, "POST", f"{where}/messages", headers, json={"text": "一"}), range(8))
        )
    assert {one.status_code for one in answers} <= {201, 409}
    assert len({one.text for one in answers if one.status_code == 201}) == 1
    assert len(send(interface, "GET", where, code).json()["messages"]) == 1


def test_a_code_that_was_replaced_and_data_that_were_erased_open_no_answer(
    interface: Interface, station: Station
) -> None:
    session = {"X-Request-Session": str(uuid4()) + str(uuid4())}
    receipt = file(interface, body(station), **session)
    where = receipt.headers["location"]
    key = {"Idempotency-Key": str(uuid4())}
    assert send(interface, "POST", f"{where}/messages", session | key, json={"text": "一"}).status_code == 201
    assert send(interface, "POST", f"{where}/code", {"X-Request-Code": receipt.json()["code"]}).status_code == 200
    again = send(interface, "POST", f"{where}/messages", session | key, json={"text": "一"})
    assert again.status_code in (404, 409)


def test_a_system_sends_everything_twice(
    interface: Interface, station: Station, partner: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "a secret of twenty-four letters and more")
    rows = {"rows": [{"id": uuid4().hex, "code": station.code, "phone": "0512-5555 1234"}]}
    first = once_and_again(interface, "POST", "/api/v1/stations/bulk", partner, json=rows)
    assert first.json()["rows"][0]["outcome"] == "changed"
    number = filed(interface, station)[0].rpartition("/")[2]
    desk = f"/api/v1/desk/requests/{number}"
    once_and_again(interface, "POST", f"{desk}/messages", partner, json={"text": "请带样品"})
    step = once_and_again(interface, "POST", f"{desk}/steps", partner, json={"move": "accept", "version": 1}).json()
    assert step["state"] == "accepted" and len(step["messages"]) == 1
    service = step["services"][0]["service"]
    done = {"service": service, "version": step["version"], "performer": "院", "result": "合格"}
    once_and_again(interface, "POST", f"{desk}/deliveries", partner, json=done)
    hook = {"url": f"https://example.com/{uuid4().hex}"}
    made = once_and_again(interface, "POST", "/api/v1/call-backs", partner, json=hook)
    assert made.json()["secret"].startswith("whsec_") and made.headers["location"]
    listed = send(interface, "GET", "/api/v1/call-backs", partner).json()["subscriptions"]
    assert [one["url"] for one in listed] == [hook["url"]]
    with reading(interface.engine) as session:
        assert made.json()["secret"] not in str([vars(row) for row in session.scalars(sa.select(IdempotencyKey))])


def test_a_trial_changes_nothing_and_is_answered_again(interface: Interface, partner: dict[str, str]) -> None:
    with transaction(interface.engine) as session:
        other = add_station(session, KUNSHAN).code
    rows = {"rows": [{"id": uuid4().hex, "code": other, "host": "某院"}]}
    trial = once_and_again(interface, "POST", "/api/v1/stations/bulk", partner, json=rows, params={"dry_run": "1"})
    assert trial.json()["dry_run"]
    changed = send(interface, "POST", "/api/v1/stations/bulk", partner, json=rows)
    assert changed.json()["rows"][0]["outcome"] == "changed"


def test_what_was_done_when_the_server_died_is_not_done_again(interface: Interface, station: Station) -> None:
    attempt = begin(interface.engine, "POST something", str(uuid4()), "content", now=NOW)
    with transaction(interface.engine) as session:
        mark_done(session, attempt, "Q1")
    for now, told in ((NOW, "is not done yet"), (NOW + LEASE, "was done")):
        with pytest.raises(Exception, match=told):
            begin(interface.engine, "POST something", attempt.key, "content", now=now)
    late = replace(attempt, lease="another")
    with pytest.raises(Exception, match="is not done yet"), transaction(interface.engine) as session:
        mark_done(session, late, "Q1")
