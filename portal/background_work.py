"""The recurring jobs that a serving process runs in the background: those of ``stations.jobs`` not switched off.

Several servers, and the commands that do the same work, may run at once: the database ensures that nothing is sent
twice. A job's setting (``DELIVER_NOTICES=0`` …) leaves that job to its command.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from portal.settings import settings
from portal.storage import domain_settings, engine
from stations import clock
from stations.database import transaction
from stations.jobs.job import Job, Switch, Turn
from stations.jobs.loop import keep_running
from stations.jobs.table import JOBS
from stations.server_processes import Presence, forget_presence, note_presence

COLLECT_EVERY_S = 30
"""Seconds between two full collections of garbage: the runs of pages leave circles of objects behind."""


def _collect_garbage(stop: threading.Event) -> None:
    while not stop.wait(COLLECT_EVERY_S):
        gc.collect()


def jobs_here() -> tuple[Job[Any], ...]:
    """Return the jobs that this process runs.

    Raises:
        InvalidInput: the setting of a job is neither on nor off.
    """
    return tuple(job for job in JOBS if job.switch.is_on())


def _presence_job(presence: Presence) -> Job[None]:
    """Return the job by which this process says that it runs; of no use to any command, so not in the table."""

    def say(turn: Turn) -> None:
        with transaction(turn.engine) as session:
            note_presence(session, presence, turn.now)

    return Job("presence", timedelta(minutes=1), Switch(name="", wrong=""), say)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Run the jobs while the server serves, each in its own thread."""
    stop, presence = threading.Event(), Presence(settings().port, clock.now())
    threads = [
        threading.Thread(
            target=keep_running,
            args=(job, engine(), stop, clock.now),
            kwargs={"samples": domain_settings().samples},
            name=job.name,
            daemon=True,
        )
        for job in (_presence_job(presence), *jobs_here())
    ]
    threads.append(threading.Thread(target=_collect_garbage, args=(stop,), name="garbage", daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        # A delivery in progress is completed; if that takes too long, its lease expires and another process retries.
        for thread in threads:
            await run_in_threadpool(thread.join, 10)
        await run_in_threadpool(_leave, presence)


def _leave(presence: Presence) -> None:
    with suppress(SQLAlchemyError), transaction(engine()) as session:  # else it is forgotten after a while
        forget_presence(session, presence)
