"""Subscribing a system to call-backs, checking its address, a new secret, and sending again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.changes.feed import last_position
from stations.database import reading, transaction
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotFound
from stations.language import N_
from stations.notices.channels.webhook import CallBacks, check_address, post_signed, read_settings
from stations.notices.parcel import NotSent
from stations.partners.call_back import (
    BOTH_SECRETS_FOR,
    URL_LIMIT,
    CallBackDelivery,
    CallBackState,
    CallBackSubscription,
    DeliveryState,
)
from stations.partners.interface_key import InterfaceKey
from stations.partners.scopes import read_kinds, subjects_of
from stations.secret_codes import secret_text

MOST_OF_A_KEY = 10
CHECK = "endpoint.check"
"""The type of the message that checks an address."""


def call_back_settings(environment: Mapping[str, str]) -> CallBacks:
    """Return the settings of call-backs.

    Raises:
        Conflict: this installation sends none.
        InvalidInput: a setting can't be used.
    """
    settings = read_settings(environment)
    if settings is None:
        raise Conflict(N_("This portal sends no call-backs: its operator has to set WEBHOOK_SECRET"))
    return settings


def subscribe(
    session: Session, key: InterfaceKey, url: str, kinds: Collection[str], *, by: str, now: datetime
) -> CallBackSubscription:
    """Add a subscription to a key, whose address is to be checked before anything is sent there.

    ``kinds``: of changes; all that the key may read if there are none. ``by``: the user name of who asks for it.

    Raises:
        InvalidInput: the address or a kind can't be used.
        NotAllowed: the key may read no changes.
        Conflict: the key has too many subscriptions, or was withdrawn.
    """
    url = check_address("url", read_text("url", url, limit=URL_LIMIT))
    subjects = subjects_of(key.allowed)
    wanted = read_kinds("kinds", kinds)
    for kind in wanted:
        if kind.partition(".")[0] not in subjects:
            raise InvalidInput("kinds", N_("The key may not read “{value}”; it lacks the scope"), value=kind)
    _check_valid(key)
    mine = select(func.count()).where(CallBackSubscription.key_id == key.id).select_from(CallBackSubscription)
    if (session.scalar(mine) or 0) >= MOST_OF_A_KEY:
        raise Conflict(N_("A key has {count} subscriptions at most; end one first"), count=MOST_OF_A_KEY)
    subscription = CallBackSubscription(
        code=secret_text(10),
        key_id=key.id,
        key=key,
        url=url,
        kinds=wanted,
        state=CallBackState.UNCHECKED,
        generation=1,
        position=last_position(session),
        created_at=now,
        updated_at=now,
    )
    session.add(subscription)
    session.flush()
    _record(session, subscription, AuditAction.ADD_CALL_BACK, by, now)
    return subscription


def list_subscriptions(session: Session, key: InterfaceKey) -> list[CallBackSubscription]:
    """Return the subscriptions of a key, oldest first."""
    mine = select(CallBackSubscription).where(CallBackSubscription.key_id == key.id)
    return list(session.scalars(mine.order_by(CallBackSubscription.id)))


def open_subscription(session: Session, key: InterfaceKey, code: str) -> CallBackSubscription:
    """Return a subscription of a key.

    Raises:
        NotFound: the key has none with that code.
    """
    mine = select(CallBackSubscription).where(CallBackSubscription.key_id == key.id, CallBackSubscription.code == code)
    subscription = session.scalar(mine)
    if subscription is None:
        raise NotFound(N_("There is no subscription {code} of this key"), code=code)
    return subscription


def hold_subscription(session: Session, key: InterfaceKey, code: str) -> CallBackSubscription:
    """Return a subscription of a key, locked until the transaction ends. Raises as ``open_subscription``."""
    subscription = open_subscription(session, key, code)
    session.refresh(subscription, with_for_update={"of": CallBackSubscription})
    return subscription


@dataclass(frozen=True)
class Checked:
    """What came of checking an address: whether it answered as it should, and otherwise why not."""

    taken: bool
    error: str = ""


def check_endpoint(engine: Engine, key: InterfaceKey, code: str, settings: CallBacks, *, by: str, now: datetime) -> (
    Checked
):
    """Send a signed message of trial; if it is taken, the subscription is called back from now on.

    What happened while it was switched off or paused follows in order, as far as the feed reaches back. No
    transaction is open while the other side takes its time.

    Raises:
        NotFound: the key has no such subscription.
        Conflict: the key was withdrawn.
    """
    with reading(engine) as session:
        subscription = open_subscription(session, key, code)
        _check_valid(key)
        secrets, url = subscription.secrets(settings, now), subscription.url
    body = json.dumps({"type": CHECK, "timestamp": now.isoformat(), "data": {"subscription": code}})
    try:
        post_signed(settings, url, f"msg_{code}_check_{int(now.timestamp())}", body, now, secrets=secrets)
    except NotSent as problem:
        return Checked(False, str(problem))
    with transaction(engine) as session:
        subscription = hold_subscription(session, key, code)
        subscription.checked_at, subscription.failing_since = now, None
        _set_state(session, subscription, CallBackState.ACTIVE, AuditAction.ENABLE_CALL_BACK, by, now)
    return Checked(True)


def pause(session: Session, key: InterfaceKey, code: str, *, by: str, now: datetime) -> CallBackSubscription:
    """Stop calling back; a check of the address goes on with it. Raises as ``hold_subscription``."""
    subscription = hold_subscription(session, key, code)
    _set_state(session, subscription, CallBackState.PAUSED, AuditAction.DISABLE_CALL_BACK, by, now)
    return subscription


def renew_secret(session: Session, key: InterfaceKey, code: str, *, by: str, now: datetime) -> CallBackSubscription:
    """Give a subscription a new secret; the old one signs beside it for ``BOTH_SECRETS_FOR``.

    Raises:
        NotFound: the key has no such subscription.
        Conflict: the old one before still signs.
    """
    subscription = hold_subscription(session, key, code)
    if subscription.previous_until is not None and now < subscription.previous_until:
        raise Conflict(N_("Two secrets are valid already; wait until the older one has ended"))
    subscription.generation += 1
    subscription.previous_until = now + BOTH_SECRETS_FOR
    _touch(subscription, now)
    _record(session, subscription, AuditAction.RENEW_CALL_BACK_SECRET, by, now)
    return subscription


def end_subscription(session: Session, key: InterfaceKey, code: str, *, by: str, now: datetime) -> None:
    """End a subscription; its log of deliveries goes with it. Raises as ``hold_subscription``."""
    subscription = hold_subscription(session, key, code)
    _record(session, subscription, AuditAction.REMOVE_CALL_BACK, by, now)
    session.delete(subscription)
    session.flush()


def list_deliveries(
    session: Session, key: InterfaceKey, code: str, *, before: int | None = None, limit: int = 50
) -> list[CallBackDelivery]:
    """Return a page of the deliveries of a subscription, newest first. ``before``: the last id of the page before.

    Raises:
        NotFound: the key has no such subscription.
    """
    subscription = open_subscription(session, key, code)
    found = select(CallBackDelivery).where(CallBackDelivery.subscription_id == subscription.id)
    if before is not None:
        found = found.where(CallBackDelivery.id < before)
    return list(session.scalars(found.order_by(CallBackDelivery.id.desc()).limit(limit)))


def send_again(
    session: Session, key: InterfaceKey, code: str, delivery_id: int, *, by: str, now: datetime
) -> CallBackDelivery:
    """Send a call-back again that was sent or has failed, with all attempts.

    Raises:
        NotFound: there is no such delivery.
        Conflict: it is waiting anyway.
    """
    subscription = hold_subscription(session, key, code)
    mine = select(CallBackDelivery).where(
        CallBackDelivery.id == delivery_id, CallBackDelivery.subscription_id == subscription.id
    )
    delivery = session.scalar(mine.with_for_update(of=CallBackDelivery))
    if delivery is None:
        raise NotFound(N_("There is no such call-back; perhaps it was deleted"))
    if delivery.state is DeliveryState.WAITING:
        raise Conflict(N_("This call-back is waiting to be sent already"))
    delivery.state, delivery.tries, delivery.next_try_at, delivery.holds_up = DeliveryState.WAITING, 0, now, False
    _record(session, subscription, AuditAction.REDELIVER_CALL_BACK, by, now)
    return delivery


def _check_valid(key: InterfaceKey) -> None:
    if key.withdrawn_at is not None:
        raise Conflict(N_("This key is withdrawn already"))


def _set_state(
    session: Session,
    subscription: CallBackSubscription,
    state: CallBackState,
    action: AuditAction,
    by: str,
    now: datetime,
) -> None:
    if subscription.state is state:
        return
    subscription.state = state
    _touch(subscription, now)
    _record(session, subscription, action, by, now)


def switch_off(session: Session, subscription: CallBackSubscription, now: datetime, *, by: str) -> None:
    """Call a subscription back no more until its address is checked anew."""
    _set_state(session, subscription, CallBackState.DISABLED, AuditAction.DISABLE_CALL_BACK, by, now)


def _touch(subscription: CallBackSubscription, now: datetime) -> None:
    subscription.version += 1
    subscription.updated_at = now


def _record(
    session: Session, subscription: CallBackSubscription, action: AuditAction, by: str, now: datetime
) -> None:
    log.record(
        session,
        at=now,
        actor=by,
        action=action,
        subject_kind=AuditSubject.INTERFACE_KEY,
        subject=subscription.key.prefix,
        call_back=subscription.code,
    )
