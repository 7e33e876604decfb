"""Filing a request for one or more services. ``?service=…&adcode=…``, and ``&station=…`` for a certain station."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url
from portal.filing.form import FormChoices, draw_request_form
from portal.filing.receipt import draw_receipt, receipt_of
from portal.finding.service_picker import chosen_codes
from portal.firm_browser import browser_token, is_on_this_machine, network
from portal.language import _, current, pick
from portal.page_end import end_page
from portal.places.place_picker import place_from_address
from portal.requests.kept_draft import Typed, begin_draft, draft_key, fill_fields, forget_fields
from portal.storage import domain_settings, engine
from portal.visit import own_address, visit
from stations.catalogue.chain import list_chains
from stations.catalogue.service import list_groups
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.places.counties import list_counties
from stations.registry.station import Status, get_station, get_status
from stations.requests.draft import code_for, filed_from
from stations.requests.draft_filing import file_draft, secrets_of
from stations.requests.filing_limits import Network
from stations.requests.request_form import RequestForm

present, here, browser = visit(), own_address(), browser_token()
with reading(engine()) as session:
    filed = filed_from(session, browser, here, present.now)
    if filed:
        draw_receipt(receipt_of(filed, code_for(browser, filed.draft_key), here, present.now))
        end_page()

st.title(_("New request"))
own = text_in_address("station")
with reading(engine()) as session:
    try:
        station = get_station(session, own, samples=present.samples) if own else None
        place = place_from_address(session)
    except DomainError as error:
        told = _(error.message, **error.params)
        notice(Markup("{} {}").format(told, link(page_url("find"), _("Find services"))), "warn")
        end_page()
    choices = FormChoices(
        services=[service for group in list_groups(session) for service in group.services],
        counties=list_counties(session),
        chains=list_chains(session),
        own=own,
        own_sample=bool(station and station.sample),
        place=place,
    )
    active = station is None or get_status(session, station, present.today) is Status.ACTIVE
name = pick(station.name, station.name_en) if station else ""
if not active:
    notice(_("“{name}” is not in operation today and takes no requests; another is proposed below.", name=name), "warn")
unknown = [code for code in chosen_codes() if code not in {service.code for service in choices.services}]
if unknown:
    told = _("The catalogue has no service “{codes}”; choose below what you need.", codes=current().join(unknown))
    notice(told, "warn")
county = place.county.adcode if place and place.county else ""
fill_fields(
    {
        "services": chosen_codes(),
        "station_code": own,
        "county_adcode": county or (station.county_adcode if station else ""),
    },
    here,
    present.now,
)


def filing_network() -> Network | None:
    """Return where the visitor files from; None for one on this machine, whom nobody else can be."""
    return None if is_on_this_machine() else Network(network(), domain_settings().requests_per_network)


def send(form: RequestForm, typed: Typed) -> None:
    """File the request; the page then shows the receipt."""
    now = visit().now
    key = draft_key() or begin_draft({**typed, "consent": False}, now)
    secrets = secrets_of(browser, key, form)
    with transaction(engine()) as session:
        file_draft(
            session, browser, key, form, here, secrets, now=now, samples=present.samples, network=filing_network()
        )
    forget_fields()
    st.rerun()


draw_request_form(choices, present, send)
