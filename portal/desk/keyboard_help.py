"""The list of keyboard shortcuts of the work desk; ``static/desk_keys.js`` handles them."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.language import N_, _

KEYS = (
    ("Alt+J", N_("next request of the queue")),
    ("Alt+K", N_("request before it")),
    ("Enter", N_("open it")),
    ("Alt+L", N_("search")),
    ("Alt+U", N_("back to the queue")),
    ("Alt+A", N_("accept the open request")),
    ("Alt+S", N_("start work on it")),
    ("Alt+M", N_("write a message")),
    ("Alt+H", N_("show or hide this list")),
)


def draw_keyboard_help() -> None:
    """Draw the list, collapsed."""
    lines = Markup("").join(
        Markup("<div><dt><kbd>{}</kbd></dt><dd>{}</dd></div>").format(key, _(what)) for key, what in KEYS
    )
    st.html(
        Markup('<details class="entry keys"><summary><strong>{}</strong></summary><dl>{}</dl></details>').format(
            _("Keyboard shortcuts"), lines
        )
    )
