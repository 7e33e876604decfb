"""Giving a firm that lost its code a new one, after its identity was checked."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import _, current
from portal.number_and_code import draw_number_and_code
from portal.page_action import draw_problems, performed
from portal.required_fields import mark_required
from portal.visit import visit
from stations.language import label
from stations.requests.access import IdentityCheck, reissue_code
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import NewCode

_MADE = "desk_new_code"


def draw_made_code(number: str) -> None:
    """Draw the code that was just made for this request, until it is put away."""
    kept = st.session_state.get(_MADE)
    if not kept or kept[0] != number:
        return
    text = f"{_('Tracking number: {number}', number=number)}\r\n{_('Code: {code}', code=kept[1])}\r\n"
    draw_number_and_code(_("Tracking number"), number, kept[1], text)
    notice(_("Give it to the firm now; it is shown only here. The code before no longer opens the request."))
    away = _("I have given it: put this away")
    st.button(away, key="desk_code_away", on_click=lambda: st.session_state.pop(_MADE, None))


def draw_new_code_form(request: ServiceRequest) -> None:
    """Draw the form: how the identity was checked, and the button that makes the code."""
    if request.erased_at is not None:
        return
    number = request.number
    key = f"new_code_{number}"

    def make() -> None:
        made: list[NewCode] = []
        check = st.session_state[key]

        def act(session: Session) -> object:
            return reissue_code(session, visit().actor, number, check, made[0], now=visit().now)

        if performed(act, _("The request has a new code."), beside=key, prepare=lambda: made.append(NewCode())):
            st.session_state[_MADE] = (number, made[0].code)

    name = _("New code for the firm")
    with st.popover(name), st.form(f"{key}_form", border=False):
        st.caption(_("Only once you know that who asks speaks for the firm. This is written to the audit log."))
        mark_required(key, told=False)
        st.selectbox(
            _("How did you check it?"),
            list(IdentityCheck),
            index=None,
            key=key,
            format_func=lambda check: label(current(), check),
            placeholder=_("Choose"),
        )
        draw_problems(key, {"check": _("How did you check it?")})
        st.form_submit_button(_("Make a new code"), type="primary", on_click=make)
