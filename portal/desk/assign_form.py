"""Assigning a request to a steward of its station."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.language import _
from portal.option_labels import distinct
from portal.page_action import perform
from portal.visit import visit
from stations.requests.assigning import assign
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.requests.stewards import stewards_of


def draw_assigning(session: Session, request: ServiceRequest) -> None:
    """Draw the form if the request is open, and its station has stewards or one is assigned."""
    stewards = distinct({user.username: user.name for user in stewards_of(session, request.station)})
    if request.state in FINAL or not (stewards or request.steward_username):
        return
    number, version = request.number, request.version
    key = f"assign_{number}"
    options = ["", *stewards]
    at = options.index(request.steward_username) if request.steward_username in stewards else 0
    with st.popover(_("Assign")), st.form(f"{key}_form", border=False):
        st.selectbox(
            _("Quality steward"),
            options,
            index=at,
            key=key,
            format_func=lambda username: stewards.get(username, _("Nobody by name")),
        )
        st.form_submit_button(
            _("Assign"),
            type="primary",
            on_click=lambda: perform(
                lambda session: assign(
                    session, visit().actor, number, st.session_state[key], version=version, now=visit().now
                ),
                _("The request is assigned."),
            ),
        )
