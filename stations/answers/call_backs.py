"""Subscriptions to call-backs and their log of deliveries."""

from __future__ import annotations

from typing import Any

from stations.answers.columns import Column, Columns
from stations.language import N_
from stations.partners.call_back import CallBackDelivery, CallBackSubscription

SUBSCRIPTIONS: Columns[CallBackSubscription] = Columns(
    Column("code", lambda one: one.code, N_("Subscription")),
    Column("url", lambda one: one.url, N_("Address")),
    Column("kinds", lambda one: one.kinds, N_("Kinds of changes"), data=list),
    Column("state", lambda one: one.state, N_("State")),
    Column("checked_at", lambda one: one.checked_at, N_("Address checked")),
    Column("failing_since", lambda one: one.failing_since, N_("Failing since")),
    Column("two_secrets_until", lambda one: one.previous_until, N_("Two secrets until")),
)
DELIVERIES: Columns[CallBackDelivery] = Columns(
    Column("id", lambda one: one.id, N_("Delivery number")),
    Column("type", lambda one: one.kind, N_("Kind of change")),
    Column("code", lambda one: one.code, N_("Record code")),
    Column("state", lambda one: one.state, N_("State")),
    Column("tries", lambda one: one.tries, N_("Tries")),
    Column("response", lambda one: one.response, N_("Receiver's answer")),
    Column("error", lambda one: one.error, N_("Last error")),
    Column("at", lambda one: one.created_at, N_("Put down")),
    Column("last_try_at", lambda one: one.last_try_at, N_("Last try")),
    Column("next_try_at", lambda one: one.next_try_at),
)
DELIVERY_COLUMNS = DELIVERIES.take("id", "type", "code", "state", "tries", "response", "at", "last_try_at")
"""The log of deliveries as a table."""


def subscription_data(subscription: CallBackSubscription, secret: str | None = None) -> dict[str, Any]:
    """Return a subscription as JSON. ``secret``: only where it was just made."""
    told = SUBSCRIPTIONS.as_data(subscription)
    return told if secret is None else {**told, "secret": secret}


def delivery_data(delivery: CallBackDelivery) -> dict[str, Any]:
    """Return a delivery as JSON."""
    return DELIVERIES.as_data(delivery)
