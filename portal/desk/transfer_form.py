"""Handing over a request to another station."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from portal.desk.takers import takers_in_words
from portal.language import _, current
from portal.page_action import draw_problems, perform
from portal.required_fields import mark_required
from portal.visit import visit
from stations.duty.roles import Action as Duty
from stations.language import label
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.transfer import stations_to_take, transfer


def draw_transfer(session: Session, request: ServiceRequest) -> None:
    """Draw the form, if the request can be handed over and some station can take it."""
    present = visit()
    may = present.actor is not None and present.actor.may(Duty.TRANSFER_REQUESTS, request.station.area)
    if not may or request.state not in MOVES[MoveName.TRANSFER].sources:
        return
    found = stations_to_take(session, request, present.today)
    if not found:
        return
    number, version = request.number, request.version
    names = takers_in_words(found)
    station, note = f"transfer_{number}_station", f"transfer_{number}_note"

    def hand_over() -> Callable[[Session], object]:
        code, why = st.session_state[station] or "", st.session_state[note]
        return lambda session: transfer(
            session, visit().actor, number, code, version=version, note=why, now=visit().now
        )

    name = label(current(), MoveName.TRANSFER)
    with st.popover(name), st.form(f"transfer_{number}", border=False):
        mark_required(station, note, told=False)
        st.selectbox(
            _("Station that takes it over, nearest to the firm first"),
            list(names),
            index=None,
            key=station,
            format_func=names.__getitem__,
            placeholder=_("Choose a station"),
            filter_mode="contains",
        )
        st.text_area(_("Reason (the firm reads it too)"), key=note)
        draw_problems(note)
        st.form_submit_button(
            name,
            type="primary",
            on_click=lambda: perform(hand_over(), _("The request is handed over."), note, beside=note),
        )
