"""Sending notices from the portal's own process, while it serves.

Several servers, and the command ``deliver-notices``, may do so side by side: the database sees to it
that each notice has one sender. ``DELIVER_NOTICES=0`` leaves it to the command.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from starlette.concurrency import run_in_threadpool

from portal.storage import engine
from stations.notice_settings import NoticeSettings, read_notice_settings
from stations.outbox_delivery import keep_delivering, senders_of


@cache
def notice_settings() -> NoticeSettings:
    """The ways out that this process has."""
    return read_notice_settings()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Send from the first to the last moment of serving, where there is a way out at all."""
    senders = senders_of(notice_settings()) if notice_settings().in_portal else {}
    if not senders:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=keep_delivering, args=(engine(), senders, stop), name="notices", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        # What is being sent now is sent to the end, or left to its lease.
        await run_in_threadpool(thread.join, 10)
