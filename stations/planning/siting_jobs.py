"""Computation of siting answers outside the pages: each in its own process, a few at once.

Identical questions share one running or waiting computation. It is ended when the last asker has left it, by
cancelling or by asking something else; each asker has one at a time. Solutions are cached, so that the same
question is answered at once. One that was cancelled keeps the best it had found, with its bound, but is not cached.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from geo.siting import Progress, SitingTask, Solution
from geo.siting.worker import read_line
from stations.errors import Busy
from stations.language import N_

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2
WAITING = 20
KEPT = 128


class TooBusy(Busy):
    """Too many computations are waiting already."""


class JobState(StrEnum):
    """The state of a computation."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass
class SitingJob:
    """One computation.

    ``progress``: the last one reported. ``incumbent``: the same with the sites of the best choice so far, None before
    there is one. ``solution``: set once done, and when it was cancelled with an incumbent. ``problem``: what a failed
    process wrote to standard error. ``started``: on the monotonic clock.
    """

    key: Hashable
    task: SitingTask
    state: JobState = JobState.WAITING
    progress: Progress | None = None
    incumbent: Progress | None = None
    solution: Solution | None = None
    problem: str = ""
    started: float | None = None
    askers: set[str] = field(default_factory=set)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    ended: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def seconds(self) -> float:
        """The seconds since it started."""
        return 0.0 if self.started is None else time.monotonic() - self.started


class SitingJobs:
    """The computations of one server process."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        """Limit the computations: ``at_once`` run at the same time, ``waiting`` more may wait."""
        self._lock = threading.Lock()
        self._most = at_once + waiting
        self._slots = threading.BoundedSemaphore(at_once)
        self._open: dict[Hashable, SitingJob] = {}
        self._solved: OrderedDict[Hashable, SitingJob] = OrderedDict()

    def ask(self, key: Hashable, task: SitingTask, asker: str) -> SitingJob:
        """Return the computation of a task; start it unless it is running, waiting or solved already.

        ``key``: equal for the same question on the same data.

        Raises:
            TooBusy: too many are waiting already.
        """
        with self._lock:
            for other in [job for job in self._open.values() if job.key != key and asker in job.askers]:
                self._leave(other, asker)
            if key in self._solved:
                self._solved.move_to_end(key)
                return self._solved[key]
            job = self._open.get(key)
            if job is None:
                if len(self._open) >= self._most:
                    raise TooBusy(N_("Too many computations are waiting; please try again in a minute"))
                job = self._open[key] = SitingJob(key, task)
                # A daemon thread: the server need not wait for it when it stops.
                threading.Thread(target=self._run, args=(job,), name="siting", daemon=True).start()
            job.askers.add(asker)
            return job

    def cancel(self, key: Hashable, asker: str) -> Solution | None:
        """Leave a computation; it ends unless another asker waits for it. Return the best found until now, if any."""
        with self._lock:
            job = self._open.get(key)
            if job is None:
                return None
            best = None if job.incumbent is None else job.incumbent.as_solution()
            self._leave(job, asker)
            return best

    def close(self) -> None:
        """End all computations."""
        with self._lock:
            for job in list(self._open.values()):
                job.askers.clear()
                self._leave(job, "")

    def _leave(self, job: SitingJob, asker: str) -> None:
        job.askers.discard(asker)
        if job.askers:
            return
        job.state = JobState.CANCELLED
        if job.solution is None and job.incumbent is not None:
            job.solution = job.incumbent.as_solution()
        self._open.pop(job.key, None)
        if job.process is not None:
            job.process.kill()
        else:
            job.ended.set()

    def _run(self, job: SitingJob) -> None:
        with self._slots:
            self._compute(job)

    def _compute(self, job: SitingJob) -> None:
        with self._lock:
            if job.state is JobState.CANCELLED:
                return
            job.state, job.started = JobState.RUNNING, time.monotonic()
            job.process = subprocess.Popen(
                [sys.executable, "-m", "geo.siting.worker"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        wrote = b""
        try:
            with job.process as process:
                if process.stdin is None or process.stdout is None or process.stderr is None:
                    raise RuntimeError("the process was started without its pipes")
                # The process writes to standard error only when it fails, and then a few lines.
                pickle.dump(job.task, process.stdin)
                process.stdin.close()
                for line in process.stdout:
                    self._hear(job, read_line(line))
                wrote = process.stderr.read()
        except BrokenPipeError:
            pass  # the process was ended while it was being sent its task; the state below records that
        finally:
            self._settle(job, wrote.decode(errors="replace").strip())

    def _hear(self, job: SitingJob, heard: Progress | Solution) -> None:
        if isinstance(heard, Progress):
            self._hear_progress(job, heard)
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

    def _settle(self, job: SitingJob, wrote: str) -> None:
        with self._lock:
            if job.state is JobState.RUNNING:
                self._open.pop(job.key, None)
                job.state = JobState.FAILED if job.solution is None else JobState.DONE
                job.problem = wrote
                if job.solution is not None:
                    self._solved[job.key] = job
                    while len(self._solved) > KEPT:
                        self._solved.popitem(last=False)
            job.ended.set()
