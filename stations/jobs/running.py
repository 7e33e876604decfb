"""Running a job once, and noting what became of it."""

from __future__ import annotations

import logging
from datetime import timedelta
from time import perf_counter
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from stations.database import transaction
from stations.job_runs import note_runs
from stations.jobs.job import Job, Turn

Done = TypeVar("Done")

NOTED_EVERY = timedelta(minutes=1)
"""Successes after a success are noted at most so often: some jobs run every few seconds."""
_log = logging.getLogger("stations.job_runs")


class JobRunner(Generic[Done]):
    """Runs one job of this process again and again."""

    def __init__(self, job: Job[Done]) -> None:
        self._job = job
        self._unnoted = 0
        self._noted: Turn | None = None
        self._complained = False

    def run(self, turn: Turn) -> Done:
        """Run the job, note the run, and return its result, or raise what it raised."""
        began = perf_counter()
        self._unnoted += 1
        try:
            done = self._job.run(turn)
        except Exception as failure:
            self._note(turn, began, failure)
            self._noted = None  # the next success is news
            raise
        if self._noted is None or turn.now - self._noted.now >= NOTED_EVERY:
            self._note(turn, began, None)
        return done

    def _note(self, turn: Turn, began: float, failure: Exception | None) -> None:
        took = timedelta(seconds=perf_counter() - began)
        try:
            with transaction(turn.engine) as session:
                note_runs(session, self._job.name, turn.now, took, runs=self._unnoted, failure=failure)
        except SQLAlchemyError as problem:  # a job that works must not end because nobody can note it
            if not self._complained:
                _log.warning("Runs of the job “%s” can't be noted: %s", self._job.name, type(problem).__name__)
            self._complained = True
            return
        self._unnoted, self._noted, self._complained = 0, turn, False


def run_noted(job: Job[Done], turn: Turn) -> Done:
    """Run a job once, as its command does."""
    return JobRunner(job).run(turn)


