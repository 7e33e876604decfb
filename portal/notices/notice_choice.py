"""Choosing how to be notified of each step of a request, among the configured channels, and confirming the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import _, current
from portal.notices.notice_settings import notice_settings
from portal.page_action import Action, draw_problems, perform, performed
from stations.language import label
from stations.notices.channel import Channel
from stations.notices.failure_words import failure_in_words
from stations.notices.outbox import NoticeState
from stations.requests.notice_standing import NoticeStanding
from stations.requests.notice_way import own_address
from stations.requests.service_request import ServiceRequest

NO_NOTICES = ""


def draw_notice_fields(
    key: str, given: Mapping[str, str], held: Channel | None = None, address: str = "", *, new: bool = False
) -> tuple[str, str]:
    """Draw the choice. Return the code of the channel ("" for none) and the address as typed, "" for the firm's own.

    ``given``: the firm's telephone and e-mail address as typed, by field: nobody is asked for them twice. ``held``,
    ``address``: the previous choice; ``new``: there was none, so the first channel is offered. Options are the
    configured channels and ``held``; if there are none, nothing is drawn but how to follow the request.
    """
    ways = notice_settings().offered(held)
    if not ways:
        st.caption(_("This portal sends no messages yet: look under “Follow a request”, where the answers stand."))
        return NO_NOTICES, ""
    names = {code: label(current(), way) for code, way in ways.items()}
    names[NO_NOTICES] = _("No notices, I look under “Follow a request”")
    before = next(iter(names)) if new else held.code if held else NO_NOTICES
    chosen = st.radio(
        _("How shall we tell you of each step?"),
        list(names),
        index=list(names).index(before),
        key=f"{key}_channel",
        format_func=names.__getitem__,
        horizontal=True,
    )
    if chosen == NO_NOTICES:
        return NO_NOTICES, ""
    way = ways[chosen]
    own = own_address(way, given)
    if own is not None and (way is not held or address == own):
        st.caption(_("To {address}. You confirm it with a code of six digits.", address=own))
        return chosen, ""
    if way.contact == "email" and not given.get("email", "").strip() and way is not held:
        st.caption(_("To your e-mail address, which you write above."))
        return chosen, ""
    typed = st.text_input(
        _(way.address_label),
        value=address if way is held else "",
        key=f"{key}_{chosen}_address",
        autocomplete="tel" if way.contact == "phone" else "off",
    )
    return chosen, typed


def draw_notice_way(request: ServiceRequest, choose: Callable[[str, str], Action]) -> None:
    """Draw how the firm is notified, with the choice to change it; nothing if no channel is available.

    ``choose``: returns the action for a channel's code and address.
    """
    if not notice_settings().channels and not request.notice_channel:
        return
    with st.expander(_("Notices"), key="notices"):
        given = {"phone": request.phone, "email": request.email or ""}
        chosen, typed = draw_notice_fields("notice_way", given, request.notice_channel, request.notice_address or "")
        if notice_settings().channels:
            draw_problems("notice_way")
            st.button(
                _("Save"),
                key="notice_way_save",
                on_click=lambda: perform(
                    choose(chosen, typed or _own(chosen, given)), _("Saved."), beside="notice_way"
                ),
            )
        if secret := notice_settings().signing_secret(request.notice_channel, request.number):
            st.html(
                Markup("<p>{}</p><p><code>{}</code></p>").format(
                    _("Call-backs about this request are signed (Standard Webhooks, HMAC-SHA256) with this secret:"),
                    secret,
                )
            )


def draw_unconfirmed(
    request: ServiceRequest,
    sending: NoticeStanding | None,
    confirm: Callable[[str], None],
    choose: Callable[[str, str], Action],
) -> None:
    """Draw that the address for notices is not confirmed, with a form for the code, or that a notice was not sent.

    ``sending``: how the newest notice to it stands. ``confirm``: confirms the address with a typed code, or raises
    ``InvalidInput``. ``choose``: returns the action that sends a new code to a channel's address.
    """
    channel, address = request.notice_channel, request.notice_address
    if channel is None or not address:
        return
    if request.sample:
        notice(_("This is a sample, so nothing is sent to {address}.", address=address), "sample")
        return
    if request.notice_confirmed_at is not None:
        if sending is not None and sending.failed:
            notice(sending_in_words(sending, address), "warn")
        return
    if sending is None:
        told = _(
            "{address} got too many codes of late, so none was sent for this request. Save it again tomorrow under "
            "“Notices”, or name another address.",
            address=address,
        )
        notice(told, "warn")
        return

    def enter() -> None:
        typed = st.session_state["notice_code"]
        told = _("The address is confirmed.")
        performed(_nothing, told, "notice_code", beside="notice_code", prepare=lambda: confirm(typed))

    told = _("{address} is not confirmed yet, so no notice goes there.", address=address)
    notice(Markup("{} {}").format(told, sending_in_words(sending, address)), "warn")
    with st.form("notice_code_form", border=False, width=420):
        st.text_input(_("Code of six digits"), key="notice_code", autocomplete="one-time-code", max_chars=60)
        draw_problems("notice_code")
        st.form_submit_button(
            _("Confirm the address"),
            type="primary",
            on_click=enter,
        )
    st.button(
        _("Send a new code"),
        key="notice_code_again",
        type="tertiary",
        on_click=lambda: perform(
            choose(channel.code, address), _("A new code is being sent."), "notice_code", beside="notice_code"
        ),
    )


def draw_unreached(request: ServiceRequest, sending: NoticeStanding | None) -> None:
    """Draw for the station that the newest notice did not reach the firm, and why; nothing if it did."""
    if sending is None or not sending.failed or not request.notice_address:
        return
    told = sending_in_words(sending, request.notice_address)
    notice(Markup("{} {}").format(told, _("Call the firm if it has to know.")), "warn")


def sending_in_words(sending: NoticeStanding, address: str) -> str:
    """Return how a notice to an address stands, in a sentence."""
    if sending.failed:
        message, code = failure_in_words(sending.last_error)
        reason = _(message, code=code)
        if sending.state is NoticeState.FAILED:
            return _("The message to {address} could not be sent: {reason}.", address=address, reason=reason)
        return _(
            "The message to {address} could not be sent so far: {reason}. It is tried again at {when}.",
            address=address,
            reason=reason,
            when=current().format_datetime(sending.at),
        )
    if sending.state is NoticeState.SENT:
        when = current().format_datetime(sending.at)
        return _("The message was sent to {address} at {when}.", address=address, when=when)
    return _("The message to {address} is being sent.", address=address)


def _own(chosen: str, given: Mapping[str, str]) -> str:
    way = notice_settings().offered().get(chosen)
    return (own_address(way, given) or "") if way else ""


def _nothing(_session: Session) -> None:
    """All was done before, in a transaction that counts a wrong code too."""
