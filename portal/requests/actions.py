"""Performing the moves that a request's state allows, and showing their results.

Actions run in callbacks, with the version of the request that was on the screen when the button was pressed, so that
nobody acts on a request that has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import streamlit as st
from sqlalchemy.orm import Session

from portal.language import N_, _, current
from portal.page_action import Action, draw_problems, perform, performed
from portal.requests.file_chooser import check_files, chosen_files, draw_file_chooser, empty_chooser
from portal.requests.template_choice import NONE, Templates, draw_template_choice
from stations.language import label
from stations.requests.attached_file import CheckedFile
from stations.requests.moves import Move, MoveName

MakeMove = Callable[[MoveName, str, Sequence[CheckedFile]], Action]

ONWARD = frozenset({MoveName.ACCEPT, MoveName.START, MoveName.ANSWER, MoveName.CLOSE})
"""The moves that bring a request on its way; the others hold it up or end it, and stand back."""

NOTES = {MoveName.ANSWER: N_("Answer")}
"""What a move's note is called, where it is not a reason."""

_NO_TEMPLATES: Mapping[MoveName, Templates] = MappingProxyType({})
_NO_NAMES: Mapping[MoveName, str] = MappingProxyType({})


def draw_moves(
    moves: list[Move],
    make: MakeMove,
    key: str,
    *,
    templates: Mapping[MoveName, Templates] = _NO_TEMPLATES,
    names: Mapping[MoveName, str] = _NO_NAMES,
) -> None:
    """Draw the moves that are open now and need at most a note, with a form for the note.

    ``make(name, note, files)`` returns the action; ``key``: unique for this request. ``templates``: texts to start a
    note from. ``names``: labels of moves that differ from the usual ones.
    """
    moves = [move for move in moves if move.alone]
    if not moves:
        return
    with st.container(horizontal=True, key=f"moves_{key}"):
        for move in moves:
            name = names.get(move.name) or label(current(), move.name)
            emphasis: Literal["primary", "secondary"] = "primary" if move.name in ONWARD else "secondary"
            if not move.note:
                st.button(
                    name,
                    key=f"{key}_{move.name}",
                    type=emphasis,
                    on_click=lambda move=move: perform(make(move.name, "", ()), _("Done.")),
                )
                continue
            field = f"{key}_{move.name}_note"
            with st.popover(name, type=emphasis):
                draw_template_choice(templates.get(move.name, NONE), field)
                _draw_form(move, name, make, field)


def _draw_form(move: Move, name: str, make: MakeMove, field: str) -> None:
    called, files = NOTES.get(move.name, N_("Reason")), f"{field}_files"

    def take() -> None:
        note, chosen = st.session_state[field], chosen_files(files)
        checked: list[CheckedFile] = []

        def act(session: Session) -> object:
            return make(move.name, note, checked)(session)

        if performed(act, _("Done."), field, beside=field, prepare=lambda: checked.extend(check_files(chosen))):
            empty_chooser(files)

    with st.form(f"{field}_form", border=False):
        st.text_area(_(called), key=field)
        if move.name is MoveName.ANSWER:
            draw_file_chooser(files, _("Files"))
        draw_problems(field, {"note": called})
        st.form_submit_button(name, type="primary", on_click=take)
