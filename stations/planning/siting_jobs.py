"""Computation of siting answers outside the pages (``worker_jobs``).

One that was cancelled keeps the best it had found, with its bound, but is not cached.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from geo.siting import Curve, CurveTask, Progress, SitingTask, Solution
from geo.siting.worker import read_line
from stations.planning.worker_jobs import JobState, TooBusy, WorkerJob, WorkerJobs

__all__ = ["JobState", "SitingJob", "SitingJobs", "TooBusy"]


@dataclass
class SitingJob(WorkerJob):
    """One computation.

    ``progress``: the last one reported. ``incumbent``: the same with the sites of the best choice so far, None before
    there is one. ``solution``: set once done, and when it was cancelled with an incumbent. ``curve``: the same for the
    task of a curve.
    """

    task: SitingTask | CurveTask
    progress: Progress | None = None
    incumbent: Progress | None = None
    solution: Solution | None = None
    curve: Curve | None = None

    @property
    def solved(self) -> bool:
        """Whether it has its solution or its curve."""
        return self.solution is not None or self.curve is not None

    def best_so_far(self) -> Solution | None:
        """Return the best solution found while it was computed, if any; a curve has none."""
        of_one = isinstance(self.task, SitingTask)
        return self.incumbent.as_solution() if of_one and self.incumbent is not None else None


class SitingJobs(WorkerJobs[SitingJob]):
    """The computations of one server process."""

    worker = "geo.siting.worker"

    def cancel(self, key: Hashable, asker: str) -> Solution | None:
        """Leave a computation; it ends unless another asker waits for it. Return the best solution found until now."""
        job = self.leave(key, asker)
        return job.best_so_far() if job is not None else None

    def _make(self, key: Hashable, task: Any) -> SitingJob:
        return SitingJob(key, task)

    def _keep_what_was_found(self, job: SitingJob) -> None:
        job.solution = job.solution or job.best_so_far()
        if job.curve is None and job.progress is not None and job.progress.points:
            job.curve = Curve.through(job.progress.points)

    def _hear(self, job: SitingJob, line: bytes) -> None:
        heard = read_line(line)
        if isinstance(heard, Progress):
            self._hear_progress(job, heard)
        elif isinstance(heard, Curve):
            job.curve = heard
        else:
            job.solution = heard

    def _hear_progress(self, job: SitingJob, heard: Progress) -> None:
        with self._lock:
            job.progress = heard
            if job.state is not JobState.RUNNING:
                return
            if heard.sites or job.incumbent is None:
                job.incumbent = heard if heard.sites else None
            else:  # its bound has risen meanwhile
                job.incumbent = replace(heard, best=job.incumbent.best, sites=job.incumbent.sites)
