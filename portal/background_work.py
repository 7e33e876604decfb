"""What a serving process does beside answering: sending notices, reminding, escalating, checking coverage.

Several servers, and the commands that do the same, may work side by side: the database sees to it that
nothing is told twice. ``DELIVER_NOTICES=0``, ``ESCALATE=0`` and ``CHECK_COVERAGE=0`` leave the work to the
commands.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from portal.requests.notice_settings import notice_settings
from portal.storage import domain_settings, engine
from stations import clock
from stations.coverage.alert_watch import checks_here, keep_checking
from stations.firms.reminders import keep_reminding
from stations.notices.delivery import keep_delivering, senders_of
from stations.requests.escalation_watch import escalates_here, keep_escalating


def background_work(stop: threading.Event) -> dict[str, Callable[[], None]]:
    """The work that this process is to do, by what it is called; each goes on until ``stop`` is set.

    Raises:
        InvalidInput: a setting is wrong.
    """
    samples = domain_settings().samples
    work: dict[str, Callable[[], None]] = {}
    if notice_settings().in_portal:
        # Reminding deletes what has been kept long enough too, so it needs no way out.
        work["reminders"] = partial(keep_reminding, engine(), stop, clock.now)
        if senders := senders_of(notice_settings()):
            work["notices"] = partial(keep_delivering, engine(), senders, stop, clock.now)
    if escalates_here():
        work["escalation"] = partial(keep_escalating, engine(), stop, clock.now, samples=samples)
    if checks_here():
        work["coverage check"] = partial(keep_checking, engine(), stop, clock.now, samples=samples)
    return work


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Do it from the first to the last moment of serving, each work in a thread of its own."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=each, name=name, daemon=True) for name, each in background_work(stop).items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        # What is being sent now is sent to the end, or left to its lease.
        for thread in threads:
            await run_in_threadpool(thread.join, 10)
