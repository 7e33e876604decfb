"""Sending call-backs, by any number of servers at once: each is claimed under a lease, as notices are.

To one subscription they go in the order of the feed: while one can't be delivered because its receiver is out of
reach, the later ones wait behind it, so that a receiver that was away gets all in order and is asked for one only.
One that its receiver refuses holds up no other. Delivery is at least once; the id of a message says which is a double.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from stations.accounts.accounts import active_user
from stations.alerts.alert_contacts import contacts_of
from stations.audit.vocabulary import SystemActor
from stations.changes.as_json import change_data
from stations.changes.feed import DataChange, TooOld, last_position, read_feed
from stations.clock import Clock
from stations.database import count_changed, reading, transaction
from stations.error_trace import trace
from stations.errors import NotAllowed
from stations.language import DEFAULT_LANGUAGE, N_, Language
from stations.notices.channel_table import channel_of
from stations.notices.channels.webhook import CallBacks, post_signed
from stations.notices.outbox import BACK_OFF, LEASE, enqueue
from stations.notices.parcel import NotSent
from stations.partners.call_back import (
    CallBackDelivery,
    CallBackState,
    CallBackSubscription,
    DeliveryState,
    message_id,
)
from stations.partners.call_back_administration import switch_off
from stations.partners.interface_key import KeyInUse, KeyState
from stations.partners.scopes import subjects_of
from stations.retention import kept_for

AT_ONCE = 200
"""Changes that are put down for a subscription in one transaction."""
OFF_AFTER = timedelta(days=3)
"""A subscription is switched off once nothing was taken for so long and a message has used up its attempts."""
_TRY_LATER = {408, 425, 429}
_GONE = 410
_log = logging.getLogger("stations.partners.call_backs")


@dataclass(frozen=True)
class CalledBack:
    """The result of a round: the numbers of call-backs sent and of failed attempts."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Claimed:
    """A claimed call-back, detached from the database."""

    id: int
    lease: str
    url: str
    message_id: str
    body: str
    secrets: Sequence[str]


def call_back_due(
    engine: Engine, settings: CallBacks, clock: Clock, stop: threading.Event | None = None
) -> CalledBack:
    """Put down what the feed has for each subscription, and send every call-back that is due."""
    put_down(engine, clock())
    sent = failed = 0
    while not (stop and stop.is_set()):
        now = clock()
        with transaction(engine) as session:
            claimed = _claim(session, settings, now)
        if claimed is None:
            break
        if _send(engine, settings, claimed, clock):
            sent += 1
        else:
            failed += 1
    return CalledBack(sent, failed)


def put_down(engine: Engine, now: datetime) -> int:
    """Put down the changes since then that each subscription is to be told of. Return their number."""
    with reading(engine) as session:
        behind = (CallBackSubscription.state == CallBackState.ACTIVE) & (
            CallBackSubscription.position < last_position(session)
        )
        waiting = session.scalars(select(CallBackSubscription.id).where(behind)).all()
    return sum(_put_down_for(engine, one, now) for one in waiting)


def _put_down_for(engine: Engine, subscription_id: int, now: datetime) -> int:
    count, more = 0, True
    while more:
        with transaction(engine) as session:
            mine = select(CallBackSubscription).where(CallBackSubscription.id == subscription_id)
            held = session.scalar(mine.with_for_update(skip_locked=True, of=CallBackSubscription))
            if held is None or held.state is not CallBackState.ACTIVE:
                return count
            if held.key.state_at(now) is not KeyState.VALID:
                switch_off(session, held, now, by=SystemActor.PORTAL)
                return count
            key = KeyInUse.of(held.key)
            try:
                subjects = subjects_of(key.scopes)
                page = read_feed(
                    session,
                    key.actor,
                    held.position,
                    subjects=subjects,
                    kinds=held.kinds,
                    samples=key.actor.sample,
                    limit=AT_ONCE,
                    not_by=key.prefix,
                )
            except (TooOld, NotAllowed):  # it was off for longer than changes are kept: its system reads all anew
                held.position = last_position(session)
                return count
            session.add_all(
                CallBackDelivery(
                    subscription_id=held.id,
                    position=change.position,
                    kind=change.kind,
                    code=change.code,
                    state=DeliveryState.WAITING,
                    tries=0,
                    next_try_at=now,
                    holds_up=True,
                    created_at=now,
                )
                for change in page.changes
            )
            held.position = page.next
            count, more = count + len(page.changes), page.more
    return count


def _claim(session: Session, settings: CallBacks, now: datetime) -> _Claimed | None:
    earlier = aliased(CallBackDelivery)
    waits_behind = exists().where(
        earlier.subscription_id == CallBackDelivery.subscription_id,
        earlier.state == DeliveryState.WAITING,
        earlier.holds_up,
        earlier.position < CallBackDelivery.position,
    )
    delivery = session.scalar(
        select(CallBackDelivery)
        .join(CallBackDelivery.subscription)
        .where(
            CallBackDelivery.state == DeliveryState.WAITING,
            CallBackSubscription.state == CallBackState.ACTIVE,
            CallBackDelivery.next_try_at <= now,
            or_(CallBackDelivery.leased_until.is_(None), CallBackDelivery.leased_until <= now),
            ~waits_behind,
        )
        .order_by(CallBackDelivery.next_try_at, CallBackDelivery.id)
        .limit(1)
        .options(joinedload(CallBackDelivery.subscription))
        .with_for_update(skip_locked=True, of=CallBackDelivery)
    )
    if delivery is None:
        return None
    delivery.lease, delivery.leased_until = secrets.token_hex(16), now + LEASE
    delivery.tries += 1
    delivery.last_try_at = now
    change = session.get(DataChange, delivery.position)
    told = {"code": delivery.code, "type": delivery.kind} if change is None else change_data(change)
    at = delivery.created_at if change is None else change.at
    subscription = delivery.subscription
    return _Claimed(
        delivery.id,
        delivery.lease,
        subscription.url,
        message_id(subscription.code, delivery.position),
        json.dumps({"type": delivery.kind, "timestamp": at.isoformat(), "data": told}, ensure_ascii=False),
        subscription.secrets(settings, now),
    )


def _send(engine: Engine, settings: CallBacks, claimed: _Claimed, clock: Clock) -> bool:
    try:
        status = post_signed(
            settings, claimed.url, claimed.message_id, claimed.body, clock(), secrets=claimed.secrets
        )
    except NotSent as problem:
        _log.info("Call-back %s was not taken: %s", claimed.message_id, problem)
        with transaction(engine) as session:
            _mark_failed(session, claimed, str(problem), problem.status, clock(), for_good=problem.for_good)
        return False
    except Exception as fault:  # one that can't be sent must not block all others
        _log.error("Sending call-back %s failed\n%s", claimed.message_id, trace(fault, messages=False))
        with transaction(engine) as session:
            _mark_failed(session, claimed, type(fault).__name__, None, clock())
        return False
    with transaction(engine) as session:
        if (delivery := _held(session, claimed)) is not None:
            delivery.state, delivery.response, delivery.error = DeliveryState.SENT, status, None
            delivery.lease = delivery.leased_until = None
            if delivery.subscription.failing_since is not None:
                delivery.subscription.failing_since = None
    return True


def _held(session: Session, claimed: _Claimed) -> CallBackDelivery | None:
    mine = select(CallBackDelivery).where(CallBackDelivery.id == claimed.id, CallBackDelivery.lease == claimed.lease)
    return session.scalar(mine.with_for_update(of=CallBackDelivery))


def _mark_failed(
    session: Session, claimed: _Claimed, reason: str, status: int | None, now: datetime, *, for_good: bool = False
) -> None:
    delivery = _held(session, claimed)
    if delivery is None:
        return
    subscription = delivery.subscription
    delivery.error, delivery.response = reason[:300], status
    delivery.lease = delivery.leased_until = None
    refused = status is not None and 400 <= status < 500 and status not in _TRY_LATER
    delivery.holds_up = not refused
    subscription.failing_since = subscription.failing_since or now
    used_up = delivery.tries > len(BACK_OFF)
    if used_up or for_good or status == _GONE:
        delivery.state = DeliveryState.FAILED
    else:
        delivery.next_try_at = now + BACK_OFF[delivery.tries - 1]
    if for_good or status == _GONE or (used_up and subscription.failing_since <= now - OFF_AFTER):
        switch_off(session, subscription, now, by=SystemActor.PORTAL)
        _tell_administrators(session, subscription, reason, now)


def _tell_administrators(session: Session, subscription: CallBackSubscription, reason: str, now: datetime) -> None:
    """Put notices into the outbox for the office of the key's area, and for who made the key."""
    say, key = Language(DEFAULT_LANGUAGE).translate, subscription.key
    addresses = {(one.channel.code, one.address) for one in contacts_of(session, key.area_code)}
    maker = active_user(session, key.made_by)
    if maker is not None and maker.email:
        addresses.add(("email", maker.email))
    for number, (channel, address) in enumerate(sorted(addresses), start=1):
        enqueue(
            session,
            key=f"call-back-off/{subscription.code}/{int(now.timestamp())}/{number}",
            channel=channel_of(channel),
            address=address,
            subject=say(N_("Call-backs of {name} are switched off"), name=key.name),
            text=say(
                N_(
                    "The system {name} (key {prefix}) takes no call-backs: {reason}. Nothing more is sent to it until "
                    "its address is checked on the page of interface keys; what happened meanwhile follows then."
                ),
                name=key.name,
                prefix=key.prefix,
                reason=reason,
            ),
            data={"kind": "call_back_off", "subject": subscription.code, "key": key.prefix},
            now=now,
            sample=key.sample,
        )


def forget_old_deliveries(engine: Engine, now: datetime) -> int:
    """Delete call-backs that nobody waits for, after the time for which changes are kept. Return their number."""
    old = (CallBackDelivery.created_at < now - kept_for("change")) & (CallBackDelivery.state != DeliveryState.WAITING)
    with transaction(engine) as session:
        return count_changed(session, delete(CallBackDelivery).where(old))
