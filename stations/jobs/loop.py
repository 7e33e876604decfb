"""The one loop that every job runs in, and the one policy for what goes wrong in it."""

from __future__ import annotations

import logging
import os
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine

from stations.clock import Clock
from stations.jobs.job import Job, Turn
from stations.language import CHINA_TIME

_log = logging.getLogger("stations.jobs")


def keep_running(
    job: Job[Any],
    engine: Engine,
    stop: threading.Event,
    clock: Clock,
    *,
    samples: bool,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Run a job turn after turn until ``stop`` is set.

    Whatever a turn raises, a database out of reach or a fault of ours, is logged and the job goes on at its
    next turn: one record that can't be read must not end the job for as long as the portal serves.
    """
    done_on: date | None = None
    while not stop.is_set():
        now = clock()
        on = now.astimezone(CHINA_TIME).date()
        if not (job.daily and on == done_on):
            try:
                job.run(Turn(engine, now, on, clock, samples, environment, stop))
                done_on = on
            except Exception as fault:
                _log.error("The job “%s” failed; it goes on at its next turn\n%s", job.name, "".join(_where(fault)))
        stop.wait(job.every.total_seconds())


def _where(fault: BaseException) -> Iterator[str]:
    """The kind of an error, and of those that led to it, with the lines of code they came through. The
    messages are left out: a database puts the values of a statement into them, people's addresses too."""
    earlier = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if earlier is not None:
        yield from _where(earlier)
    yield from traceback.format_tb(fault.__traceback__)
    yield f"{type(fault).__module__}.{type(fault).__qualname__}\n"
