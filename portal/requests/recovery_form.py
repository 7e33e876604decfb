"""“My requests”: opening all requests of a confirmed telephone number or e-mail address with a code sent there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import link, notice, page_url
from portal.firm_browser import browser_token, client
from portal.language import _, current
from portal.notices.notice_settings import notice_settings
from portal.page_action import draw_problems, performed
from portal.storage import engine
from stations.requests.recovery import ask_for_code, channels_of_contacts, open_requests_of, read_contact

ASKED = "recovery_asked"
"""Key in the session state: the contact to which a code was asked for, as typed."""
_CONTACT, _CODE = "recovery_contact", "recovery_code"


def draw_recovery(clock: Callable[[], datetime], opened: Callable[[list[str]], None], *, unfolded: bool) -> None:
    """Draw the ways back to requests whose code is lost. ``opened``: is told the numbers that were opened."""
    channels = notice_settings().channels
    with st.expander(_("I have lost the code"), expanded=unfolded, key="recovery"):
        if channels_of_contacts(channels):
            if st.session_state.get(ASKED):
                _draw_code_form(clock, opened)
            else:
                _draw_contact_form(clock)
        told = _(
            "The station can give you a new code too, once it has made sure who you are. Its number is on its page:"
        )
        st.html(Markup('<p class="source">{} {}</p>').format(told, link(page_url("find"), _("Find services"))))


def _draw_contact_form(clock: Callable[[], datetime]) -> None:
    def ask() -> None:
        typed = st.session_state[_CONTACT]

        def send() -> None:
            contact = read_contact(typed, notice_settings().channels)
            ask_for_code(
                engine(), contact, browser=browser_token(), client=client(), language=current().code, now=clock()
            )

        if performed(_nothing, "", beside=_CONTACT, prepare=send):
            st.session_state[ASKED] = typed

    st.write(_("All your requests open with the mobile number or e-mail address that you confirmed for notices."))
    with st.form("recovery_form", border=False, width=420):
        st.text_input(_("Mobile number or e-mail address"), key=_CONTACT, autocomplete="tel")
        draw_problems(_CONTACT, {"contact": _("Mobile number or e-mail address")})
        st.form_submit_button(_("Send me a code"), type="primary", on_click=ask)


def _draw_code_form(clock: Callable[[], datetime], opened: Callable[[list[str]], None]) -> None:
    asked = st.session_state[ASKED]

    def enter() -> None:
        found: list[str] = []

        def recover() -> None:
            contact = read_contact(asked, notice_settings().channels)
            found.extend(
                open_requests_of(
                    engine(),
                    contact,
                    st.session_state[_CODE],
                    browser=browser_token(),
                    client=client(),
                    now=clock(),
                )
            )

        if performed(_nothing, _("Your requests are open in this browser."), _CODE, beside=_CODE, prepare=recover):
            st.session_state.pop(ASKED, None)
            opened(found)

    notice(
        _(
            "If {contact} is confirmed for a request, a code of six digits is on its way there. Nothing comes? Then it "
            "is not confirmed: the station helps you.",
            contact=asked,
        )
    )
    with st.form("recovery_code_form", border=False, width=420):
        st.text_input(_("Code of six digits"), key=_CODE, autocomplete="one-time-code", max_chars=12)
        draw_problems(_CODE, {"recovery_code": _("Code of six digits")})
        st.form_submit_button(_("Open my requests"), type="primary", on_click=enter)
    st.button(
        _("Use another number or address, or send it again"),
        key="recovery_again",
        type="tertiary",
        on_click=lambda: st.session_state.pop(ASKED, None),
    )


def _nothing(_session: Session) -> None:
    """All was done before, in transactions that count a wrong code too."""
