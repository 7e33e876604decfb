"""A receiver of call-backs that is dead for an hour, and servers whose clocks were set back. Time is data here."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.proof import verify_audit
from stations.database import reading, transaction
from stations.notices.channel import Channel
from stations.notices.channels.webhook import CHANNEL as WEBHOOK
from stations.notices.delivery import deliver_due
from stations.notices.outbox import LEASE, Notice, NoticeState, claim, enqueue
from stations.notices.parcel import NotSent, Parcel, Sender
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from tests.conftest import NOW
from tests.stations.request_factories import file_one, steward_of

MINUTE = timedelta(minutes=1)
FIRM, OTHER = "https://firm.example.com/hook", "https://other.example.com/hook"


@dataclass
class Receivers:
    """Receivers at some addresses. ``dead``: those that don't answer; ``refused``: keys that one will never take."""

    dead: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    taken: dict[str, list[str]] = field(default_factory=lambda: {FIRM: [], OTHER: []})
    asked: int = 0

    def senders(self) -> Mapping[Channel, Sender]:
        return {WEBHOOK: self._send}

    def _send(self, parcel: Parcel, now: datetime) -> None:
        self.asked += 1
        if parcel.address in self.dead:
            raise NotSent("ConnectionError")
        if parcel.key in self.refused:
            raise NotSent("HTTP 410", for_good=True)
        self.taken[parcel.address].append(parcel.key)


def put(engine: Engine, address: str, number: int, now: datetime) -> str:
    key = f"{'firm' if address == FIRM else 'other'}:{number}"
    with transaction(engine) as session:
        enqueue(
            session,
            key=key,
            channel=WEBHOOK,
            address=address,
            subject="x",
            text="x",
            data={"subject": f"Q{number}"},
            now=now,
            sample=False,
        )
    return key


def states(engine: Engine) -> set[NoticeState]:
    with reading(engine) as session:
        return set(session.scalars(sa.select(Notice.state)))


@pytest.mark.one_database
def test_after_an_hour_without_a_receiver_all_arrive_once_and_in_order(empty_engine: Engine) -> None:
    receivers, dice, now = Receivers(dead={FIRM}), random.Random(14), NOW
    keys: dict[str, list[str]] = {FIRM: [], OTHER: []}
    for minute in (*range(0, 90, 2), *range(90, 300, 10)):
        now = NOW + minute * MINUTE
        if minute == 60:
            receivers.dead.clear()
        if minute < 90:
            for address in keys:
                if dice.random() < 0.6:
                    keys[address].append(put(empty_engine, address, len(keys[address]), now))
        deliver_due(empty_engine, receivers.senders(), lambda now=now: now)
        assert receivers.taken[OTHER] == keys[OTHER], "another receiver waits for nobody"
        if minute == 58:
            assert not receivers.taken[FIRM] and len(keys[FIRM]) > 10
            assert receivers.asked - len(receivers.taken[OTHER]) < 10, "a dead receiver is asked by one notice only"
    assert receivers.taken == keys
    assert states(empty_engine) == {NoticeState.SENT}


def test_a_notice_that_is_never_taken_holds_the_others_up_no_longer_than_it_waits_itself(empty_engine: Engine) -> None:
    receivers = Receivers(refused={"firm:0"})
    for number in range(3):
        put(empty_engine, FIRM, number, NOW)
    deliver_due(empty_engine, receivers.senders(), lambda: NOW)
    assert receivers.taken[FIRM] == ["firm:1", "firm:2"]


def test_two_senders_keep_the_order_too(empty_engine: Engine) -> None:
    for number in range(2):
        put(empty_engine, FIRM, number, NOW)
    put(empty_engine, OTHER, 0, NOW)
    with transaction(empty_engine) as session:
        first = claim(session, [WEBHOOK], NOW)
    with transaction(empty_engine) as session:
        second = claim(session, [WEBHOOK], NOW)
    with transaction(empty_engine) as session:
        assert claim(session, [WEBHOOK], NOW) is None
        later = claim(session, [WEBHOOK], NOW + LEASE)  # the first sender died
    assert first and second and later
    assert (first.key, second.key, later.key) == ("firm:0", "other:0", "firm:0")


def test_a_clock_that_was_set_back_loses_and_delays_nothing_for_good(reference_engine: Engine) -> None:
    """Filed, taken on and told of while the clock is two days back, and right again afterwards."""
    receivers = Receivers()
    back = NOW - timedelta(days=2)
    with transaction(reference_engine) as session:
        request = file_one(session, notice_channel="webhook", notice_address=FIRM)
        steward, number, version = steward_of(request.station), request.number, request.version
    with transaction(reference_engine) as session:
        move_as_station(session, steward, number, MoveName.ACCEPT, version=version, now=back)
    for now in (back, NOW, NOW + 5 * MINUTE):
        deliver_due(reference_engine, receivers.senders(), lambda now=now: now)
    with reading(reference_engine) as session:
        kept = list(session.scalars(sa.select(Notice.key).where(Notice.address == FIRM).order_by(Notice.id)))
        assert verify_audit(session).fault is None
    assert kept and receivers.taken[FIRM] == kept
    assert states(reference_engine) == {NoticeState.SENT}
