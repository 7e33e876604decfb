"""Waiting for a siting answer: it is computed in the background; the page shows its progress and can cancel it."""

from __future__ import annotations

import logging
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache

import streamlit as st
from markupsafe import Markup

from geo.siting import SitingModel, SitingTask, Solution
from portal.components import notice
from portal.language import _, current
from portal.page_end import end_page
from portal.planning.background_progress import asker
from stations.errors import DomainError
from stations.planning.siting_jobs import JobState, SitingJob, SitingJobs
from stations.planning.station_siting import PosedQuestion, SitingAnswer, answer
from stations.planning.travel import TravelUnit

PATIENCE_S = 1.5  # most questions are answered sooner; then no progress bar flickers up
_ENDED = "siting_ended"
_log = logging.getLogger("portal")


@dataclass(frozen=True)
class _Ended:
    """A computation that ended without its solution. ``told``: what is said of it if nothing had been found. ``best``:
    the best that had been found when it was cancelled.
    """

    key: Hashable
    told: str
    best: Solution | None


@cache
def jobs() -> SitingJobs:
    """Return the computations of this server process."""
    return SitingJobs()


def wait_for_answer(posed: PosedQuestion) -> SitingAnswer:
    """Return the answer; while it is being computed, draw the progress and end the page.

    Once it has been cancelled, return the best that had been found, if anything had.
    """
    key = posed.fingerprint
    ended: _Ended | None = st.session_state.get(_ENDED)
    if ended is not None and ended.key == key:
        if ended.best is None:
            notice(ended.told, "warn")
        st.button(_("Compute it after all"), on_click=lambda: st.session_state.pop(_ENDED, None))
        if ended.best is None:
            end_page()
        return answer(posed, ended.best)  # which says that it was cancelled, and how far it is proven
    try:
        job = jobs().ask(key, posed.task, asker())
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        end_page()
    if not job.ended.wait(PATIENCE_S):
        _draw_progress(job, posed.unit)
        end_page()
    if job.solution is None:
        _note_failure(job, posed.unit)
        st.rerun()
    return answer(posed, job.solution)


@st.fragment(run_every=1.0)
def _draw_progress(job: SitingJob, unit: TravelUnit) -> None:
    if job.ended.is_set():
        _note_failure(job, unit)
        st.rerun()
    far = _how_far(job, unit)
    waits = _("Waiting for other computations to end…") if job.state is JobState.WAITING else _("Computing…")
    seconds = _("{seconds} of at most {limit} seconds", seconds=round(job.seconds), limit=round(job.task.time_limit))
    st.html(
        Markup('<div class="notice" role="status"><strong>{}</strong> {}<p>{}</p></div>').format(waits, seconds, far)
    )
    st.progress(min(1.0, job.seconds / job.task.time_limit))

    def cancel() -> None:
        best = jobs().cancel(job.key, asker())
        told = " ".join((_("The computation was cancelled."), _how_far(job, unit)))
        st.session_state[_ENDED] = _Ended(job.key, told, best)

    st.button(_("Cancel"), on_click=cancel, key="siting_cancel")


def _note_failure(job: SitingJob, unit: TravelUnit) -> None:
    """Record a failed computation, so that reruns of the page do not start it again."""
    if job.state is JobState.FAILED:
        _log.error("A siting worker ended with %s: %s", job.process and job.process.returncode, job.problem)
        told = " ".join((_("The computation broke off."), _how_far(job, unit)))
        st.session_state[_ENDED] = _Ended(job.key, told, None)


def _how_far(job: SitingJob, unit: TravelUnit) -> str:
    """Return the progress of the computation as text."""
    told = job.progress
    if told is None:
        return ""
    parts = [_("Step {step}.", step=told.step)] if told.step > 1 else []
    if told.best is not None:
        parts.append(_("Best so far: {value}.", value=objective_in_words(job.task.model, told.best, job, unit)))
    if told.bound is not None and told.bound > 0:
        parts.append(
            _("Not better than: {value}.", value=objective_in_words(job.task.model, told.bound, job, unit))
        )
    return " ".join(parts)


def objective_in_words(model: SitingModel, value: float, job: SitingJob, unit: TravelUnit) -> str:
    """Return the value of a model's objective as text."""
    say, total = current(), float(job.task.weights.sum())
    if model is SitingModel.LSCP:
        kept = len(job.task.keep) if isinstance(job.task, SitingTask) else 0
        return _("{count} new stations", count=say.format_number(round(value) - kept))
    if model is SitingModel.MCLP:
        return _("{share} of demand reached", share=say.format_percent(min(1.0, value / total), 1))
    if model is SitingModel.P_MEDIAN:
        return _("{distance} on average", distance=unit.in_words(say, value / total))
    return _("{distance} for the farthest", distance=unit.in_words(say, value))
