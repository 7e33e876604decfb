"""Asking a station for several services in one request. ``?station=…&service=…&adcode=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import facts, link, notice, page_url, sample_tag
from portal.firm_browser import browser_token
from portal.found_stations import station_url
from portal.language import _, pick
from portal.opening_hours import hours_in_words
from portal.page_end import end_page
from portal.place_picker import place_from_address
from portal.request_form import draw_request_form
from portal.request_receipt import draw_receipt, receipt_of
from portal.service_picker import chosen_codes
from portal.station_offers import offered_services
from portal.storage import engine
from portal.visit import own_address, visit
from stations.code_session import keep_open
from stations.counties import list_counties
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.registry import Status, get_station, get_status
from stations.request_filing import Draft, file_request

present, here = visit(), own_address()
receipt = st.session_state.get("receipt")
if receipt and receipt.address == here:
    draw_receipt(receipt)
    end_page()

st.title(_("New request"))
with reading(engine()) as session:
    try:
        station = get_station(session, text_in_address("station"), samples=present.samples)
        place = place_from_address(session)
    except DomainError as error:
        told = _(error.message, **error.params)
        notice(Markup("{} {}").format(told, link(page_url("find"), _("Find services"))), "warn")
        end_page()
    offers = offered_services(session, station, present.today)
    counties = list_counties(session)
    active = get_status(session, station, present.today) is Status.ACTIVE
name = pick(station.name, station.name_en)
facts(
    [
        (
            _("Station"),
            Markup("{} {}").format(link(station_url(station.code), name), sample_tag() if station.sample else ""),
        ),
        (_("Address"), station.address),
        (_("Opening hours"), hours_in_words(station.hours) if station.hours else ""),
    ]
)
if not active:
    notice(_("This station is not in operation today and takes no requests."), "warn")
    end_page()
if station.sample:
    notice(
        Markup("{} {}").format(
            sample_tag(), _("This station is invented. Try the form freely: nobody will answer for real.")
        ),
        "sample",
    )
offered = [service for _group, services, _unsure in offers for service in services]
form, problems = draw_request_form(station, offered, chosen_codes(), counties, place)
if form:
    draft = st.session_state.setdefault("request_draft", Draft())
    try:
        with transaction(engine()) as session:
            request = file_request(session, form, draft, now=present.now, samples=present.samples)
            keep_open(session, browser_token(), request, present.now)
    except DomainError as error:
        problems.show(error)
    else:
        st.session_state["receipt"] = receipt_of(request, draft, station, here)
        del st.session_state["request_draft"]
        st.rerun()
