"""The form a firm files a request with: its fields, what is read from them, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.form_problems import FormProblems
from portal.language import N_, _, current, pick
from portal.notice_choice import draw_notice_fields
from portal.place_picker import FirmPlace, county_name
from stations.catalogue import Service
from stations.counties import County
from stations.registry import Station
from stations.request_filing import RequestForm

LABELS = {
    "services": N_("Services"),
    "station_code": N_("Station"),
    "firm_name": N_("Name of the firm"),
    "credit_code": N_("Unified social credit code"),
    "county_adcode": N_("County the firm is in"),
    "contact_name": N_("Contact person"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
    "product": N_("Product or instrument concerned"),
    "description": N_("What is it about?"),
    "wanted_on": N_("Wanted by"),
    "consent": N_("Consent"),
    "notice_channel": N_("Notices"),
    "notice_address": N_("Notices"),
}
FORM_WIDTH = 720  # pixels: a line that is read at a glance
_OPTIONAL = N_("{label} (optional)")


def draw_request_form(
    station: Station,
    offered: Sequence[Service],
    chosen: Sequence[str],
    counties: Sequence[County],
    place: FirmPlace | None,
) -> tuple[RequestForm | None, FormProblems]:
    """Draw the form; what was sent, else None, and where to tell problems.

    ``offered``: what the station can be asked for; ``chosen``: codes ticked to begin with.
    """
    labels = {field: _(label) for field, label in LABELS.items()}
    problems = FormProblems(labels)
    by_adcode = {county.adcode: county for county in counties}
    names = {service.code: pick(service.name_zh, service.name_en) for service in offered}
    with st.form("request_form", border=False, enter_to_submit=False, width=FORM_WIDTH):
        st.subheader(_("What you ask for"))
        services = st.multiselect(
            labels["services"],
            list(names),
            default=[code for code in chosen if code in names],
            format_func=names.__getitem__,
            placeholder=_("Choose one or more"),
            filter_mode="contains",
            select_all=False,
        )
        problems.place("services")
        problems.place("station_code")
        product = st.text_input(labels["product"], max_chars=200, placeholder=_("e.g. pressure gauges, 24 pieces"))
        problems.place("product")
        description = st.text_area(
            _(_OPTIONAL, label=labels["description"]),
            max_chars=4000,
            placeholder=_("Quantities, standards, where the product is sold, when it is needed…"),
        )
        problems.place("description")
        wanted_on = st.date_input(_(_OPTIONAL, label=labels["wanted_on"]), value=None, format="YYYY-MM-DD")
        problems.place("wanted_on")

        st.subheader(_("Who asks"))
        firm_name = st.text_input(labels["firm_name"], max_chars=120, autocomplete="organization")
        problems.place("firm_name")
        credit_code = st.text_input(
            labels["credit_code"],
            max_chars=30,
            placeholder=_("18 characters, on the business licence"),
            autocomplete="off",
        )
        problems.place("credit_code")
        here = place.county.adcode if place and place.county else station.county_adcode
        adcode = st.selectbox(
            labels["county_adcode"],
            list(by_adcode),
            index=list(by_adcode).index(here) if here in by_adcode else None,
            format_func=lambda code: county_name(by_adcode[code]),
            placeholder=_("Choose the county"),
            filter_mode="contains",
        )
        problems.place("county_adcode")
        left, right = st.columns(2)
        with left:
            contact_name = st.text_input(labels["contact_name"], max_chars=80, autocomplete="name")
            problems.place("contact_name")
        with right:
            phone = st.text_input(
                labels["phone"], max_chars=40, placeholder=_("e.g. 0512-5555 0000"), autocomplete="tel"
            )
            problems.place("phone")
        email = st.text_input(_(_OPTIONAL, label=labels["email"]), max_chars=160, autocomplete="email")
        problems.place("email")

        st.html(
            Markup('<p class="source">{}</p>').format(
                _(
                    "Name, telephone and e-mail are used to answer this request only. They are seen by the "
                    "station and by the administrators responsible for it, and never published."
                )
            )
        )
        notice_channel, notice_address = draw_notice_fields("request")
        problems.place("notice_channel")
        problems.place("notice_address")
        consent = st.checkbox(_("I agree that the station uses these data to answer this request"))
        problems.place("consent")
        sent = st.form_submit_button(_("Send the request"), type="primary")
    if not sent:
        return None, problems
    exact = place is not None and place.exact
    form = RequestForm(
        services=tuple(services),
        station_code=station.code,
        firm_name=firm_name,
        credit_code=credit_code,
        contact_name=contact_name,
        phone=phone,
        email=email,
        county_adcode=adcode or "",
        product=product,
        description=description,
        wanted_on=wanted_on,
        lon=place.lon if exact else None,
        lat=place.lat if exact else None,
        consent=consent,
        notice_channel=notice_channel,
        notice_address=notice_address,
        language=current().code,
    )
    return form, problems
