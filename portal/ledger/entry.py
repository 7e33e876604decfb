"""Opening a ledger of instruments, creating one, and showing its new number and code."""

from __future__ import annotations

import time

import streamlit as st
from markupsafe import Markup

from portal.components import notice, sample_tag, source
from portal.firm_browser import browser_token, client
from portal.form_problems import FormProblems
from portal.language import _, current, pick
from portal.number_and_code import draw_number_and_code, draw_saving_both
from portal.places.county_name import county_name
from portal.required_fields import mark_required
from portal.storage import domain_settings, engine
from portal.visit import visit
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.firms.ledgers import FIRM_NAME_LIMIT, LedgerForm, begin_ledger, try_open_ledger
from stations.places.counties import list_counties
from stations.requests.code_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING
from stations.requests.consent import Purpose, current_consent
from stations.samples import ledger as sample_ledger
from stations.secret_codes import NewCode

OPENED = "ledger_opened"
"""Session state: number of the ledger that is looked at, one that is open in this browser."""

_RECEIPT = "ledger_receipt"
_WRONG = "ledger_wrong"


def hand_over(number: str, code: str) -> None:
    """Store number and code in the session, to be shown until they are dismissed."""
    st.session_state[_RECEIPT] = (number, code)


def draw_receipt() -> None:
    """Draw number and code if they were just issued."""
    if _RECEIPT not in st.session_state:
        return
    number, code = st.session_state[_RECEIPT]
    lines = [
        _("Ledger number: {number}", number=number),
        _("Code: {code}", code=code),
        _("Keep the code to yourself: whoever has both sees the ledger."),
    ]
    text = "\r\n".join(lines) + "\r\n"
    draw_number_and_code(_("Ledger number"), number, code, text)
    notice(_("Write both down or save them now: with both you open the ledger again, on any device."))
    with st.container(horizontal=True, key="ledger_receipt_tools"):
        draw_saving_both(number, text)
        st.button(
            _("I have both: put this away"), type="tertiary", on_click=lambda: st.session_state.pop(_RECEIPT, None)
        )


def draw_entry() -> None:
    """Draw the ways to open a ledger: with number and code, by creating one, or the sample ledger."""
    if st.session_state.pop(_WRONG, False):
        notice(
            _(
                "No ledger has this number and code; check both and try again. Each wrong try makes the "
                "next answer slower; after {tries} of them nothing opens for {minutes} minutes.",
                tries=TRIES_BEFORE_CLOSING,
                minutes=int(CLOSED_FOR.total_seconds() // 60),
            ),
            "bad",
        )
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.header(_("Open my ledger"))
        with st.form("ledger_open", border=False):
            st.text_input(_("Ledger number"), key="ledger_number", placeholder="M261124-0A1B2C", autocomplete="off")
            st.text_input(_("Code"), key="ledger_code", type="password", autocomplete="off")
            st.form_submit_button(
                _("Open"),
                type="primary",
                on_click=lambda: _open(st.session_state["ledger_number"], st.session_state["ledger_code"]),
            )
        if visit().samples:
            _draw_sample()
    with right:
        st.header(_("Begin a ledger"))
        _draw_begin()


def _draw_sample() -> None:
    """Draw the sample ledger with its public number and code."""
    notice(
        Markup("{} {}<br>{}").format(
            sample_tag(),
            _("An invented ledger to look at. Nothing in it can be changed."),
            _("Number {number}, code {code}", number=sample_ledger.NUMBER, code=sample_ledger.CODE),
        ),
        "sample",
    )
    st.button(_("Open the sample ledger"), on_click=_open, args=(sample_ledger.NUMBER, sample_ledger.CODE))


def _open(number: str, code: str) -> None:
    """Look the ledger up, and open it in this browser if number and code are right."""
    present, browser = visit(), browser_token()
    tried = try_open_ledger(
        engine(),
        number,
        code,
        client=client(),
        browser=browser,
        now=present.now,
        samples=domain_settings().samples,
    )
    time.sleep(tried.wait.total_seconds())  # after the transaction, so that the wait blocks nobody else
    st.session_state[_WRONG] = tried.found is None
    if tried.found is not None:
        st.session_state[OPENED] = tried.found.number
        st.session_state.pop("ledger_another", None)


def _draw_begin() -> None:
    labels = {
        "firm_name": _("Name of the firm"),
        "county_adcode": _("County, city or district"),
        "consent": _("Agreement"),
    }
    problems = FormProblems(labels)
    with reading(engine()) as session:
        counties = {county.adcode: county for county in list_counties(session)}
    with st.form("ledger_begin", border=False, enter_to_submit=False):
        mark_required("ledger_firm", "ledger_county")
        firm = st.text_input(
            labels["firm_name"], max_chars=FIRM_NAME_LIMIT, autocomplete="organization", key="ledger_firm"
        )
        problems.place("firm_name")
        adcode = st.selectbox(
            labels["county_adcode"],
            list(counties),
            index=None,
            key="ledger_county",
            format_func=lambda code: county_name(counties[code]),
            placeholder=_("Choose the county"),
            filter_mode="contains",
        )
        problems.place("county_adcode")
        consent = current_consent(Purpose.LEDGER)
        source(pick(consent.text_zh, consent.text_en))
        agreed = st.checkbox(_("I have read this and agree"), key="ledger_consent")
        problems.place("consent")
        pressed = st.form_submit_button(_("Begin the ledger"))
    if not pressed:
        return
    present = visit()
    try:
        secret = NewCode()
        with transaction(engine()) as session:
            begun = begin_ledger(
                session,
                LedgerForm(firm, adcode or "", agreed, current().code),
                secret,
                browser=browser_token(),
                now=present.now,
                today=present.today,
            )
    except DomainError as error:
        problems.show(error)
        return
    hand_over(begun.ledger.number, begun.code)
    st.session_state[OPENED] = begun.ledger.number
    st.session_state.pop("ledger_another", None)
    st.rerun()
