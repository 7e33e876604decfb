"""Subscribing to be notified when a service opens in a county.

``?service=…&adcode=…``; ``?code=…`` confirms or ends a subscription.
"""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import facts, link, notice, page_url, source
from portal.finding.subscription_code import ASKED, draw_code_form
from portal.form_problems import FormProblems
from portal.language import _, current, pick
from portal.notices.notice_settings import notice_settings
from portal.option_labels import distinct
from portal.page_action import draw_outcome, perform, performed
from portal.page_end import end_page
from portal.places.county_name import county_name
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.catalogue.service import list_groups
from stations.database import reading, transaction
from stations.errors import DomainError, NotFound
from stations.firms.subscriptions import (
    SubscriptionForm,
    confirm,
    end,
    find_subscription,
    subscribe,
)
from stations.language import day_in_china, label
from stations.notices.address import channel_of_contact
from stations.places.counties import list_counties
from stations.readers.email_address import ADDRESS_LIMIT
from stations.requests.consent import Purpose, current_consent

present = visit()
ways = notice_settings().offered()
title = _("Tell me when it opens") if ways else _("Register what you need")
st.title(title)
draw_outcome()


def confirm_address(code: str) -> None:
    """Confirm the address to which the code was sent."""
    perform(lambda session: confirm(session, code, now=visit().now), _("The address is confirmed."))


def end_subscription(code: str) -> None:
    """Delete the subscription and its address."""
    done = _("The subscription and the address are deleted.")
    if performed(lambda session: end(session, code, now=visit().now), done):
        st.query_params.clear()


if code := text_in_address("code"):
    with reading(engine()) as session:
        try:
            found = find_subscription(session, code)
        except NotFound as error:
            notice(_(error.message, **error.params), "warn")
            st.html(Markup("<p>{}</p>").format(link(page_url("subscribe"), _("Ask to be told"))))
            end_page()
        facts(
            [
                (_("Service"), pick(found.service.name_zh, found.service.name_en)),
                (_("County, city or district"), county_name(found.county)),
                (_("Told by"), label(current(), found.channel)),
                (_("Sent to"), found.address),
            ]
        )
        if found.told_at:
            told_on = current().format_date(day_in_china(found.told_at))
            notice(_("The opening was told on {date}.", date=told_on), "good")
        elif found.confirmed_at:
            notice(_("We tell you once, when a station of this county offers it."), "good")
        if secret := notice_settings().signing_secret(found.channel, found.code):
            st.html(
                Markup("<p>{}</p><p><code>{}</code></p>").format(
                    _("Call-backs are signed (Standard Webhooks, HMAC-SHA256) with this secret:"),
                    secret,
                )
            )
    with st.container(horizontal=True, key="subscription_tools"):
        if not found.confirmed_at:
            st.button(_("Yes, tell me"), type="primary", on_click=confirm_address, args=(code,))
        st.button(_("Delete it and my address"), on_click=end_subscription, args=(code,))
    end_page()

st.html(
    Markup('<p class="lead">{}</p>').format(
        _("No station of your county offers what you need yet? Leave an address, and you are told once when one does.")
        if ways
        else _(
            "No station of your county offers what you need yet? Register it: your county's office sees what is "
            "missing. This portal sends no messages yet."
        )
    )
)

with reading(engine()) as session:
    counties = {county.adcode: county for county in list_counties(session)}
    services = {service.code: service for group in list_groups(session) for service in group.services}
labels = {
    "service_code": _("Service"),
    "county_adcode": _("County, city or district"),
    "notice_channel": _("How shall we tell you?"),
    "notice_address": " / ".join(_(way.address_label) for way in ways.values())
    or _("Mobile number or e-mail address"),
    "consent": _("Agreement"),
}
problems = FormProblems(labels)


def index_of(known: Mapping[str, object], asked: str) -> int | None:
    """Return the index of the address's value in a list; None if absent."""
    return list(known).index(asked) if asked in known else None


with st.form("subscribe", border=False, enter_to_submit=False, width=620):
    mark_required("subscribe_service", "subscribe_county", "subscribe_address")
    names = distinct({code: pick(one.name_zh, one.name_en) for code, one in services.items()})
    service = st.selectbox(
        labels["service_code"],
        list(names),
        index=index_of(services, text_in_address("service")),
        format_func=names.__getitem__,
        placeholder=_("Choose a service"),
        filter_mode="contains",
        key="subscribe_service",
    )
    problems.place("service_code")
    county = st.selectbox(
        labels["county_adcode"],
        list(counties),
        index=index_of(counties, text_in_address("adcode")),
        format_func=lambda code: county_name(counties[code]),
        placeholder=_("Choose the county"),
        filter_mode="contains",
        key="subscribe_county",
    )
    problems.place("county_adcode")
    channel = ""
    if ways:
        channel = st.radio(
            labels["notice_channel"],
            list(ways),
            format_func=lambda code: label(current(), ways[code]),
            horizontal=True,
        )
        problems.place("notice_channel")
    address = st.text_input(
        labels["notice_address"], max_chars=ADDRESS_LIMIT, autocomplete="email", key="subscribe_address"
    )
    problems.place("notice_address")
    text = current_consent(Purpose.SUBSCRIPTION)
    source(pick(text.text_zh, text.text_en))
    agreed = st.checkbox(_("I have read this and agree"))
    problems.place("consent")
    pressed = st.form_submit_button(title, type="primary")
if pressed:
    way = channel or channel_of_contact(address).code
    form = SubscriptionForm(county or "", service or "", way, address, agreed, current().code)
    try:
        with transaction(engine()) as session:
            subscribe(
                session, form, now=present.now, today=present.today, configured=notice_settings().channels
            )
    except DomainError as error:
        problems.show(error)
    else:
        told = (
            _("A message with a code is being sent to {address}. Confirm there that it is yours.", address=address)
            if ways
            else _(
                "Registered: the offices see that this is wanted. Once this portal sends messages, {address} is asked "
                "first whether it is yours.",
                address=address,
            )
        )
        notice(told, "good")
        if ways:
            st.session_state[ASKED] = address
if not ways:
    end_page()
draw_code_form()
