"""Internal notes on the open request, and what was done to it together with others and taken back."""

from __future__ import annotations

import streamlit as st

from portal.language import _, current
from portal.page_action import draw_problems, perform
from portal.requests.request_view import Entry
from portal.required_fields import mark_required
from portal.visit import visit
from stations.language import label
from stations.requests.bulk_record import BulkActItem
from stations.requests.internal_notes import NOTE_LIMIT, InternalNote, write_note


def notes_told(notes: list[InternalNote]) -> list[Entry]:
    """Return the notes as they stand among the steps."""
    return [Entry(one.at, "note", _("Internal note"), one.author_name, one.text) for one in notes]


def taken_back_told(items: list[BulkActItem]) -> list[Entry]:
    """Return what was taken back as it stands among the steps."""
    return [
        Entry(
            one.taken_back_at,
            "",
            _("“{act}” was taken back", act=label(current(), one.act.kind)),
            _("done together with others on {at}", at=current().format_datetime(one.act.at)),
        )
        for one in items
        if one.taken_back_at
    ]


def draw_note_form(number: str) -> None:
    """Draw the form for an internal note."""
    field = f"desk_note_{number}"
    with st.expander(_("Internal note")), st.form(f"{field}_form", border=False):
        mark_required(field, told=False)
        st.text_area(_("For stations and offices only; the firm never sees it"), key=field, max_chars=NOTE_LIMIT)
        draw_problems(field)
        st.form_submit_button(
            _("Save the note"),
            on_click=lambda: perform(
                lambda session: write_note(
                    session, visit().actor, number, st.session_state[field], now=visit().now
                ),
                _("The note is saved."),
                field,
                beside=field,
            ),
        )
