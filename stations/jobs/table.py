"""The table of all jobs. To add a job, add a module with a ``JOB`` to this package."""

from __future__ import annotations

from typing import Any

import stations.jobs
from stations.discovery import find_in_modules
from stations.jobs.job import Job

JOBS: tuple[Job[Any], ...] = find_in_modules(stations.jobs, "JOB", Job)
"""Every job, sorted by module name."""
