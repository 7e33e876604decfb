"""Escalating overdue requests from the portal's own process, while it serves.

Several servers, and the command ``escalate``, may do so side by side: the database sees to it that each
level is told once. ``ESCALATE=0`` leaves it to the command.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from portal.storage import domain_settings, engine
from stations.notices.delivery import system_clock
from stations.requests.escalation_watch import escalates_here, keep_escalating


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Escalate from the first to the last moment of serving, where this process is to."""
    if not escalates_here():
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=keep_escalating,
        args=(engine(), stop, system_clock),
        kwargs={"samples": domain_settings().samples},
        name="escalation",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await run_in_threadpool(thread.join, 10)
