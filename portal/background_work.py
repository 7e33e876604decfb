"""The recurring jobs of a serving process, beside answering: every job of ``stations.jobs`` that is not
switched off.

Several servers, and the commands that do the same, may work side by side: the database sees to it that
nothing is sent twice. Each job's setting (``DELIVER_NOTICES=0`` …) leaves it to its command.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from portal.storage import domain_settings, engine
from stations import clock
from stations.jobs.job import Job
from stations.jobs.loop import keep_running
from stations.jobs.table import JOBS


def jobs_here() -> tuple[Job[Any], ...]:
    """The jobs that this process is to do.

    Raises:
        InvalidInput: the setting of a job is neither on nor off.
    """
    return tuple(job for job in JOBS if job.switch.is_on())


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Do the jobs from the first to the last moment of serving, each in a thread of its own."""
    stop = threading.Event()
    threads = [
        threading.Thread(
            target=keep_running,
            args=(job, engine(), stop, clock.now),
            kwargs={"samples": domain_settings().samples},
            name=job.name,
            daemon=True,
        )
        for job in jobs_here()
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
