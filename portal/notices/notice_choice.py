"""Choosing how to be told of each step: by the ways out that this installation has."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.language import N_, _, current
from portal.notices.notice_settings import notice_settings
from portal.page_action import Action, draw_problems, perform
from stations.language import label
from stations.notices.outbox import Channel
from stations.notices.webhook_channel import signing_secret
from stations.requests.service_request import ServiceRequest

NO_NOTICES = ""
ADDRESS: dict[str, str] = {
    Channel.EMAIL: N_("E-mail address for notices"),
    Channel.SMS: N_("Mobile number for notices"),
    Channel.WEBHOOK: N_("Address of your system for call-backs (https://…)"),
}


def draw_notice_fields(key: str, channel: str = NO_NOTICES, address: str = "") -> tuple[str, str]:
    """Draw the choice, for a form; the channel ("" for none) and the address as typed.

    Only ways that are configured here are offered; where there is none, nothing is drawn: the receipt
    says how to follow the request.
    """
    ways = [way.value for way in notice_settings().channels]
    if channel and channel not in ways:
        ways.append(channel)
    if not ways:
        return NO_NOTICES, ""
    names = {NO_NOTICES: _("No notices, I look under “Track”")}
    names |= {way: label(current(), Channel(way)) for way in ways}
    chosen = st.radio(
        _("How shall we tell you of each step?"),
        list(names),
        index=list(names).index(channel),
        key=f"{key}_channel",
        format_func=names.__getitem__,
        horizontal=True,
    )
    told = " / ".join(_(ADDRESS[way]) for way in ways)
    typed = st.text_input(told, value=address, key=f"{key}_address", autocomplete="off")
    return chosen, typed


def draw_notice_way(request: ServiceRequest, choose: Callable[[str, str], Action]) -> None:
    """Draw how the firm is told now, and let it change that. ``choose`` makes the action; nothing where
    there is no way to be told."""
    if not notice_settings().channels and not request.notice_channel:
        return
    with st.expander(_("Notices")):
        with st.form("notice_way", border=False):
            draw_notice_fields("notice_way", request.notice_channel or NO_NOTICES, request.notice_address or "")
            if notice_settings().channels:
                draw_problems("notice_way")
                st.form_submit_button(
                    _("Save"), on_click=lambda: perform(_choice(choose), _("Saved."), beside="notice_way")
                )
        call_backs = notice_settings().call_backs
        if call_backs and request.notice_channel is Channel.WEBHOOK:
            st.html(
                Markup("<p>{}</p><p><code>{}</code></p>").format(
                    _("Call-backs about this request are signed (Standard Webhooks, HMAC-SHA256) with this secret:"),
                    signing_secret(call_backs, request.number),
                )
            )


def _choice(choose: Callable[[str, str], Action]) -> Action:
    channel, address = st.session_state["notice_way_channel"], st.session_state["notice_way_address"]

    def act(session: Session) -> object:
        return choose(channel, address)(session)

    return act
