"""Sending notices to real receivers on this machine."""

from __future__ import annotations

import email
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email import policy
from ipaddress import ip_network

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from standardwebhooks import Webhook, WebhookVerificationError

import stations.notices.http_posting
from stations.database import reading, transaction
from stations.notices.channel import Channel
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.email import MailServer
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.channels.sms import TextGateway
from stations.notices.channels.webhook import CHANNEL as WEBHOOK
from stations.notices.channels.webhook import CallBacks, signing_secret
from stations.notices.delivery import Clock, Delivered, deliver_due
from stations.notices.outbox import BACK_OFF, LEASE, Notice, NoticeState, claim, enqueue
from stations.notices.parcel import Sender
from stations.notices.settings import NoticeSettings
from tests.conftest import NOW
from tests.stations.receivers import HANG, http_receiver, mail_receiver

LOOPBACK = CallBacks(b"a secret of this installation", (ip_network("127.0.0.0/8"),))
TEXT = "“校准”已办结。<b>&"


def senders_of(channel: Channel, way: object) -> dict[Channel, Sender]:
    return NoticeSettings({channel: way}).senders()


def put(
    engine: Engine, channel: Channel, address: str, key: str = "request:Q261124-0A1B2C:3", now: datetime = NOW
) -> None:
    with transaction(engine) as session:
        enqueue(
            session,
            key=key,
            channel=channel,
            address=address,
            subject="申请 Q261124-0A1B2C 已办结",
            text=TEXT,
            data={"subject": "Q261124-0A1B2C", "state": "delivered"},
            now=now,
            sample=False,
        )


def fixed(now: datetime) -> Clock:
    return lambda: now


def one(engine: Engine) -> Notice:
    with reading(engine) as session:
        return session.scalars(sa.select(Notice)).one()


def test_a_call_back_that_fails_and_times_out_arrives_signed_in_the_end(
    empty_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stations.notices.http_posting, "TIMEOUT_S", (5, 0.3))
    senders = senders_of(WEBHOOK, LOOPBACK)
    now = datetime.now(UTC)  # the receiver's library compares the signed time with the machine's
    with http_receiver(500, HANG, 302) as receiver:
        put(empty_engine, WEBHOOK, f"{receiver.url}/hook?firm=1", now=now)
        for wait, error in zip(BACK_OFF[:3], ("HTTP 500", "ReadTimeout", "HTTP 302"), strict=True):
            assert deliver_due(empty_engine, senders, fixed(now)) == Delivered(0, 1)
            assert one(empty_engine).last_error == error
            assert deliver_due(empty_engine, senders, fixed(now)) == Delivered(), "not due yet"
            now += wait
        assert deliver_due(empty_engine, senders, fixed(now)) == Delivered(1, 0)
        assert deliver_due(empty_engine, senders, fixed(now + timedelta(days=9))) == Delivered()
        taken = receiver.taken
    assert [path for path, _, _ in taken] == ["/hook?firm=1"] * 4, "a redirect is not followed"
    assert {headers["webhook-id"] for _, headers, _ in taken} == {"request:Q261124-0A1B2C:3"}
    _, headers, body = taken[0]
    told = Webhook(signing_secret(LOOPBACK, "Q261124-0A1B2C")).verify(body, headers)
    assert told["text"] == TEXT and told["data"]["state"] == "delivered"
    with pytest.raises(WebhookVerificationError):
        Webhook(signing_secret(LOOPBACK, "Q261124-0A1B2D")).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing_secret(LOOPBACK, "Q261124-0A1B2C")).verify(body.replace(b"delivered", b"cancelled"), headers)
    assert one(empty_engine).state is NoticeState.SENT


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
    ],
)
def test_a_private_address_is_not_called_unless_it_is_named(empty_engine: Engine, address: str) -> None:
    senders = senders_of(WEBHOOK, CallBacks(b"secret", (ip_network("192.168.0.0/16"),)))
    with http_receiver() as receiver:
        put(empty_engine, WEBHOOK, address.format(port=receiver.url.rsplit(":", 1)[1]))
        assert deliver_due(empty_engine, senders, lambda: NOW) == Delivered(0, 1)
        assert receiver.taken == []
    assert one(empty_engine).state is NoticeState.FAILED
    assert "WEBHOOK_NETWORKS" in one(empty_engine).last_error


def test_a_mail_arrives_whole_with_an_id_of_its_own(empty_engine: Engine) -> None:
    with mail_receiver("451 busy, later") as receiver:
        server = MailServer("smtp", "127.0.0.1", receiver.port, None, None, "质量小站 <station@example.com>")
        senders = senders_of(EMAIL, server)
        put(empty_engine, EMAIL, "wang@example.com")
        assert deliver_due(empty_engine, senders, lambda: NOW) == Delivered(0, 1)
        assert "451" in one(empty_engine).last_error
        assert deliver_due(empty_engine, senders, lambda: NOW + BACK_OFF[0]) == Delivered(1, 0)
        ((recipient, source),) = receiver.taken
    message = email.message_from_bytes(source, policy=policy.default)
    assert recipient == message["To"] == "wang@example.com"
    assert message["From"] == "质量小站 <station@example.com>"
    assert message["Subject"] == "申请 Q261124-0A1B2C 已办结"
    assert message.get_content().strip() == TEXT
    assert message["Message-ID"].endswith("@example.com>")


def test_a_mail_to_nobody_is_not_tried_again(empty_engine: Engine) -> None:
    with mail_receiver("550 no such user") as receiver:
        server = MailServer("smtp", "127.0.0.1", receiver.port, None, None, "station@example.com")
        put(empty_engine, EMAIL, "nobody@example.com")
        assert deliver_due(empty_engine, senders_of(EMAIL, server), lambda: NOW) == Delivered(0, 1)
    assert one(empty_engine).state is NoticeState.FAILED


def test_a_text_message_is_handed_to_the_gateway(empty_engine: Engine) -> None:
    with http_receiver() as receiver:
        senders = senders_of(SMS, TextGateway(f"{receiver.url}/send", "the token"))
        put(empty_engine, SMS, "13800000000")
        assert deliver_due(empty_engine, senders, lambda: NOW) == Delivered(1, 0)
        ((path, headers, body),) = receiver.taken
    assert path == "/send" and headers["authorization"] == "Bearer the token"
    assert headers["idempotency-key"] == "request:Q261124-0A1B2C:3"
    assert json.loads(body) == {"to": "13800000000", "text": TEXT}


def test_a_receiver_that_is_not_there_is_tried_again(empty_engine: Engine) -> None:
    with http_receiver() as receiver:
        gone = receiver.url
    put(empty_engine, SMS, "13800000000")
    assert deliver_due(empty_engine, senders_of(SMS, TextGateway(gone, "")), lambda: NOW) == Delivered(0, 1)
    assert (one(empty_engine).state, one(empty_engine).last_error) == (NoticeState.WAITING, "ConnectionError")


def test_a_crash_between_sending_and_writing_it_down_sends_again_under_the_same_key(empty_engine: Engine) -> None:
    with http_receiver() as receiver:
        send = senders_of(SMS, TextGateway(receiver.url, ""))
        put(empty_engine, SMS, "13800000000")
        with transaction(empty_engine) as session:
            parcel = claim(session, send, NOW)
        send[SMS](parcel, NOW)  # the process dies before it records the result
        assert deliver_due(empty_engine, send, lambda: NOW + LEASE / 2) == Delivered()
        assert deliver_due(empty_engine, send, lambda: NOW + LEASE) == Delivered(1, 0)
        assert [headers["idempotency-key"] for _, headers, _ in receiver.taken] == [parcel.key] * 2


def test_a_notice_that_breaks_its_sender_does_not_stop_the_others(empty_engine: Engine) -> None:
    put(empty_engine, EMAIL, "wang@example.com\nBcc: all@example.com", key="broken")
    put(empty_engine, EMAIL, "wang@example.com", key="whole")
    with mail_receiver() as receiver:
        server = MailServer("smtp", "127.0.0.1", receiver.port, None, None, "station@example.com")
        assert deliver_due(empty_engine, senders_of(EMAIL, server), lambda: NOW) == Delivered(1, 1)
        assert [recipient for recipient, _ in receiver.taken] == ["wang@example.com"]


def test_several_senders_send_each_notice_once(empty_engine: Engine) -> None:
    keys = {f"notice-{number}" for number in range(12)}
    for key in keys:
        put(empty_engine, SMS, "13800000000", key=key)
    with http_receiver() as receiver:
        senders = senders_of(SMS, TextGateway(receiver.url, ""))
        threads = [threading.Thread(target=deliver_due, args=(empty_engine, senders, lambda: NOW)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent = [headers["idempotency-key"] for _, headers, _ in receiver.taken]
    assert len(sent) == len(keys) and set(sent) == keys


def test_a_sender_begins_no_further_notice_once_it_is_stopped(empty_engine: Engine) -> None:
    stop = threading.Event()
    for key in ("first", "second"):
        put(empty_engine, SMS, "13800000000", key=key)

    def send(parcel, now) -> None:
        stop.set()

    assert deliver_due(empty_engine, {SMS: send}, lambda: NOW, stop) == Delivered(sent=1)
    with reading(empty_engine) as session:
        states = session.execute(sa.select(Notice.key, Notice.state).order_by(Notice.id)).all()
    assert states == [("first", NoticeState.SENT), ("second", NoticeState.WAITING)]


def test_the_command_sends_one_round_and_tells_what_waits(empty_engine: Engine) -> None:
    put(empty_engine, SMS, "13800000000", key="text")
    put(empty_engine, EMAIL, "wang@example.com", key="mail")
    with http_receiver() as receiver:
        done = subprocess.run(
            [sys.executable, "-m", "stations", "deliver-notices", "--once", "--format", "json"],
            env={
                **os.environ,
                "DATABASE_URL": empty_engine.url.render_as_string(hide_password=False),
                "SMS_GATEWAY_URL": receiver.url,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert [headers["idempotency-key"] for _, headers, _ in receiver.taken] == ["text"]
    told = json.loads(done.stdout)
    standing = told.pop("standing")
    assert told == {
        "sent": 1,
        "failed": 0,
        "waiting": {"email": 1, "webhook": 0, "sms": 0},
        "configured": ["sms"],
        "failed_for_good": [],
    }
    assert [(one["channel"], one["state"], one["configured"], one["count"]) for one in standing] == [
        ("email", "waiting", False, 1),
        ("sms", "sent", True, 1),
    ]
