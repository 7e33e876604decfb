"""The form for filing a request: its fields, reading them, and their problems.

The form is one Streamlit fragment: every change is stored in a draft without redrawing the page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, sample_tag, source
from portal.date_bounds import FIRST_DAY, LAST_DAY
from portal.filing.attachment_upload import draw_attachments
from portal.filing.reused_details import draw_reuse
from portal.filing.routing_proposal import draw_other_stations, draw_proposal, proposal_for
from portal.filing.service_needs import draw_service_needs
from portal.filing.typed_form import FormChoices, form_of, place_of
from portal.firm_browser import outlives_the_visit
from portal.form_problems import FormProblems
from portal.language import N_, _, current, pick
from portal.notices.notice_choice import draw_notice_fields
from portal.option_labels import distinct
from portal.places.county_name import county_name
from portal.places.place_picker import PARAMETERS
from portal.redraw import redraw_fragment
from portal.requests.kept_draft import PREFIX, Typed, discard, form_address, keep, kept_until
from portal.required_fields import mark_required
from portal.visit import Visit
from stations.errors import DomainError, InvalidForm
from stations.language import day_in_china
from stations.province import example
from stations.readers.credit_code import WrongCheckCharacter
from stations.requests.consent import current_consent
from stations.requests.request_form import RequestForm

LABELS = {
    "services": N_("Services"),
    "station_code": N_("Station"),
    "firm_name": N_("Name of the firm"),
    "credit_code": N_("Unified social credit code"),
    "county_adcode": N_("County the firm is in"),
    "chain_code": N_("Industrial chain"),
    "contact_name": N_("Contact person"),
    "phone": N_("Telephone"),
    "email": N_("E-mail address"),
    "product": N_("Product or instrument concerned"),
    "description": N_("What is it about?"),
    "wanted_on": N_("Wanted by"),
    "split_agreed": N_("Parts done through other stations"),
    "despite_duplicate": N_("A like request"),
    "consent": N_("Consent"),
    "notice_channel": N_("Notices"),
    "notice_address": N_("Notices"),
    "network": N_("Your network"),
}
FORM_WIDTH = 720  # pixels: a comfortable line length
_OPTIONAL = N_("{label} (optional)")
_PROBLEMS = "draft_problems"
"""In the session's state: the error of the last sending, what had been typed, and what that sending is known by."""
_NO_PROBLEMS: tuple[DomainError | None, Typed, str] = (None, {}, "")


@st.fragment
def draw_request_form(choices: FormChoices, present: Visit, send: Callable[[RequestForm, Typed], None]) -> None:
    """Draw the form. ``send`` files the request and may raise a ``DomainError`` with its problems."""
    labels = {field: _(label) for field, label in LABELS.items()}
    with st.container(width=FORM_WIDTH, key="request_form"):
        problems = FormProblems(labels)
        head = st.empty()
        typed: Typed = {"address": form_address()}
        _draw_need(choices, typed, labels, problems, present)
        sample = _draw_routing(choices, typed, labels, problems, present)
        if sample:
            told = _("This station is invented. Try the form freely: nobody will answer for real.")
            with head:
                notice(Markup("{} {}").format(sample_tag(), told), "sample")
        _draw_firm(typed, labels, problems, present)
        _draw_end(typed, problems, present, sample=sample)
        keep({field: value for field, value in typed.items() if field not in _GIVEN_ANEW}, present.now)
        _draw_kept(present)
        if st.button(_("Send the request"), type="primary", key="draft_send"):
            try:
                send(form_of(typed, choices), typed)
            except DomainError as error:
                st.session_state[_PROBLEMS] = (error, typed, uuid4().hex)
                if "despite_duplicate" in _fields(error) or _has_wrong_check_character(error):
                    redraw_fragment()
        _show_problems(typed, problems)


_GIVEN_ANEW = frozenset({"consent", "despite_duplicate", "split_agreed"})


def _draw_need(
    choices: FormChoices, typed: Typed, labels: dict[str, str], problems: FormProblems, present: Visit
) -> None:
    names = {service.code: pick(service.name_zh, service.name_en) for service in choices.services}
    wanted = ("services", "product", "county_adcode", "firm_name", "credit_code", "contact_name", "phone")
    mark_required(*(f"{PREFIX}{field}" for field in wanted))
    st.header(_("What you ask for"))
    typed["services"] = st.multiselect(
        labels["services"],
        list(names),
        key=_known("services", names),
        format_func=names.__getitem__,
        placeholder=_("Choose one or more"),
        filter_mode="contains",
        select_all=False,
    )
    problems.place("services")
    draw_service_needs([service for service in choices.services if service.code in typed["services"]])
    typed["product"] = st.text_input(
        labels["product"], key=f"{PREFIX}product", placeholder=_("e.g. pressure gauges, 24 pieces")
    )
    problems.place("product")
    _draw_notes(typed, names, problems)
    typed["description"] = st.text_area(
        _(_OPTIONAL, label=labels["description"]),
        key=f"{PREFIX}description",
        placeholder=_("Quantities, standards, where the product is sold, when it is needed…"),
    )
    problems.place("description")
    key = f"{PREFIX}wanted_on"
    if isinstance(st.session_state.get(key), str):
        st.session_state[key] = date.fromisoformat(st.session_state[key])
    wanted_on = st.date_input(
        _(_OPTIONAL, label=labels["wanted_on"]),
        key=key,
        value=None,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
    )
    typed["wanted_on"] = wanted_on.isoformat() if wanted_on else None
    problems.place("wanted_on")
    typed["on_site"] = st.checkbox(
        _("On site: please come to us"),
        key=f"{PREFIX}on_site",
        help=_("For instruments or equipment that can't be moved. The station says whether and when it can come."),
    )
    draw_attachments(typed, present.now)


def _known(field: str, options: dict[str, Any]) -> str:
    """Return the key of a field, after removing from its value what is not among the options."""
    key = f"{PREFIX}{field}"
    if key in st.session_state:
        before = st.session_state[key]
        if isinstance(before, list):
            st.session_state[key] = [code for code in before if code in options]
        elif before not in options:
            st.session_state[key] = None
    return key


def _draw_notes(typed: Typed, names: dict[str, str], problems: FormProblems) -> None:
    """Draw fields for quantity and remarks of each service."""
    typed["quantities"], typed["remarks"] = {}, {}
    if not typed["services"]:
        return
    with st.expander(_(_OPTIONAL, label=_("Quantity and remarks for each service"))):
        for code in typed["services"]:
            st.html(Markup('<p class="note-service">{}</p>').format(names[code]))
            left, right = st.columns([1, 2])
            with left:
                quantity = st.text_input(
                    _("Quantity"),
                    key=f"{PREFIX}quantity.{code}",
                    placeholder=_("e.g. 24 pieces"),
                )
                problems.place(f"quantity.{code}")
            with right:
                remark = st.text_input(_("Remarks"), key=f"{PREFIX}remarks.{code}")
                problems.place(f"remarks.{code}")
            for kept, name, value in (("quantities", "quantity", quantity), ("remarks", "remarks", remark)):
                typed[f"{name}.{code}"] = value
                if value:
                    typed[kept][code] = value


def _draw_routing(
    choices: FormChoices, typed: Typed, labels: dict[str, str], problems: FormProblems, present: Visit
) -> bool:
    """Draw the choice of the answering station; return whether it is a sample."""
    st.header(_("Who answers"))
    by_adcode = {county.adcode: county for county in choices.counties}
    chains = distinct({chain.code: pick(chain.name_zh, chain.name_en) for chain in choices.chains})
    left, right = st.columns(2)
    with left:
        adcode = st.selectbox(
            labels["county_adcode"],
            list(by_adcode),
            key=_known("county_adcode", by_adcode),
            index=None,
            format_func=lambda code: county_name(by_adcode[code]),
            placeholder=_("Choose the county"),
            filter_mode="contains",
        )
        problems.place("county_adcode")
    with right:
        chain = st.selectbox(
            _(_OPTIONAL, label=labels["chain_code"]),
            list(chains),
            key=_known("chain_code", chains),
            index=None,
            format_func=chains.__getitem__,
            placeholder=_("Choose the chain your firm belongs to"),
            filter_mode="contains",
        )
        problems.place("chain_code")
    typed["county_adcode"], typed["chain_code"] = adcode or "", chain or ""
    typed["station_code"], typed["split_agreed"], typed["parts"], sample = "", False, [], choices.own_sample
    if adcode and typed["services"]:
        lon, lat = place_of(choices, by_adcode[adcode])
        proposal = proposal_for(
            typed["services"],
            lon,
            lat,
            chain_code=typed["chain_code"],
            own=choices.own,
            today=present.today,
            samples=present.samples,
        )
        chosen = draw_proposal(proposal, choices.own, share=text_in_address("split") == "1")
        typed["station_code"], typed["split_agreed"], sample = chosen.code, chosen.split_agreed, chosen.sample
        typed["parts"] = list(chosen.parts)
        draw_other_stations(typed["services"], _place_parameters(choices, adcode))
    else:
        notice(_("Choose services and county: the station that fits best is proposed here, and why."))
    problems.place("station_code")
    problems.place("split_agreed")
    return sample


def _place_parameters(choices: FormChoices, adcode: str) -> dict[str, str]:
    """Return the location's query parameters if it is in the county, else the county's adcode."""
    place = choices.place
    if place is not None and place.county and place.county.adcode == adcode:
        return {name: st.query_params[name] for name in PARAMETERS if name in st.query_params}
    return {"adcode": adcode}


def _draw_firm(typed: Typed, labels: dict[str, str], problems: FormProblems, present: Visit) -> None:
    st.header(_("Who asks"))
    draw_reuse(present)

    def text(field: str, **options: Any) -> None:
        label = _(_OPTIONAL, label=labels[field]) if field == "email" else labels[field]
        typed[field] = st.text_input(label, key=f"{PREFIX}{field}", **options)
        problems.place(field)

    text("firm_name", autocomplete="organization")
    text("credit_code", placeholder=_("18 characters, on the business licence"), autocomplete="off")
    typed["credit_code_as_printed"] = _confirmed_as_printed(typed["credit_code"])
    left, right = st.columns(2)
    with left:
        text("contact_name", autocomplete="name")
    with right:
        text("phone", placeholder=_("e.g. {phone}", phone=example().phone), autocomplete="tel")
    text("email", autocomplete="email")


def _confirmed_as_printed(code: str) -> bool:
    """Draw the way round for a credit code whose check character is wrong; return whether this code is confirmed."""
    key = f"draft_as_printed {code}"
    error, before, _sent = st.session_state.get(_PROBLEMS, _NO_PROBLEMS)
    wrong = _has_wrong_check_character(error) and before.get("credit_code") == code
    if not wrong and not st.session_state.get(key):
        return False
    return st.checkbox(_("The code is printed so on the business licence"), key=key)


def _draw_end(typed: Typed, problems: FormProblems, present: Visit, *, sample: bool) -> None:
    # Nothing is sent about a sample, so nobody is asked where to.
    given = {field: typed[field] for field in ("phone", "email")}
    way = ("", "") if sample else draw_notice_fields("draft_notice", given, new=True)
    typed["notice_channel"], typed["notice_address"] = way
    problems.place("notice_channel")
    problems.place("notice_address")
    consent = current_consent()
    source(pick(consent.text_zh, consent.text_en))
    typed["consent"] = st.checkbox(_("I have read this and agree"), key=f"{PREFIX}consent")
    problems.place("consent")
    typed["despite_duplicate"] = False
    if "despite_duplicate" in _fields(st.session_state.get(_PROBLEMS, _NO_PROBLEMS)[0]):
        typed["despite_duplicate"] = st.checkbox(
            _("This is another matter: file it as well"), key=f"{PREFIX}despite_duplicate"
        )
        problems.place("despite_duplicate")
        st.html(Markup("<p>{}</p>").format(link(page_url("track"), _("Follow the request that is still open"))))


def _draw_kept(present: Visit) -> None:
    until = kept_until()
    if until is None:
        return
    if outlives_the_visit():
        told = _(
            "What you typed is kept on this server for this browser only, until {date}; then it is deleted.",
            date=current().format_date(day_in_china(until)),
        )
    else:
        told = _("Your browser takes no cookies: what you typed is lost when you close or reload this page.")
    with st.container(horizontal=True, vertical_alignment="center", key="draft_kept"):
        source(told)
        if st.button(_("Discard the draft"), key="draft_discard", type="tertiary"):
            discard()
            st.rerun()


def _fields(error: DomainError | None) -> set[str]:
    return {problem.field for problem in error.problems} if isinstance(error, InvalidForm) else set()


def _has_wrong_check_character(error: DomainError | None) -> bool:
    return isinstance(error, InvalidForm) and any(isinstance(one, WrongCheckCharacter) for one in error.problems)


def _show_problems(typed: Typed, problems: FormProblems) -> None:
    """Show the problems found on the last sending, except those of fields changed since."""
    error, before, sent = st.session_state.get(_PROBLEMS, _NO_PROBLEMS)
    if error is None:
        return
    if isinstance(error, InvalidForm):
        left = [one for one in error.problems if typed.get(one.field) == before.get(one.field)]
        if not left:
            return
        error = InvalidForm(left)
    problems.show(error, sent)
