"""A tracking page that moves on by itself: whatever happens to the request, the page is drawn anew, never reloaded."""

from __future__ import annotations

import streamlit as st

from portal.storage import engine
from stations.database import reading
from stations.requests.lookup import stamp_of

LOOKS_EVERY = 10.0
"""Seconds between two looks."""


@st.fragment(run_every=LOOKS_EVERY)
def watch_request(number: str, drawn: tuple[object, ...]) -> None:
    """Draw the page anew once something has happened to the request since. ``drawn``: its stamp as it was drawn.

    What is being typed into a form stays in the browser.
    """
    with reading(engine()) as session:
        now = stamp_of(session, number)
    if now != drawn:
        st.rerun(scope="app")
