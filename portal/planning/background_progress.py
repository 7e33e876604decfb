"""Computations in processes of their own, apart from siting (``siting_progress``): how far they are, and cancelling."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import cache

import streamlit as st
from markupsafe import Markup

from portal.components import notice
from portal.language import _
from stations.planning.worker_jobs import JobState, SharedJob, SharedJobs

AT_ONCE, WAITING, KEPT = 1, 10, 16
_ASKER = "siting_asker"
_log = logging.getLogger("portal")


@cache
def background() -> SharedJobs:
    """Return the computations of this server process."""
    return SharedJobs(AT_ONCE, WAITING, KEPT)


def asker() -> str:
    """Return the name by which the computations know this visit of the page."""
    name: str = st.session_state.setdefault(_ASKER, secrets.token_hex(8))
    return name


@st.fragment(run_every=1.0)
def follow(job: SharedJob, words: str, cancel: Callable[[], None], key: str) -> None:
    """Draw how far a computation is and a button that cancels it, until it ends; then the page is drawn anew.

    ``words``: what is being done.
    """
    if job.ended.is_set():
        st.rerun()
    told = _("Waiting for other computations to end…") if job.state is JobState.WAITING else words
    st.html(Markup('<div class="notice" role="status"><strong>{}</strong></div>').format(told))
    st.progress(job.share)
    st.button(_("Cancel"), key=f"{key}_cancel", on_click=cancel)


def tell_of_failure(job: SharedJob) -> None:
    """Draw that a computation ended without its result, and log why."""
    _log.error("A worker ended with %s: %s", job.process and job.process.returncode, job.problem)
    notice(_("The computation broke off."), "warn")
