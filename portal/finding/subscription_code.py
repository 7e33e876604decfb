"""Typing the six digits that were sent to an address which wants to be told of an opening, and asking for new ones."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import link, page_url
from portal.language import _, pick
from portal.page_action import draw_problems, perform, performed
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.database import transaction
from stations.firms.subscription_codes import open_by_code, send_code_again
from stations.readers.email_address import ADDRESS_LIMIT
from stations.requests.one_time_code import wrong_code

ASKED = "subscription_asked"
"""The address to which a code was just sent, in the session of the page."""
_ADDRESS, _CODE, _OPEN = "subscription_address", "subscription_code", "subscription_open"


def draw_code_form() -> None:
    """Draw the form for the code; open at once where one was just sent."""
    if opened := st.session_state.get(_OPEN):
        _draw_opened(opened)
    if asked := st.session_state.pop(ASKED, ""):
        st.session_state[_ADDRESS] = asked
    waits = bool(st.session_state.get(_ADDRESS))
    box = st.expander(_("I have a code from a message"), expanded=waits)
    with box, st.form("subscription_code_form", border=False, width=420):
        mark_required(_ADDRESS, _CODE, told=False)
        st.text_input(
            _("Mobile number or e-mail address"), key=_ADDRESS, max_chars=ADDRESS_LIMIT, autocomplete="email"
        )
        st.text_input(_("Code of six digits"), key=_CODE, autocomplete="one-time-code", max_chars=12)
        draw_problems(
            _CODE,
            {"notice_address": _("Mobile number or e-mail address"), "code": _("Code of six digits")},
        )
        st.form_submit_button(_("Confirm the address"), on_click=_enter)
        st.form_submit_button(
            _("Send a new code"),
            type="tertiary",
            on_click=lambda: perform(
                lambda session: send_code_again(session, st.session_state[_ADDRESS], visit().now),
                _("If this address waits for something here, a new code is being sent to it."),
                _CODE,
                beside=_CODE,
            ),
        )


def _enter() -> None:
    """Open the subscriptions of the address with the code that was typed."""
    found: dict[str, tuple[str, str]] = {}

    def open_them() -> None:
        with transaction(engine()) as session:
            for one in open_by_code(session, st.session_state[_ADDRESS], st.session_state[_CODE], visit().now):
                found[one.proof] = (
                    f"{one.service.name_zh} · {one.county.name}",
                    f"{one.service.name_en} · {one.county.name_en}",
                )
        if not found:
            raise wrong_code("code")

    if performed(_nothing, _("The address is confirmed."), _CODE, beside=_CODE, prepare=open_them):
        st.session_state[_OPEN] = found
        if len(found) == 1:
            st.query_params.from_dict({"code": next(iter(found))})


def _draw_opened(found: dict[str, tuple[str, str]]) -> None:
    items = [
        Markup("<li>{}</li>").format(link(page_url("subscribe", code=proof), pick(*names)))
        for proof, names in found.items()
    ]
    st.html(
        Markup("<p>{}</p><ul>{}</ul>").format(_("You are told once when these open:"), Markup("").join(items))
    )


def _nothing(_session: Session) -> None:
    """All was done before, in a transaction that counts a wrong code too."""
