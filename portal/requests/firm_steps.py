"""Further actions of a firm: reminding the station, and reopening an unfinished service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import streamlit as st
from sqlalchemy.orm import Session

from portal.language import N_, _, current, pick
from portal.page_action import Action, draw_problems, perform
from portal.required_fields import mark_required
from stations.requests.deadlines import reminding_begins
from stations.requests.lookup import Proof
from stations.requests.moves import MOVES, MoveName
from stations.requests.reopening import items_to_reopen, may_remind, remind, reopen
from stations.requests.service_request import RequestItem, ServiceRequest


def draw_reminder(request: ServiceRequest, proof: Proof, today: date, clock: Callable[[], datetime]) -> None:
    """Draw the button that reminds the station, or the date from which it can be reminded."""
    if request.state not in MOVES[MoveName.REMIND].sources:
        return
    number, version = request.number, request.version
    if not may_remind(request, today):
        st.caption(
            _(
                "If nothing happens, you can remind the station from {day} on.",
                day=current().format_date(reminding_begins(request).day),
            )
        )
        return

    def send(session: Session) -> object:
        return remind(session, number, proof, version=version, now=clock())

    st.button(
        _("Remind the station"),
        key="track_remind",
        help=_("The reminder shows at the station's work desk and at the administrators' above it."),
        on_click=lambda: perform(send, _("The station is reminded.")),
    )


def draw_reopening(request: ServiceRequest, proof: Proof, today: date, clock: Callable[[], datetime]) -> None:
    """Draw the form that reopens a delivered service, while that is possible."""
    items = items_to_reopen(request, today)
    if not items:
        return
    service, note = "track_reopen_service", "track_reopen_note"
    names = {item.service_code: pick(item.service.name_zh, item.service.name_en) for item in items}
    with st.popover(_("Something is not done")), st.form("track_reopen", border=False):
        mark_required(note, told=False)
        st.selectbox(_("Which service?"), list(names), key=service, format_func=names.__getitem__)
        st.text_area(_("What is missing or wrong?"), key=note)
        draw_problems(note, {"note": N_("What is missing or wrong?")})
        st.form_submit_button(
            _("Reopen this service"),
            type="primary",
            on_click=lambda: perform(
                _reopening(request, proof, items, clock), _("The station is told."), note, beside=note
            ),
        )


def _reopening(
    request: ServiceRequest, proof: Proof, items: Sequence[RequestItem], clock: Callable[[], datetime]
) -> Action:
    number, version = request.number, request.version
    code, why = st.session_state["track_reopen_service"] or items[0].service_code, st.session_state["track_reopen_note"]
    return lambda session: reopen(session, number, proof, code, version=version, note=why, now=clock())
