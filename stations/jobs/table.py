"""The table of all jobs. To add a job, add a module with a ``JOB`` to this package."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import stations.jobs
from stations.jobs.job import Job


def _found() -> tuple[Job[Any], ...]:
    modules = (import_module(f"{stations.jobs.__name__}.{one.name}") for one in iter_modules(stations.jobs.__path__))
    return tuple(module.JOB for module in modules if hasattr(module, "JOB"))


JOBS: tuple[Job[Any], ...] = _found()
"""Every job, sorted by module name."""
