"""Performing the moves that a request's state allows, and showing their results.

Actions run in callbacks, with the version of the request that was on the screen when the button was pressed, so that
nobody acts on a request that has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.language import _
from portal.page_action import Action, draw_problems, perform, performed
from portal.requests.file_chooser import check_files, chosen_files, draw_file_chooser, empty_chooser
from portal.requests.template_choice import NONE, Templates, draw_template_choice
from portal.required_fields import mark_required
from stations.requests.attached_file import CheckedFile
from stations.requests.moves import REASON, Move, MoveName, Note, moves_open_to
from stations.requests.states import Party, State

MakeMove = Callable[[MoveName, str, Sequence[CheckedFile]], Action]

_NO_TEMPLATES: Mapping[MoveName, Templates] = MappingProxyType({})


def draw_moves(
    state: State,
    party: Party,
    make: MakeMove,
    key: str,
    *,
    templates: Mapping[MoveName, Templates] = _NO_TEMPLATES,
    question: Markup | None = None,
) -> None:
    """Draw the moves that a party can make from a state and that need at most a note, with a form for the note.

    ``make(name, note, files)`` returns the action; ``key``: unique for this request. ``templates``: texts to start a
    note from. ``question``: what the other side asks; its answer is typed beneath it.
    """
    moves = [move for move in moves_open_to(party, state) if move.alone]
    if question:
        answers = [move for move in moves if move.name is MoveName.ANSWER]
        moves = [move for move in moves if move not in answers]
        for move in answers:
            with st.container(key=f"answer_{key}"):
                st.html(question)
                _draw_form(move, move.note or REASON, _(move.label_in(state)), make, f"{key}_{move.name}_note")
    if not moves:
        return
    with st.container(horizontal=True, key=f"moves_{key}"):
        for move in moves:
            name = _(move.label_in(state))
            emphasis: Literal["primary", "secondary"] = "primary" if move.onward else "secondary"
            if move.note is None:
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
                _draw_form(move, move.note, name, make, field)


def _draw_form(move: Move, note: Note, name: str, make: MakeMove, field: str) -> None:
    files = f"{field}_files"

    def take() -> None:
        text, chosen = st.session_state[field], chosen_files(files)
        checked: list[CheckedFile] = []

        def act(session: Session) -> object:
            return make(move.name, text, checked)(session)

        if performed(act, _("Done."), field, beside=field, prepare=lambda: checked.extend(check_files(chosen))):
            empty_chooser(files)

    with st.form(f"{field}_form", border=False):
        mark_required(field, told=False)
        st.text_area(_(note.name), key=field)
        if note.files:
            draw_file_chooser(files, _("Files"))
        draw_problems(field, {"note": note.name})
        st.form_submit_button(name, type="primary", on_click=take)
