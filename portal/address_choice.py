"""Filters and settings of a page, stored in its address so that a link or a reload shows the same."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from portal.language import _
from portal.markdown_text import plain
from portal.option_labels import distinct

PAGE_PARAMETER = "after"
"""Parameter of a page's address: the item that the shown part of a list comes after; a new choice removes it."""


def text_in_address(parameter: str) -> str:
    """Return the query parameter of the page's address, "" if absent.

    NUL characters are removed: no code contains them, and PostgreSQL rejects them in query parameters.
    """
    return st.query_params.get(parameter, "").replace("\0", "")


def draw_choice(parameter: str, title: str, options: Mapping[str, str]) -> list[str]:
    """Draw options that can be switched on and off, and return those chosen; none chosen means no limit.

    ``parameter``: the query parameter; ``options``: its values and their labels.
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
        format_func=lambda value: plain(options[value]),
        on_change=change,
        wrap=True,
    )
    return chosen


def draw_choice_of_one(parameter: str, title: str, options: Mapping[str, str]) -> str | None:
    """Draw a list to choose one option from and return it; None means no limit.

    ``parameter``: the query parameter; ``options``: its values and their labels.
    """
    key = f"choice_{parameter}"
    chosen = st.query_params.get(parameter)
    st.session_state[key] = chosen if chosen in options else None
    names = distinct(options)

    def change() -> None:
        st.query_params.pop(PAGE_PARAMETER, None)
        if st.session_state[key] is None:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = st.session_state[key]

    st.selectbox(
        title,
        list(names),
        index=None,
        key=key,
        format_func=names.__getitem__,
        placeholder=_("All"),
        filter_mode="contains",
        on_change=change,
    )
    now_chosen: str | None = st.session_state[key]
    return now_chosen


def draw_setting(parameter: str, title: str, options: Mapping[str, str], usual: str) -> str:
    """Draw a list in which one option is always chosen, and return it.

    ``parameter``: the query parameter; ``options``: its values and their labels; ``usual``: the default, which is not
    written to the address.
    """
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
    now_chosen: str = st.session_state[key]
    return now_chosen
