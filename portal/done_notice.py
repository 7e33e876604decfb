"""The message that an action succeeded, shown on the next run of the page.

The run that performs the action is rerun or ends before its own output could be read.
"""

from __future__ import annotations

import streamlit as st

from portal.components import notice

_DONE = "done"


def tell_done(text: str) -> None:
    """Save a message for the next run of the page."""
    st.session_state[_DONE] = text


def draw_done() -> None:
    """Draw the message saved by the previous run, once."""
    if done := st.session_state.pop(_DONE, None):
        notice(done, "good")
