"""Writing to the other side of a request, with files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from portal.language import _
from portal.page_action import Action, perform
from portal.template_choice import NONE, Templates, draw_template_choice
from stations.attached_file import FILE_LIMIT, KINDS, MEGABYTE, CheckedFile, check_file
from stations.errors import InvalidForm, InvalidInput
from stations.request_handling import MESSAGE_LIMIT


def draw_message_form(
    write: Callable[[str, Sequence[CheckedFile]], Action], key: str, templates: Templates = NONE
) -> None:
    """Draw the field for a message and its files. ``write`` makes the action of text and files;
    ``templates``: what the text can begin from."""
    field, turn = f"{key}_message", f"{key}_message_turn"
    # A new key empties the list of files, which can't be set.
    chosen = f"{key}_files_{st.session_state.get(turn, 0)}"

    def send() -> None:
        files = [(file.name, file.getvalue()) for file in st.session_state.get(chosen) or ()]
        text = st.session_state[field]
        if perform(lambda session: write(text, _checked(files))(session), _("The message is sent."), field):
            st.session_state[turn] = st.session_state.get(turn, 0) + 1

    draw_template_choice(templates, field)
    with st.form(f"{field}_form", border=False):
        st.text_area(_("Write a message"), key=field, max_chars=MESSAGE_LIMIT)
        st.file_uploader(
            _(
                "Files (optional): {kinds}, {limit} MB each at most",
                kinds="、".join(kind.name for kind in KINDS),
                limit=FILE_LIMIT // MEGABYTE,
            ),
            accept_multiple_files=True,
            key=chosen,
        )
        st.form_submit_button(_("Send the message"), on_click=send)


def _checked(files: Sequence[tuple[str, bytes]]) -> list[CheckedFile]:
    checked, problems = [], []
    for name, content in files:
        try:
            checked.append(check_file(name, content))
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    return checked
