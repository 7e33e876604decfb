"""Acting on a service request: the steps its state leaves open, and telling what came of them.

Everything happens in callbacks. They are handed the version of the request that was on the screen
when the button was pressed, so nobody acts on what has meanwhile become something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from portal.language import _, current
from portal.page_action import Action, perform
from portal.template_choice import NONE, Templates, draw_template_choice
from stations.labels import label
from stations.request_moves import Move, MoveName

_NO_TEMPLATES: Mapping[MoveName, Templates] = MappingProxyType({})


def draw_moves(
    moves: list[Move],
    make: Callable[[MoveName, str], Action],
    key: str,
    *,
    templates: Mapping[MoveName, Templates] = _NO_TEMPLATES,
) -> None:
    """Draw the steps that are open now and need no more than a reason; one that needs it asks for it.

    ``make(name, note)`` gives the action; ``key`` tells this request's fields from another's.
    ``templates``: what a step's reason can begin from.
    """
    moves = [move for move in moves if move.alone]
    if not moves:
        return
    with st.container(horizontal=True, key=f"moves_{key}"):
        for move in moves:
            name = label(current(), move.name)
            primary = "primary" if move is moves[0] else "secondary"
            if not move.note:
                st.button(
                    name,
                    key=f"{key}_{move.name}",
                    type=primary,
                    on_click=lambda move=move: perform(make(move.name, ""), _("Done.")),
                )
                continue
            field = f"{key}_{move.name}_note"
            with st.popover(name, type=primary):
                draw_template_choice(templates.get(move.name, NONE), field)
                with st.form(f"{field}_form", border=False):
                    st.text_area(_("Reason or answer"), key=field, max_chars=2000)
                    st.form_submit_button(
                        name,
                        type="primary",
                        on_click=lambda move=move, field=field: perform(
                            make(move.name, st.session_state[field]), _("Done."), field
                        ),
                    )
