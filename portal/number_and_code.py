"""The number and secret code of a firm's request or ledger, which replace an account.

Displays both after they are issued, and lets the firm choose among those opened in this browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st
from markupsafe import Markup

from portal.language import _

Opened = TypeVar("Opened")


def draw_number_and_code(called: str, number: str, code: str, text: str) -> None:
    """Draw both for copying or printing. ``called``: the label of the number; ``text``: the text that is copied."""
    st.html(
        Markup(
            '<div class="receipt" role="status"><div><span>{}</span><strong>{}</strong></div>'
            "<div><span>{}</span><strong>{}</strong></div>"
            '<div class="receipt-tools"><button type="button" class="button quiet" data-copy="{}" data-done="{}">{}'
            '</button><button type="button" class="button quiet" data-print>{}</button></div></div>'
        ).format(called, number, _("Code"), code, text, _("Copied"), _("Copy both"), _("Print"))
    )


def draw_saving_both(number: str, text: str) -> None:
    """Draw the button that saves ``text`` as a file named after the number."""
    st.download_button(
        _("Save number and code as a file"), text, file_name=f"{number}.txt", mime="text/plain", on_click="ignore"
    )


def choose_opened(opened: Mapping[str, Opened], key: str, title: str, name: Callable[[Opened], str]) -> Opened:
    """Return the one to show of those open in this browser, with a list to choose from if there are several.

    ``opened``: by number, at least one; ``key``: the key of the chosen number in the session state; ``name``: returns
    the text shown beside the number.
    """
    if st.session_state.get(key) not in opened:
        st.session_state[key] = next(iter(opened))
    if len(opened) > 1:
        st.selectbox(
            title,
            list(opened),
            key=key,
            format_func=lambda number: f"{number} · {name(opened[number])}",
            width=480,
        )
    return opened[st.session_state[key]]
