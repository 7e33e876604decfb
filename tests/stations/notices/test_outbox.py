from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import Conflict, NotAllowed, NotFound
from stations.notices.channel_table import CHANNELS
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.webhook import CHANNEL as WEBHOOK
from stations.notices.outbox import (
    BACK_OFF,
    LEASE,
    Notice,
    NoticeState,
    claim,
    enqueue,
    list_failed,
    mark_failed,
    mark_sent,
    outbox_standing,
    try_again,
)
from tests.conftest import NOW
from tests.stations.request_factories import actor_with

SECOND = timedelta(seconds=1)
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")


def put(session: Session, key: str = "request:Q1:0:email", **changes) -> Notice:
    given = {
        "channel": EMAIL,
        "address": "wang@example.com",
        "subject": "已受理",
        "text": "您的申请已受理。",
        "data": {"subject": "Q1"},
        "now": NOW,
        "sample": False,
    }
    return enqueue(session, key=key, **(given | changes))


def only(engine: Engine) -> Notice:
    with reading(engine) as session:
        return session.scalars(sa.select(Notice)).one()


def test_what_was_undone_tells_nobody(empty_engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(empty_engine) as session:
        put(session)
        raise RuntimeError
    with transaction(empty_engine) as session:
        assert claim(session, CHANNELS, NOW) is None


def test_a_key_is_taken_once(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        first = put(session)
        assert put(session, text="again") is first
    assert only(empty_engine).text == "您的申请已受理。"


def test_two_servers_at_once_write_a_key_once(empty_engine: Engine) -> None:
    start, written = threading.Barrier(4), []

    def write() -> None:
        start.wait(30)
        with transaction(empty_engine) as session:
            written.append(put(session).key)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == 4, "nobody fails"
    assert only(empty_engine).text == "您的申请已受理。"


@pytest.mark.parametrize("key", ["", "a b", "键", "a\nb", "x" * 201])
def test_a_key_must_fit_a_header(empty_engine: Engine, key: str) -> None:
    with transaction(empty_engine) as session, pytest.raises(ValueError, match="key of a notice"):
        put(session, key)


def test_a_sample_never_leaves(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        put(session, sample=True)
    with transaction(empty_engine) as session:
        assert claim(session, CHANNELS, NOW + timedelta(days=900)) is None
    assert only(empty_engine).state is NoticeState.WITHHELD


def test_a_channel_that_is_not_there_keeps_its_notices(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        put(session)
    with transaction(empty_engine) as session:
        assert claim(session, [WEBHOOK], NOW) is None
        (standing,) = outbox_standing(session, PROVINCE, [WEBHOOK])
    assert (standing.channel, standing.state, standing.count) == (EMAIL, NoticeState.WAITING, 1)
    assert not standing.configured and standing.oldest == NOW


def test_a_claimed_notice_is_one_senders_until_its_lease_ends(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        put(session)
    with transaction(empty_engine) as session:
        dead = claim(session, [EMAIL], NOW)
        assert dead.tries == 1
        assert claim(session, [EMAIL], NOW + LEASE - SECOND) is None
    with transaction(empty_engine) as session:
        heir = claim(session, [EMAIL], NOW + LEASE)
        assert (heir.key, heir.tries) == (dead.key, 2)
    with transaction(empty_engine) as session:
        mark_failed(session, dead, "late", NOW + LEASE)  # the first sender continues: the notice is no longer its own
        mark_sent(session, dead, NOW + LEASE)
    assert only(empty_engine).state is NoticeState.WAITING
    with transaction(empty_engine) as session:
        mark_sent(session, heir, NOW + LEASE)
    assert only(empty_engine).state is NoticeState.SENT


# SQLite lets one transaction write at a time.
@pytest.mark.one_database("postgresql")
def test_two_transactions_at_once_never_claim_the_same(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        put(session, "a")
        put(session, "b", address="li@example.com")
    with transaction(empty_engine) as one, transaction(empty_engine) as other:
        keys = [claim(session, [EMAIL], NOW) for session in (one, other, one, other)]
    assert [parcel and parcel.key for parcel in keys] == ["a", "b", None, None]


def test_a_failing_notice_waits_ever_longer_then_fails_and_can_start_over(empty_engine: Engine) -> None:
    with transaction(empty_engine) as session:
        put(session)
    now = NOW
    for wait in (*BACK_OFF, None):
        with transaction(empty_engine) as session:
            parcel = claim(session, [EMAIL], now)
            mark_failed(session, parcel, "HTTP 500", now)
        if wait is not None:
            with transaction(empty_engine) as session:
                assert claim(session, [EMAIL], now + wait - SECOND) is None
            now += wait
    failed = only(empty_engine)
    assert (failed.state, failed.tries, failed.last_error) == (NoticeState.FAILED, len(BACK_OFF) + 1, "HTTP 500")
    with transaction(empty_engine) as session:
        assert [notice.key for notice in list_failed(session, PROVINCE)] == [failed.key]
        try_again(session, PROVINCE, failed.key, now=now)
        with pytest.raises(Conflict):
            try_again(session, PROVINCE, failed.key, now=now)
        with pytest.raises(NotFound):
            try_again(session, PROVINCE, "other", now=now)
    with transaction(empty_engine) as session:
        assert claim(session, [EMAIL], now).tries == 1


@pytest.mark.parametrize(
    "actor",
    [
        None,
        actor_with(Role.CITY, AreaKind.CITY, "320500"),
        actor_with(Role.AUDITOR, AreaKind.CITY, "320500"),
        actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000", sample=True),
    ],
    ids=["nobody", "city", "auditor of a city", "invented"],
)
def test_the_outbox_is_the_provinces(empty_engine: Engine, actor: Actor | None) -> None:
    with transaction(empty_engine) as session:
        for ask in (
            lambda: outbox_standing(session, actor, []),
            lambda: list_failed(session, actor),
            lambda: try_again(session, actor, "a", now=NOW),
        ):
            with pytest.raises(NotAllowed):
                ask()


def test_an_auditor_of_the_province_looks_and_does_nothing(empty_engine: Engine) -> None:
    auditor = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
    with transaction(empty_engine) as session:
        assert outbox_standing(session, auditor, []) == []
        with pytest.raises(NotAllowed):
            try_again(session, auditor, "a", now=NOW)
