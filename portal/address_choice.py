"""Choosing what a page shows: the choices stand in its address, so a link or a reload shows the same."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from portal.language import _

PAGE_PARAMETER = "after"
"""Where a list is paged, the page begins after this one; a new choice begins at the first page."""


def text_in_address(parameter: str) -> str:
    """What the address says under a name, "" where it says nothing.

    Without NUL characters, which no code holds and PostgreSQL does not take in a question.
    """
    return st.query_params.get(parameter, "").replace("\0", "")


def draw_choice(parameter: str, title: str, options: Mapping[str, str]) -> list[str]:
    """Draw options to tap on and off, and give back those chosen; none chosen means no limit.

    ``parameter``: its name in the address; ``options``: the value in the address → what it is called.
    """
    key = f"choice_{parameter}"
    chosen = [value for value in st.query_params.get_all(parameter) if value in options]
    st.session_state[key] = chosen

    def change() -> None:
        st.query_params.pop(PAGE_PARAMETER, None)
        st.query_params[parameter] = st.session_state[key]

    st.pills(
        title,
        list(options),
        key=key,
        selection_mode="multi",
        format_func=options.__getitem__,
        on_change=change,
        wrap=True,
    )
    return chosen


def draw_choice_of_one(parameter: str, title: str, options: Mapping[str, str]) -> str | None:
    """Draw a list to choose one from, and give it back; None means no limit."""
    key = f"choice_{parameter}"
    chosen = st.query_params.get(parameter)
    st.session_state[key] = chosen if chosen in options else None

    def change() -> None:
        st.query_params.pop(PAGE_PARAMETER, None)
        if st.session_state[key] is None:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = st.session_state[key]

    st.selectbox(
        title,
        list(options),
        index=None,
        key=key,
        format_func=options.__getitem__,
        placeholder=_("All"),
        filter_mode="contains",
        on_change=change,
    )
    return st.session_state[key]


def draw_setting(parameter: str, title: str, options: Mapping[str, str], usual: str) -> str:
    """Draw a list of which one is always chosen, and give it back; the usual one needs no word in the
    address."""
    key = f"choice_{parameter}"
    asked = st.query_params.get(parameter, usual)
    st.session_state[key] = asked if asked in options else usual

    def change() -> None:
        st.query_params.pop(PAGE_PARAMETER, None)
        if st.session_state[key] == usual:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = st.session_state[key]

    st.selectbox(title, list(options), key=key, format_func=options.__getitem__, on_change=change)
    return st.session_state[key]
