"""Writing a message with files to the other side of a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from sqlalchemy.orm import Session

from portal.language import _
from portal.page_action import Action, draw_problems, performed
from portal.requests.file_chooser import check_files, chosen_files, draw_file_chooser, empty_chooser
from portal.requests.template_choice import NONE, Templates, draw_template_choice
from stations.requests.attached_file import CheckedFile


def draw_message_form(
    write: Callable[[str, Sequence[CheckedFile]], Action], key: str, templates: Templates = NONE
) -> None:
    """Draw the form for a message. ``write`` returns the action for text and files; ``templates``: texts to start from.
    """
    field, files = f"{key}_message", f"{key}_files"

    def send() -> None:
        text, chosen = st.session_state[field], chosen_files(files)
        checked: list[CheckedFile] = []

        def act(session: Session) -> object:
            return write(text, checked)(session)

        told = _("The message is sent.")
        if performed(act, told, field, beside=field, prepare=lambda: checked.extend(check_files(chosen))):
            empty_chooser(files)

    draw_template_choice(templates, field)
    with st.form(f"{field}_form", border=False):
        st.text_area(_("Write a message"), key=field)
        draw_file_chooser(files, _("Files"))
        draw_problems(field)
        st.form_submit_button(_("Send the message"), on_click=send)
