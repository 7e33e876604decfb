"""Starting an answer from a template: choosing one fills the field, which the steward then edits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from portal.language import _

Templates = Mapping[str, str]
"""Title → text, filled for the request at hand."""
NONE: Templates = MappingProxyType({})


def draw_template_choice(templates: Templates, field: str) -> None:
    """Draw the choice above the text field with the key ``field``; nothing if there are no templates.

    It can't be within a form, because the choice must fill the field at once.
    """
    if not templates:
        return
    key = f"{field}_template"

    def put_in() -> None:
        if st.session_state[key] is not None:
            st.session_state[field] = templates[st.session_state[key]]

    st.selectbox(
        _("Begin from a template"),
        list(templates),
        index=None,
        key=key,
        placeholder=_("Choose a template"),
        on_change=put_in,
        filter_mode="contains",
    )
