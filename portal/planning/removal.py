"""Taking something that was imported off its list: a choice of what is on file, and the button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import _
from portal.option_labels import distinct
from portal.storage import engine
from stations.database import transaction
from stations.errors import DomainError

Remove = Callable[[Session, str], None]


def draw_removal(title: str, key: str, shown: Mapping[str, str], remove: Remove) -> None:
    """Draw the choice and the button. ``shown``: code → what it is called; nothing is drawn where it is empty."""
    if not shown:
        return
    names = distinct(shown)
    chosen = st.selectbox(
        title,
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=_("Choose"),
        filter_mode="contains",
        key=f"{key}_removed",
    )
    st.button(
        _("Remove"), key=f"{key}_remove", disabled=chosen is None, on_click=_take_off, args=(remove, chosen, key)
    )


def _take_off(remove: Remove, code: str, key: str) -> None:
    try:
        with transaction(engine()) as session:
            remove(session, code)
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
    st.session_state[f"{key}_removed"] = None
