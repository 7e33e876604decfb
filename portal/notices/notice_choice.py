"""Choosing how to be notified of each step of a request, among the configured channels."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import _, current
from portal.notices.notice_settings import notice_settings
from portal.page_action import Action, draw_problems, perform
from stations.language import label
from stations.notices.channel import Channel
from stations.requests.service_request import ServiceRequest

NO_NOTICES = ""


def draw_notice_fields(key: str, held: Channel | None = None, address: str = "") -> tuple[str, str]:
    """Draw the choice within a form. Return the code of the channel ("" for none) and the address as typed.

    ``held``, ``address``: the previous choice. Options are the configured channels and ``held``; if there are none,
    nothing is drawn, and the receipt explains how to follow the request.
    """
    ways = notice_settings().offered(held)
    if not ways:
        return NO_NOTICES, ""
    names = {NO_NOTICES: _("No notices, I look under “Track”")}
    names |= {code: label(current(), way) for code, way in ways.items()}
    chosen = st.radio(
        _("How shall we tell you of each step?"),
        list(names),
        index=list(names).index(held.code if held else NO_NOTICES),
        key=f"{key}_channel",
        format_func=names.__getitem__,
        horizontal=True,
    )
    told = " / ".join(_(way.address_label) for way in ways.values())
    typed = st.text_input(told, value=address, key=f"{key}_address", autocomplete="off")
    return chosen, typed


def draw_notice_way(request: ServiceRequest, choose: Callable[[str, str], Action]) -> None:
    """Draw how the firm is notified, with a form to change it; nothing if no channel is available.

    ``choose``: returns the action for a channel's code and address.
    """
    if not notice_settings().channels and not request.notice_channel:
        return
    with st.expander(_("Notices")):
        with st.form("notice_way", border=False):
            draw_notice_fields("notice_way", request.notice_channel, request.notice_address or "")
            if notice_settings().channels:
                draw_problems("notice_way")
                st.form_submit_button(
                    _("Save"), on_click=lambda: perform(_choice(choose), _("Saved."), beside="notice_way")
                )
        if secret := notice_settings().signing_secret(request.notice_channel, request.number):
            st.html(
                Markup("<p>{}</p><p><code>{}</code></p>").format(
                    _("Call-backs about this request are signed (Standard Webhooks, HMAC-SHA256) with this secret:"),
                    secret,
                )
            )


def draw_unconfirmed(request: ServiceRequest, confirm: Callable[[str], Action]) -> None:
    """Draw that the address for notices is not confirmed, with a form for the code; nothing if there is none such.

    ``confirm``: returns the action for a code that was sent to the address.
    """
    if not request.notice_address or request.notice_confirmed_at is not None:
        return
    if request.sample:
        notice(_("This is a sample, so nothing is sent to {address}.", address=request.notice_address), "sample")
        return
    if request.notice_proof is None:
        told = _(
            "{address} got too many codes of late, so none was sent for this request. Save it again tomorrow under "
            "“Notices”, or name another address.",
            address=request.notice_address,
        )
        notice(told, "warn")
        return
    told = _(
        "{address} is not confirmed yet, so no notice goes there: enter the code that was sent. If it is mistyped, or "
        "nothing came, save it once more under “Notices”.",
        address=request.notice_address,
    )
    notice(told, "warn")
    with st.form("notice_code_form", border=False, width=420):
        st.text_input(_("Code from the message"), key="notice_code", autocomplete="one-time-code", max_chars=60)
        draw_problems("notice_code")
        st.form_submit_button(
            _("Confirm the address"),
            on_click=lambda: perform(
                confirm(st.session_state["notice_code"]),
                _("The address is confirmed."),
                "notice_code",
                beside="notice_code",
            ),
        )


def _choice(choose: Callable[[str, str], Action]) -> Action:
    channel, address = st.session_state["notice_way_channel"], st.session_state["notice_way_address"]

    def act(session: Session) -> object:
        return choose(channel, address)(session)

    return act
