"""A test notice goes out at once, to whom it was sent, is logged without the address, and tells why it failed."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine, func, select

from stations.audit.log import AuditEntry
from stations.audit.vocabulary import AuditAction
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.language import Language
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.channels.sms import TextGateway
from stations.notices.outbox import Notice
from stations.notices.settings import NoticeSettings
from stations.operations.trial_notice import send_test_notice
from tests.conftest import NOW
from tests.stations.receivers import http_receiver
from tests.stations.request_factories import actor_with

PHONE = "13800000000"
ZH = Language("zh_CN")


def send(engine: Engine, url: str, *, code: str = "sms", address: str = PHONE, role: Role = Role.PROVINCE) -> None:
    kind, area = (AreaKind.PROVINCE, "320000") if role is Role.PROVINCE else (AreaKind.CITY, "320100")
    with transaction(engine) as session:
        settings = NoticeSettings({SMS: TextGateway(url, "token")})
        send_test_notice(session, actor_with(role, kind, area), settings, code, address, language=ZH, now=NOW)


def logged(engine: Engine) -> list[str]:
    with reading(engine) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.SEND_TEST_NOTICE))
        return [entry.detail for entry in entries]


@pytest.mark.one_database
def test_it_arrives_at_once_and_is_logged_without_the_address(reference_engine: Engine) -> None:
    with http_receiver() as receiver:
        send(reference_engine, receiver.url)
    ((_path, headers, body),) = receiver.taken
    assert json.loads(body)["to"] == PHONE
    assert "测试" in json.loads(body)["text"]
    assert headers["authorization"].endswith("token")
    (detail,) = logged(reference_engine)
    assert PHONE not in str(detail)
    with reading(reference_engine) as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0  # past the outbox


@pytest.mark.one_database
def test_what_is_not_taken_is_told_with_the_reason(reference_engine: Engine) -> None:
    with http_receiver(503) as receiver, pytest.raises(Conflict) as told:
        send(reference_engine, receiver.url)
    assert "503" in str(told.value.params["reason"])


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "email", "address": "a@example.com"}, InvalidInput),
        ({"code": "pigeon"}, InvalidInput),
        ({"address": "12"}, InvalidInput),
        ({"role": Role.CITY}, NotAllowed),
    ],
    ids=["not set up", "no such channel", "no such number", "not the province's"],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_logged(
    reference_engine: Engine, wrong: dict[str, str], error: type[Exception]
) -> None:
    with http_receiver() as receiver, pytest.raises(error):
        send(reference_engine, receiver.url, **wrong)
    assert receiver.taken == []
    assert logged(reference_engine) == []
