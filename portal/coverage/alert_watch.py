"""Checking coverage for alerts, day after day, from the portal's own process, while it serves.

Several servers, and the command ``check-coverage``, may do so side by side: the database sees to it that
each alert is raised once. ``CHECK_COVERAGE=0`` leaves it to the command.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from portal.storage import domain_settings, engine
from stations.coverage.alert_watch import checks_here, keep_checking
from stations.notices.delivery import system_clock


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Check from the first to the last moment of serving, where this process is to."""
    if not checks_here():
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=keep_checking,
        args=(engine(), stop, system_clock),
        kwargs={"samples": domain_settings().samples},
        name="coverage check",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await run_in_threadpool(thread.join, 10)
