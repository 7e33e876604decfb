"""The loop that runs every job, with one policy for errors."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine

from stations.clock import Clock
from stations.error_trace import trace
from stations.jobs.job import Job, Turn
from stations.jobs.running import JobRunner
from stations.language import day_in_china
from stations.reference import begin_reference

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
    """Run a job repeatedly until ``stop`` is set.

    Any exception of a run, such as an unreachable database or a defect, is logged and the job continues with its
    next run: one unreadable record must not end the job for as long as the portal serves.
    """
    done_on: date | None = None
    runner = JobRunner(job)
    while not stop.is_set():
        now = clock()
        on = day_in_china(now)
        if not (job.daily and on == done_on):
            begin_reference()
            try:
                runner.run(Turn(engine, now, on, clock, samples, environment, stop))
                done_on = on
            except Exception as fault:
                told = trace(fault, messages=False)
                _log.error("The job “%s” failed; it goes on at its next turn\n%s", job.name, told)
        stop.wait(job.every.total_seconds())
