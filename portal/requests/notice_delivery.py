"""Sending notices and reminders from the portal's own process, while it serves.

Several servers, and the commands ``deliver-notices`` and ``send-reminders``, may do so side by side:
the database sees to it that nothing is told twice. ``DELIVER_NOTICES=0`` leaves it to the commands.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from portal.storage import engine
from stations.firms.reminders import keep_reminding
from stations.notices.delivery import keep_delivering, senders_of, system_clock
from stations.notices.settings import NoticeSettings, read_notice_settings


@cache
def notice_settings() -> NoticeSettings:
    """The ways out that this process has."""
    return read_notice_settings()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Send from the first to the last moment of serving, where there is a way out at all; remind, and
    delete what has been kept long enough, in any case."""
    if not notice_settings().in_portal:
        yield
        return
    stop = threading.Event()
    work = {"reminders": partial(keep_reminding, engine(), stop, system_clock)}
    if senders := senders_of(notice_settings()):
        work["notices"] = partial(keep_delivering, engine(), senders, stop)
    threads = [threading.Thread(target=each, name=name, daemon=True) for name, each in work.items()]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        # What is being sent now is sent to the end, or left to its lease.
        for thread in threads:
            await run_in_threadpool(thread.join, 10)
