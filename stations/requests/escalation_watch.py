"""Escalating again and again while a server runs, and once at a command. Any number of servers may."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from stations.database import transaction
from stations.language import N_
from stations.requests.escalation import Escalation, escalate
from stations.settings import read_switch

LOOK_EVERY_S = 300.0
"""Deadlines pass by the day; so often is often enough."""

_log = logging.getLogger("stations.requests.escalation")


def escalates_here(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a serving process is to escalate, by ``ESCALATE`` (default: on).

    Raises:
        InvalidInput: it is neither on nor off.
    """
    return read_switch(
        environment,
        "ESCALATE",
        N_("ESCALATE is “{value}”; set it to 1 (the portal escalates) or 0 (only the command does)"),
    )


def escalate_all(engine: Engine, *, samples: bool, now: datetime) -> list[Escalation]:
    """Escalate everything that is due at ``now``, a batch a transaction; what was escalated."""
    raised: list[Escalation] = []
    while True:
        with transaction(engine) as session:
            batch = escalate(session, samples=samples, now=now)
        if not batch:
            return raised
        raised += batch


def keep_escalating(engine: Engine, stop: threading.Event, clock: Callable[[], datetime], *, samples: bool) -> None:
    """Escalate what is due, again and again, until ``stop`` is set. A database out of reach is waited for."""
    while not stop.is_set():
        try:
            escalate_all(engine, samples=samples, now=clock())
        except DBAPIError:
            _log.warning("The database is out of reach; escalating later", exc_info=True)
        stop.wait(LOOK_EVERY_S)
