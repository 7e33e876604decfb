"""Saying on the next drawing of a page what was done: the run that does it is drawn anew, or ends, before
anybody could read it."""

from __future__ import annotations

import streamlit as st

from portal.components import notice

_DONE = "done"


def tell_done(text: str) -> None:
    """Have the next drawing say what was done."""
    st.session_state[_DONE] = text


def draw_done() -> None:
    """Draw what was done before this page was drawn, once."""
    if done := st.session_state.pop(_DONE, None):
        notice(done, "good")
