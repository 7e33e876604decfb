"""A notice that could not be sent stands as that, with the reason and when it is tried again; never as sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from stations.database import reading, transaction
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.channels.sms import TextGateway
from stations.notices.delivery import deliver_due
from stations.notices.outbox import BACK_OFF, NoticeState
from stations.notices.settings import NoticeSettings
from stations.requests.notice_standing import NoticeStanding, newest_notice
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.stations.receivers import http_receiver
from tests.stations.request_factories import file_one

PHONE = "13800000000"


def standing(engine: Engine) -> NoticeStanding:
    with reading(engine) as session:
        found = newest_notice(session, session.scalars(select(ServiceRequest)).one())
    assert found is not None
    return found


@pytest.mark.one_database
def test_a_notice_is_told_as_it_stands(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        file_one(session, notice_channel=SMS.code, notice_address=PHONE)
    waiting = standing(reference_engine)
    assert (waiting.state, waiting.failed) == (NoticeState.WAITING, False)
    now = NOW
    with http_receiver(*[503] * len(BACK_OFF), 503, 200) as receiver:
        senders = NoticeSettings({SMS: TextGateway(receiver.url, None)}).senders()
        for wait in BACK_OFF:
            deliver_due(reference_engine, senders, lambda at=now: at)
            told = standing(reference_engine)
            assert (told.state, told.failed) == (NoticeState.WAITING, True)
            assert (told.last_error, told.at) == ("HTTP 503", now + wait)
            now += wait
        deliver_due(reference_engine, senders, lambda: now)
    given_up = standing(reference_engine)
    assert (given_up.state, given_up.failed) == (NoticeState.FAILED, True)
    assert given_up.last_error == "HTTP 503"


@pytest.mark.one_database
def test_a_notice_that_was_taken_is_told_as_sent(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        file_one(session, notice_channel=SMS.code, notice_address=PHONE)
    with http_receiver(503, 200) as receiver:
        senders = NoticeSettings({SMS: TextGateway(receiver.url, None)}).senders()
        for after in (timedelta(), BACK_OFF[0]):
            deliver_due(reference_engine, senders, lambda at=NOW + after: at)
    sent = standing(reference_engine)
    assert (sent.state, sent.failed, sent.at) == (NoticeState.SENT, False, NOW + BACK_OFF[0])
