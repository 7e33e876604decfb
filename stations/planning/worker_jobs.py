"""Computations outside the pages: each in its own process, a few at once.

Identical questions share one running or waiting computation. It is ended when the last asker has left it, by
cancelling or by asking something else; each asker has one at a time. Results are kept, so that the same question is
answered at once.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

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
class WorkerJob(ABC):
    """One computation.

    ``problem``: what a failed process wrote to standard error. ``started``: on the monotonic clock.
    """

    key: Hashable
    task: Any
    state: JobState = JobState.WAITING
    problem: str = ""
    started: float | None = None
    askers: set[str] = field(default_factory=set)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    ended: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def seconds(self) -> float:
        """The seconds since it started."""
        return 0.0 if self.started is None else time.monotonic() - self.started

    @property
    @abstractmethod
    def solved(self) -> bool:
        """Whether it has its result."""


Job = TypeVar("Job", bound=WorkerJob)


class WorkerJobs(ABC, Generic[Job]):
    """The computations of one kind in one server process. ``worker``: the module that computes one of them."""

    worker: ClassVar[str]

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, kept: int = KEPT) -> None:
        """Limit the computations: ``at_once`` run at the same time, ``waiting`` more may wait, ``kept`` results stay.
        """
        self._lock = threading.Lock()
        self._most = at_once + waiting
        self._kept = kept
        self._slots = threading.BoundedSemaphore(at_once)
        self._open: dict[Hashable, Job] = {}
        self._solved: OrderedDict[Hashable, Job] = OrderedDict()

    def ask(self, key: Hashable, task: Any, asker: str) -> Job:
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
                job = self._open[key] = self._make(key, task)
                # A daemon thread: the server need not wait for it when it stops.
                threading.Thread(target=self._run, args=(job,), name=self.worker, daemon=True).start()
            job.askers.add(asker)
            return job

    def leave(self, key: Hashable, asker: str) -> Job | None:
        """Leave a computation; it ends unless another asker waits for it. Return it, None if there is none."""
        with self._lock:
            job = self._open.get(key)
            if job is not None:
                self._leave(job, asker)
            return job

    def close(self) -> None:
        """End all computations."""
        with self._lock:
            for job in list(self._open.values()):
                job.askers.clear()
                self._leave(job, "")

    @abstractmethod
    def _make(self, key: Hashable, task: Any) -> Job:
        """Return a new computation."""

    @abstractmethod
    def _hear(self, job: Job, line: bytes) -> None:
        """Take in a line that the worker wrote."""

    def _keep_what_was_found(self, job: Job) -> None:
        """Keep what a cancelled computation had found."""

    def _leave(self, job: Job, asker: str) -> None:
        job.askers.discard(asker)
        if job.askers:
            return
        job.state = JobState.CANCELLED
        self._keep_what_was_found(job)
        self._open.pop(job.key, None)
        if job.process is not None:
            job.process.kill()
        else:
            job.ended.set()

    def _run(self, job: Job) -> None:
        with self._slots:
            self._compute(job)

    def _compute(self, job: Job) -> None:
        with self._lock:
            if job.state is JobState.CANCELLED:
                return
            job.state, job.started = JobState.RUNNING, time.monotonic()
            job.process = subprocess.Popen(
                [sys.executable, "-m", self.worker],
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
                    self._hear(job, line)
                wrote = process.stderr.read()
        except BrokenPipeError:
            pass  # the process was ended while it was being sent its task; the state below records that
        finally:
            self._settle(job, wrote.decode(errors="replace").strip())

    def _settle(self, job: Job, wrote: str) -> None:
        with self._lock:
            if job.state is JobState.RUNNING:
                self._open.pop(job.key, None)
                job.state = JobState.DONE if job.solved else JobState.FAILED
                job.problem = wrote
                if job.solved:
                    self._solved[job.key] = job
                    while len(self._solved) > self._kept:
                        self._solved.popitem(last=False)
            job.ended.set()


@dataclass
class SharedJob(WorkerJob):
    """A task of ``geo.worker``. ``share``: done, from 0 to 1. ``result``: JSON data, None until it is there."""

    share: float = 0.0
    result: Any = None

    @property
    def solved(self) -> bool:
        """Whether it has its result."""
        return self.result is not None


class SharedJobs(WorkerJobs[SharedJob]):
    """Tasks of ``geo.worker``: areas reached within minutes, population rasters."""

    worker = "geo.worker"

    def _make(self, key: Hashable, task: Any) -> SharedJob:
        return SharedJob(key, task)

    def _hear(self, job: SharedJob, line: bytes) -> None:
        [(what, value)] = json.loads(line).items()
        if what == "share":
            job.share = value
        else:
            job.result, job.task = value, None  # a task may be a whole file
