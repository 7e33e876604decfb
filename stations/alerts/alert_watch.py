"""Checking coverage for alerts: once at a command, and day after day while a server runs. Any number may."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from stations.alerts.alert_notices import enqueue_alerts
from stations.alerts.alerts import CoverageCheck, check_coverage
from stations.database import transaction
from stations.language import CHINA_TIME, N_
from stations.notices.outbox import Notice
from stations.settings import read_switch

LOOK_EVERY_S = 300.0
"""How often a server looks whether a day has begun that it has not checked, in seconds."""

_log = logging.getLogger("stations.coverage.alerts")


def checks_here(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a serving process is to check coverage, by ``CHECK_COVERAGE`` (default: on).

    Raises:
        InvalidInput: it is neither on nor off.
    """
    return read_switch(
        environment,
        "CHECK_COVERAGE",
        N_("CHECK_COVERAGE is “{value}”; set it to 1 (the portal checks every day) or 0 (only the command does)"),
    )


def check_and_tell(engine: Engine, on: date, *, samples: bool, now: datetime) -> tuple[CoverageCheck, list[Notice]]:
    """Check the day ``on`` and put the notices of what was raised into the outbox, in one transaction."""
    with transaction(engine) as session:
        found = check_coverage(session, on, samples=samples, now=now)
        return found, enqueue_alerts(session, found.raised, now=now)


def keep_checking(engine: Engine, stop: threading.Event, clock: Callable[[], datetime], *, samples: bool) -> None:
    """Check each day once, in China's time, as it begins, until ``stop`` is set.

    What another server has raised that day is not raised again. A database out of reach is waited for.
    """
    checked: date | None = None
    while not stop.is_set():
        now = clock()
        today = now.astimezone(CHINA_TIME).date()
        if today != checked:
            try:
                check_and_tell(engine, today, samples=samples, now=now)
                checked = today
            except DBAPIError:
                _log.warning("The database is out of reach; checking coverage later", exc_info=True)
            except Exception:
                # One record that can't be read must not end the checks for as long as the portal serves.
                _log.exception("Coverage can't be checked; trying again later")
        stop.wait(LOOK_EVERY_S)
