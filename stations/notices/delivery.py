"""Sending the notices of the outbox, by any number of senders at once.

Each notice is claimed in the database before it is sent, so that no two senders send it. If a sender dies after sending
and before recording it, the notice is sent again when its lease expires: delivery is *at least once*. Every attempt
carries the notice's key (``webhook-id``, ``Message-ID``, ``Idempotency-Key``), always the same, so that the receiver
can drop the duplicate.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from stations.clock import Clock
from stations.database import transaction
from stations.error_trace import trace
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_of
from stations.notices.outbox import claim, mark_failed, mark_sent
from stations.notices.parcel import NotSent, Parcel, Sender

_log = logging.getLogger("stations.notices.outbox")


@dataclass(frozen=True)
class Delivered:
    """The result of a round: the numbers of notices sent and of failed attempts."""

    sent: int = 0
    failed: int = 0


def deliver_due(
    engine: Engine,
    senders: Mapping[Channel, Sender],
    clock: Clock,
    stop: threading.Event | None = None,
) -> Delivered:
    """Send every notice that is due on a channel in ``senders``, one after the other.

    Return when none is due or ``stop`` is set.
    """
    sent = failed = 0
    while senders and not (stop and stop.is_set()):
        with transaction(engine) as session:
            parcel = claim(session, senders, clock())
        if parcel is None:
            break
        # No database lock is held while the receiver takes its time.
        if _deliver(engine, senders[channel_of(parcel.channel)], parcel, clock):
            sent += 1
        else:
            failed += 1
    return Delivered(sent, failed)


def _deliver(engine: Engine, send: Sender, parcel: Parcel, clock: Clock) -> bool:
    try:
        send(parcel, clock())
    except NotSent as problem:
        _log.info("Notice %s was not taken at try %s: %s", parcel.key, parcel.tries, problem)
        with transaction(engine) as session:
            mark_failed(session, parcel, str(problem), clock(), for_good=problem.for_good)
        return False
    except Exception as fault:
        # One notice that can't be sent must not block all others.
        # Without messages: those of a mail server repeat the address.
        told = trace(fault, messages=False)
        _log.error("Sending notice %s failed at try %s\n%s", parcel.key, parcel.tries, told)
        with transaction(engine) as session:
            mark_failed(session, parcel, type(fault).__name__, clock())
        return False
    with transaction(engine) as session:
        mark_sent(session, parcel, clock())
    return True
