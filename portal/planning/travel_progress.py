"""Measuring many ways takes long: the page shows how far it has come, and the visitor can stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from portal.components import notice
from portal.language import _
from portal.page_end import end_page

PATIENCE_S = 1.0  # most matrices are on file already, or small
_STOPPED = "travel_stopped"


def travel_report(asked: str) -> Callable[[float], None]:
    """Return the function that shows how far the measuring of ways has come.

    A visitor who leaves or stops ends it: what it draws then raises. ``asked``: the question; once it was stopped, the
    page ends with the offer to do it after all.
    """
    if st.session_state.get(_STOPPED) == asked:
        notice(_("Measuring the ways was stopped."), "warn")
        st.button(_("Compute it after all"), on_click=lambda: st.session_state.pop(_STOPPED, None), key="travel_again")
        end_page()
    place, began = st.empty(), time.monotonic()
    bar = None

    def stop() -> None:
        st.session_state[_STOPPED] = asked

    def report(share: float) -> None:
        nonlocal bar
        if bar is None and time.monotonic() - began > PATIENCE_S:
            with place.container():
                bar = st.progress(share, text=_("Measuring the ways by road…"))
                st.button(_("Cancel"), on_click=stop, key="travel_cancel")
        if bar is not None:
            bar.progress(share, text=_("Measuring the ways by road…"))
        if share >= 1.0:
            place.empty()

    return report
