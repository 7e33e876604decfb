"""Codes of six digits for the subscriptions of an address: sent again on request, and typed in.

Whoever asks learns nothing of whether an address has subscribed to anything.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.firms.subscriptions import Subscription, ask_to_confirm, code_purpose, confirm_found
from stations.notices.address import channel_of_contact, check_address
from stations.notices.channel import Channel
from stations.requests.one_time_code import try_code


def send_code_again(session: Session, typed: str, now: datetime) -> None:
    """Send a telephone number or e-mail address a new code, if it has subscriptions and got fewer than are allowed.

    Raises:
        InvalidInput: it is neither (field ``notice_address``).
    """
    found = _of(session, *_read(typed))
    if found:
        ask_to_confirm(session, found[0], now)


def open_by_code(session: Session, typed_address: str, typed: str, now: datetime) -> list[Subscription]:
    """Return the subscriptions of an address, newest first, all confirmed, if the code is the newest sent there; none
    if it is not. A wrong code counts, so the transaction has to be committed either way.

    Raises:
        InvalidInput: the address can't be one (field ``notice_address``).
    """
    channel, address = _read(typed_address)
    if not try_code(session, code_purpose(channel, address), typed, now):
        return []
    found = _of(session, channel, address)
    for one in found:
        confirm_found(session, one, now)
    return found


def _read(typed: str) -> tuple[Channel, str]:
    channel = channel_of_contact(typed)
    return channel, check_address("notice_address", channel, typed)


def _of(session: Session, channel: Channel, address: str) -> list[Subscription]:
    """Return the subscriptions of an address, newest first, one that still waits for its confirmation before others."""
    mine = select(Subscription).where(Subscription.channel == channel, Subscription.address == address)
    newest = mine.order_by(Subscription.confirmed_at.is_not(None), Subscription.id.desc())
    return list(session.scalars(newest))
