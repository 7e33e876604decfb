"""Confirming or refusing an address for notices, by the link in the message that came to it.

Opening the link changes nothing: programs that check mail open every link. The reader need not be the firm, so nothing
of the request is shown but its number, which the message names.
"""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import facts, notice
from portal.language import _, current
from portal.page_action import draw_outcome, perform, performed
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.errors import NotFound
from stations.language import label
from stations.requests.notice_way import confirm_notice_address, find_by_notice_code, refuse_notices


def draw_confirmation(code: str) -> None:
    """Draw what the code from a link confirms, with the buttons for it."""
    draw_outcome()
    with reading(engine()) as session:
        try:
            request = find_by_notice_code(session, code)
        except NotFound as error:
            notice(_(error.message, **error.params), "warn")
            return
        told = [
            (_("Tracking number"), request.number),
            (_("Told by"), label(current(), request.notice_channel) if request.notice_channel else ""),
            (_("Sent to"), request.notice_address or ""),
        ]
        confirmed = request.notice_confirmed_at is not None

    def confirm(session: Session) -> None:
        confirm_notice_address(session, find_by_notice_code(session, code), code, now=visit().now)

    def refuse(session: Session) -> None:
        refuse_notices(session, find_by_notice_code(session, code), now=visit().now)

    def refuse_and_leave() -> None:
        if performed(refuse, _("Nothing will be sent to this address about the request.")):
            st.query_params.clear()

    lead = _("A request names this address for its notices. Is it yours? Until you say so, nothing more is sent here.")
    if not confirmed:
        st.html(Markup('<p class="lead">{}</p>').format(lead))
    facts(told)
    if confirmed:
        notice(_("The address is confirmed."), "good")
    with st.container(horizontal=True, key="notice_confirmation"):
        if not confirmed:
            st.button(
                _("Yes, tell me here"),
                type="primary",
                on_click=lambda: perform(confirm, _("Notices of each step come to this address from now on.")),
            )
        st.button(_("Send nothing here"), on_click=refuse_and_leave)
