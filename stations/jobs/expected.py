"""The jobs as they should run here, for whoever compares that with what became of them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from stations.operations.work_checks import ExpectedJob


def expected_jobs(environment: Mapping[str, str] = os.environ) -> tuple[ExpectedJob, ...]:
    """Return every job of the table, and whether a server runs it.

    Raises:
        InvalidInput: the setting of a job is neither on nor off.
    """
    from stations.jobs.table import JOBS  # which finds the job that watches, and that asks here

    return tuple(
        ExpectedJob(job.name, job.every, job.daily, job.switch.is_on(environment), job.switch.name) for job in JOBS
    )
