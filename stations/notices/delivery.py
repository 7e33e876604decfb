"""Sending what stands in the outbox, by any number of senders at once.

Each notice is claimed in the database before it is sent, so no two senders send it. A sender that
dies between sending and writing that down leaves the notice to be sent again when its lease runs
out: delivery is *at least once*. Every try carries the notice's key (``webhook-id``, ``Message-ID``,
``Idempotency-Key``), the same each time, so that the receiver can drop the double.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from stations.clock import Clock
from stations.database import transaction
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_of
from stations.notices.outbox import claim, mark_failed, mark_sent
from stations.notices.parcel import Parcel, Sender
from stations.notices.sending import NotSent

_log = logging.getLogger("stations.notices.outbox")



@dataclass(frozen=True)
class Delivered:
    """What a round came to: how many notices were sent, and how many tries failed."""

    sent: int = 0
    failed: int = 0




def deliver_due(
    engine: Engine,
    senders: Mapping[Channel, Sender],
    clock: Clock,
    stop: threading.Event | None = None,
) -> Delivered:
    """Send every notice that is due on a channel in ``senders``, one after the other, until none is or
    ``stop`` is set."""
    sent = failed = 0
    while senders and not (stop and stop.is_set()):
        with transaction(engine) as session:
            parcel = claim(session, senders, clock())
        if parcel is None:
            break
        # Nothing is locked while the other side takes its time.
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
        # One notice that can't be sent must not stand in the way of all others.
        _log.exception("Sending notice %s failed at try %s", parcel.key, parcel.tries)
        with transaction(engine) as session:
            mark_failed(session, parcel, type(fault).__name__, clock())
        return False
    with transaction(engine) as session:
        mark_sent(session, parcel, clock())
    return True
