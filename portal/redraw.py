"""Drawing that part of a page anew which Streamlit runs by itself, a fragment."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from streamlit.errors import StreamlitInvalidLayoutContextError


def redraw_fragment() -> NoReturn:
    """Draw the fragment anew in which this is called, or the page, if the whole page is being run.

    So it is where the browser has joined the press with another one outside, or sends it again after its connection was
    lost; Streamlit then refuses to run the fragment alone.
    """
    try:
        st.rerun(scope="fragment")
    except StreamlitInvalidLayoutContextError:
        st.rerun()
