"""A firm that files a request gets notices of each step, by the channel it chose."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.errors import InvalidForm, InvalidInput, NotFound
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.channels.webhook import CHANNEL as WEBHOOK
from stations.notices.firm_address import MOST_CODES
from stations.notices.outbox import Notice, NoticeState
from stations.requests.filing import Draft
from stations.requests.handling import deliver_item, move_as_firm, move_as_station, write_as_firm, write_as_station
from stations.requests.moves import MoveName
from stations.requests.notice_way import (
    choose_notice_way,
    confirm_notice_address,
    find_by_notice_code,
    refuse_notices,
)
from tests.conftest import NOW
from tests.stations.request_factories import SERVICES, file_one, steward_of

WAYS = {
    EMAIL: "wang@example.com",
    SMS: "13800000000",
    WEBHOOK: "https://example.com/hook",
}
SECRETS = ("内部备注 XYZ", "王测试", "0512-5555 0000", "91320583")


def whole_story(session: Session, **form) -> str:
    draft = Draft()
    request = file_one(session, draft=draft, **form)
    if request.notice_proof:
        confirm_notice_address(session, request, request.notice_proof, now=NOW)
    steward, number = steward_of(request.station, sample=request.sample), request.number

    def station(name: MoveName) -> None:
        move_as_station(session, steward, number, name, version=request.version, note=SECRETS[0], now=NOW)

    def firm(name: MoveName) -> None:
        move_as_firm(session, number, draft.code, name, version=request.version, note=SECRETS[0], now=NOW)

    station(MoveName.RETURN)
    firm(MoveName.ANSWER)
    station(MoveName.ACCEPT)
    write_as_station(session, steward, number, SECRETS[0], now=NOW)
    write_as_firm(session, number, draft.code, SECRETS[0], now=NOW)
    for service in SERVICES:
        deliver_item(
            session, steward, number, service, version=request.version, performer="院", result=SECRETS[0], now=NOW
        )
    firm(MoveName.CLOSE)
    return draft.code


def notices(session: Session) -> list[Notice]:
    return list(session.scalars(sa.select(Notice).order_by(Notice.id)))


STATIONS_STEPS = ["file", "return", "accept", "message", "start", "deliver_item", "deliver_item", "deliver"]
ALL_STEPS = [
    "file",
    "return",
    "answer",
    "accept",
    "message",
    "message",
    "start",
    "deliver_item",
    "deliver_item",
    "deliver",
    "close",
]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.code)
def test_every_step_is_told_once_and_gives_nothing_away(reference_engine: Engine, channel: Channel) -> None:
    with transaction(reference_engine) as session:
        code = whole_story(session, notice_channel=channel.code, notice_address=WAYS[channel])
        (asked, *told) = notices(session)
        assert asked.data["kind"] == "confirm_address"
        steps = ALL_STEPS if channel is WEBHOOK else STATIONS_STEPS
        assert [notice.data["event"] for notice in told] == steps
        assert len({notice.key for notice in told}) == len(told)
        for notice in told:
            assert (notice.channel, notice.address, notice.state) == (channel, WAYS[channel], NoticeState.WAITING)
            whole = f"{notice.subject} {notice.text} {notice.data}"
            assert not [secret for secret in (*SECRETS, code) if secret in whole]
        assert told[0].data["due_on"] == "2026-11-26"
        assert "2026年11月26日" in told[0].text


def test_the_notice_speaks_the_firms_language(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        whole_story(session, notice_channel="email", notice_address=WAYS[EMAIL], language="en")
        text = next(notice.text for notice in notices(session) if notice.data.get("event") == "accept")
        assert "The station took the request on." in text
        assert text.isascii() or "“Follow a request”" in text


def test_who_wants_no_notice_gets_none_and_a_samples_never_leaves(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        whole_story(session)
        assert notices(session) == []
        whole_story(session, sample=True, notice_channel="email", notice_address=WAYS[EMAIL])
        assert {notice.state for notice in notices(session)} == {NoticeState.WITHHELD}


def test_a_wrong_way_is_told_by_its_field(reference_engine: Engine) -> None:
    for channel, address, field in (
        ("pigeon", "x", "notice_channel"),
        ("sms", "0512-5555 0000", "notice_address"),
        ("email", "", "email"),
        ("webhook", "", "notice_address"),
    ):
        with transaction(reference_engine) as session, pytest.raises(InvalidForm) as refused:
            file_one(session, notice_channel=channel, notice_address=address)
        assert [problem.field for problem in refused.value.problems] == [field]


def test_the_way_can_be_changed_later(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        with pytest.raises(InvalidInput):
            choose_notice_way(session, request, "sms", "12", "zh_CN", now=NOW)
        choose_notice_way(session, request, "sms", "138 0000 0000", "en", now=NOW)
        assert (request.notice_channel, request.notice_address) == (SMS, "13800000000")
        choose_notice_way(session, request, "", "", "en", now=NOW)
        assert (request.notice_channel, request.notice_address) == (None, None)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.code)
def test_an_address_gets_nothing_but_a_code_until_it_comes_back(reference_engine: Engine, channel: Channel) -> None:
    with transaction(reference_engine) as session:
        draft = Draft()
        request = file_one(session, draft=draft, notice_channel=channel.code, notice_address=WAYS[channel])
        steward, number = steward_of(request.station), request.number
        move_as_station(session, steward, number, MoveName.ACCEPT, version=1, note="", now=NOW)
        write_as_station(session, steward, number, "您好", now=NOW)
        (asked,) = notices(session)
        assert asked.data == {"subject": number, "kind": "confirm_address", "code": request.notice_proof}
        assert number in asked.text and not [secret for secret in (*SECRETS, draft.code) if secret in asked.text]
        with pytest.raises(InvalidInput, match="not the code that was sent"):
            confirm_notice_address(session, request, draft.code, now=NOW)
        proof = asked.data["code"]
        typed = "-".join(proof[at : at + 5] for at in range(0, len(proof), 5)).lower()
        for _again in range(2):
            confirm_notice_address(session, find_by_notice_code(session, typed), typed, now=NOW)
        told = [notice.data["event"] for notice in notices(session)[1:]]
        assert told == (["file", "accept"] if channel is WEBHOOK else ["accept"]), "what happened meanwhile"


def test_another_address_is_confirmed_anew_and_a_stranger_can_end_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session, notice_channel="sms", notice_address=WAYS[SMS])
        first = request.notice_proof
        confirm_notice_address(session, request, first, now=NOW)
        choose_notice_way(session, request, "sms", WAYS[SMS], "en", now=NOW)
        assert request.notice_confirmed_at == NOW, "only the language was changed"
        choose_notice_way(session, request, "email", WAYS[EMAIL], "en", now=NOW)
        assert request.notice_confirmed_at is None and request.notice_proof != first
        with pytest.raises(NotFound):
            find_by_notice_code(session, first)
        for nothing in ("", "-", "?"):
            with pytest.raises(NotFound):
                find_by_notice_code(session, nothing)
        refuse_notices(session, find_by_notice_code(session, request.notice_proof), now=NOW)
        assert (request.notice_channel, request.notice_address, request.notice_proof) == (None, None, None)


@pytest.mark.one_database
def test_an_address_that_got_many_codes_gets_no_more_and_the_request_is_filed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        way = {"notice_channel": "email", "notice_address": WAYS[EMAIL]}
        filed = [file_one(session, **way) for _ in range(MOST_CODES + 1)]
        assert len(notices(session)) == MOST_CODES
        assert filed[-1].notice_proof is None and filed[-1].notice_address == WAYS[EMAIL]
        with pytest.raises(InvalidInput, match="codes went to this address"):
            choose_notice_way(session, filed[-1], *way.values(), "en", now=NOW)
        with pytest.raises(InvalidInput):
            confirm_notice_address(session, filed[-1], "", now=NOW)
