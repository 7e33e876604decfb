"""Computations in the background: shared, limited, and cancelled for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pytest

from geo.population_by_hexagon import PopulationTask
from geo.siting import CurveTask, Outcome, SitingModel, SitingTask
from stations.planning.siting_jobs import JobState, SitingJob, SitingJobs, TooBusy
from stations.planning.worker_jobs import SharedJobs

PATIENCE = 60


def task(places: int, p: int, seed: int = 1) -> SitingTask:
    spots = np.random.default_rng(seed).uniform(0, 100, (places, 2))
    distances = np.hypot(*(spots[:, None] - spots[None]).T).T
    return SitingTask(SitingModel.P_MEDIAN, distances, np.ones(places), 0.0, p)


SHORT, LONG = task(40, 3), task(900, 40)


@pytest.fixture
def jobs() -> Iterator[SitingJobs]:
    started = SitingJobs(at_once=1, waiting=1)
    yield started
    started.close()


def wait(job: SitingJob) -> SitingJob:
    assert job.ended.wait(PATIENCE)
    return job


def wait_until(job: SitingJob, state: Callable[[SitingJob], bool]) -> None:
    for _ in range(PATIENCE * 20):
        if state(job):
            return
        job.ended.wait(0.05)
    pytest.fail(f"it stays {job}")


def test_the_answer_is_the_one_given_here_and_is_kept(jobs: SitingJobs) -> None:
    job = wait(jobs.ask("short", SHORT, "a"))
    assert job.state is JobState.DONE
    assert job.solution == SHORT.solve()
    assert jobs.ask("short", SHORT, "b") is job


def test_a_long_one_tells_how_far_it_is_and_ends_when_cancelled(jobs: SitingJobs) -> None:
    job = jobs.ask("long", LONG, "a")
    wait_until(job, lambda one: one.progress is not None)
    assert job.progress.best > 0
    wait_until(job, lambda one: one.incumbent is not None and bool(one.incumbent.bound))
    waiting = jobs.ask("short", SHORT, "b")
    assert waiting.state is JobState.WAITING
    with pytest.raises(TooBusy):
        jobs.ask("third", task(30, 2), "c")
    jobs.cancel("long", "a")
    assert wait(job).state is JobState.CANCELLED
    assert job.process.wait(PATIENCE) != 0
    # What it had found stays: sites, their value and its bound.
    best = job.solution
    assert best.outcome is Outcome.CANCELLED
    assert len(best.sites) == 40
    assert best.objective == pytest.approx(LONG.distances[:, best.sites].min(axis=1).sum())
    assert best.bound <= best.objective
    assert wait(waiting).state is JobState.DONE
    # A new request starts it again.
    again = jobs.ask("long", LONG, "a")
    assert again is not job
    assert again.solution is None


def test_it_runs_on_while_somebody_waits_for_it(jobs: SitingJobs) -> None:
    job = jobs.ask("long", LONG, "a")
    assert jobs.ask("long", LONG, "b") is job
    wait_until(job, lambda one: one.state is JobState.RUNNING)
    wait_until(job, lambda one: one.incumbent is not None)
    left_with = jobs.cancel("long", "a")
    assert job.state is JobState.RUNNING
    assert job.solution is None
    assert left_with.outcome is Outcome.CANCELLED
    assert len(left_with.sites) == 40
    # A new request abandons the same person's previous one.
    jobs.ask("short", SHORT, "b")
    assert wait(job).state is JobState.CANCELLED


def test_one_that_waits_is_cancelled_without_having_run(jobs: SitingJobs) -> None:
    jobs.ask("long", LONG, "a")
    waiting = jobs.ask("short", SHORT, "b")
    jobs.cancel("short", "b")
    assert wait(waiting).state is JobState.CANCELLED
    assert waiting.process is None


def test_a_worker_that_fails_says_why(jobs: SitingJobs) -> None:
    broken = SitingTask(SitingModel.P_MEDIAN, SHORT.distances, SHORT.weights, 0.0, 400)
    job = wait(jobs.ask("broken", broken, "a"))
    assert job.state is JobState.FAILED
    assert "p is 400" in job.problem
    assert wait(jobs.ask("short", SHORT, "a")).solution.outcome is Outcome.OPTIMAL


def test_a_curve_is_computed_alike_and_what_was_found_stays_when_it_is_cancelled(jobs: SitingJobs) -> None:
    job = wait(jobs.ask("curve", CurveTask(SHORT, 3), "a"))
    assert (job.state, job.solution, len(job.curve.points)) == (JobState.DONE, None, 3)
    assert job.curve.points[2].objective == pytest.approx(SHORT.solve().objective)
    long = jobs.ask("long curve", CurveTask(task(300, 1), 250), "a")
    wait_until(long, lambda one: one.progress is not None and len(one.progress.points) > 1)
    assert jobs.cancel("long curve", "a") is None
    assert wait(long).state is JobState.CANCELLED
    assert long.solution is None
    assert 1 < len(long.curve.points) < 250


def test_a_file_is_read_apart_and_who_leaves_ends_it() -> None:
    """A file that is no raster is told as such, without its path; another one is left before it was read."""
    with closing(SharedJobs(at_once=1, waiting=2)) as shared:
        job = shared.ask("text", PopulationTask(b"no raster"), "a")
        left = shared.ask("left", PopulationTask(b"another"), "b")
        assert shared.leave("left", "b") is left
        assert job.ended.wait(PATIENCE) and left.ended.wait(PATIENCE)
        assert (job.state, left.state) == (JobState.DONE, JobState.CANCELLED)
        assert job.result["fault"] == "unreadable"
        assert "vsimem" not in job.result["told"]
        assert job.task is None  # a whole file is not kept
        assert left.result is None
