"""The forms of a ledger: an instrument, reminders, and closing or deleting the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice, source
from portal.date_bounds import FIRST_DAY
from portal.firm_browser import browser_token
from portal.form_problems import FormProblems
from portal.language import _, current
from portal.ledger.action import act
from portal.ledger.entry import OPENED, hand_over
from portal.notices.notice_settings import notice_settings
from portal.option_labels import distinct
from portal.required_fields import mark_required
from portal.storage import domain_settings, engine
from portal.visit import Visit, visit
from stations.database import transaction
from stations.firms.instrument_sheet import LABELS
from stations.firms.instruments import (
    LONGEST_INTERVAL,
    NAME_LIMIT,
    NUMBER_LIMIT,
    TEXT_LIMIT,
    Instrument,
    InstrumentForm,
    InstrumentLedger,
    save_instrument,
)
from stations.firms.ledgers import (
    close_ledger,
    delete_ledger,
    own_ledger,
    replace_code,
    set_reminders,
    try_reminder_code,
)
from stations.firms.reminder_days import remind_days
from stations.language import label
from stations.readers.email_address import ADDRESS_LIMIT
from stations.secret_codes import NewCode

NEW = ""


def draw_instrument_form(ledger: InstrumentLedger, instruments: Sequence[Instrument], present: Visit) -> None:
    """Draw the form that adds or changes an instrument."""
    labels = {field: _(told) for field, told in LABELS.items()}
    known = {one.code: one for one in instruments}
    names = {NEW: _("A new instrument")} | distinct({one.code: f"{one.name} · {one.number}" for one in instruments})
    code = st.selectbox(
        _("Which instrument"),
        list(names),
        key="ledger_which",
        format_func=lambda code: names.get(code, code),
        filter_mode="contains",
    )
    before = known.get(code)
    problems = FormProblems(labels)
    # The key changes after saving, so that the form of a new instrument is empty again.
    key = f"{code}_{before.version}" if before else f"new_{len(instruments)}"
    texts: dict[str, str] = {}
    with st.form(f"instrument_{key}", border=False, enter_to_submit=False):
        mark_required(*(f"instrument_{field}_{key}" for field in ("name", "number", "verified", "months")))
        left, right = st.columns(2)

        def text(field: str, limit: int) -> None:
            texts[field] = st.text_input(
                labels[field], value=getattr(before, field, ""), max_chars=limit, key=f"instrument_{field}_{key}"
            )
            problems.place(field)

        with left:
            text("name", NAME_LIMIT)
            text("model", TEXT_LIMIT)
            text("place", TEXT_LIMIT)
            last_verified = before.last_verified if before else None
            verified = st.date_input(
                labels["last_verified"],
                value=last_verified,
                min_value=min(FIRST_DAY, last_verified or FIRST_DAY),
                max_value=present.today,
                key=f"instrument_verified_{key}",
                format="YYYY-MM-DD",
            )
            problems.place("last_verified")
        with right:
            text("number", NUMBER_LIMIT)
            text("accuracy", TEXT_LIMIT)
            months = st.number_input(
                labels["interval_months"],
                1,
                LONGEST_INTERVAL,
                before.interval_months if before else 12,
                key=f"instrument_months_{key}",
            )
            problems.place("interval_months")
        pressed = st.form_submit_button(_("Save"), type="primary", disabled=ledger.sample)
    if pressed:
        form = InstrumentForm(interval_months=int(months), last_verified=verified, **texts)

        def save(session: Session, own: InstrumentLedger) -> object:
            now = visit()
            version = before.version if before else 0
            return save_instrument(session, own, form, code=code or None, version=version, now=now.now, today=now.today)

        act(ledger.number, save, _("Saved."), problems)


def draw_reminders(ledger: InstrumentLedger) -> None:
    """Draw the address for reminders, with the forms to change and confirm it."""
    days = [day for day in remind_days() if day]
    source(
        _(
            "One message for all instruments that are due, {days} days before and on the day itself.",
            days=_(", ").join(map(str, days)),
        )
    )
    ways = notice_settings().offered(ledger.notice_channel)
    if not ways:
        notice(_("This installation sends no messages yet. What is due stands at the top of the ledger."))
        return
    if ledger.address_confirmed_at and ledger.notice_channel:
        notice(
            _(
                "Reminders go to {address} ({way}).",
                address=ledger.notice_address,
                way=label(current(), ledger.notice_channel),
            ),
            "good",
        )
        if secret := notice_settings().signing_secret(ledger.notice_channel, ledger.number):
            st.html(
                Markup("<p>{}</p><p><code>{}</code></p>").format(
                    _("Call-backs about this ledger are signed (Standard Webhooks, HMAC-SHA256) with this secret:"),
                    secret,
                )
            )
    elif ledger.notice_address:
        _draw_confirming(ledger)
    labels = {"notice_channel": _("Way"), "notice_address": _("Address")}
    problems = FormProblems(labels)
    names = {NEW: _("No reminders")} | {code: label(current(), way) for code, way in ways.items()}
    with st.form("ledger_reminders", border=False, enter_to_submit=False):
        channel = st.radio(
            _("How shall we remind you?"),
            list(names),
            index=list(names).index(ledger.notice_channel.code if ledger.notice_channel else NEW),
            format_func=names.__getitem__,
            horizontal=True,
            key="ledger_channel",
        )
        problems.place("notice_channel")
        address = st.text_input(
            " / ".join(_(way.address_label) for way in ways.values()),
            value=ledger.notice_address or "",
            max_chars=ADDRESS_LIMIT,
            autocomplete="off",
            key="ledger_address",
        )
        problems.place("notice_address")
        pressed = st.form_submit_button(_("Save"), disabled=ledger.sample)
    if pressed:
        done = _("A message with a code is being sent. Enter the code here, and the reminders begin.")
        act(
            ledger.number,
            lambda session, own: set_reminders(session, own, channel, address, current().code, now=visit().now),
            done if channel else _("No reminders will be sent."),
            problems,
        )


def _draw_confirming(ledger: InstrumentLedger) -> None:
    notice(_("{address} is not confirmed yet: enter the code that was sent there.", address=ledger.notice_address))
    problems = FormProblems({"proof": _("Code")})
    with st.form("ledger_proof", border=False, width=420):
        proof = st.text_input(_("Code of six digits"), autocomplete="one-time-code", max_chars=60)
        problems.place("proof")
        pressed = st.form_submit_button(_("Confirm the address"), type="primary")
    if pressed:
        act(
            ledger.number,
            lambda session, own: try_reminder_code(session, own, proof, now=visit().now),
            _("Confirmed. Reminders are sent from now on."),
            problems,
        )


def draw_end(ledger: InstrumentLedger) -> None:
    """Draw the buttons for a new code, closing in this browser, and permanent deletion."""

    def close() -> None:
        with transaction(engine()) as session:
            own = own_ledger(
                session, ledger.number, browser_token(), now=visit().now, samples=domain_settings().samples
            )
            close_ledger(session, own, browser_token())
        st.session_state.pop(OPENED, None)

    with st.container(horizontal=True, key="ledger_end"):
        st.button(
            _("Close it in this browser"),
            on_click=close,
            help=_("On a computer that others use too. Number and code open it again."),
        )
        if st.button(
            _("New code"), disabled=ledger.sample, help=_("Where the code was lost, or somebody else has it.")
        ):
            _renew_code(ledger)
    if ledger.sample:
        return
    sure = st.checkbox(_("Delete the ledger with all its instruments, at once and for good"), key="ledger_sure")
    if st.button(_("Delete the ledger"), disabled=not sure, key="ledger_delete"):
        st.session_state.pop(OPENED, None)
        act(
            ledger.number,
            lambda session, own: delete_ledger(session, own, now=visit().now),
            _("The ledger is deleted."),
        )


def _renew_code(ledger: InstrumentLedger) -> None:
    secret = NewCode()

    def replace(session: Session, own: InstrumentLedger) -> None:
        replace_code(session, own, secret, now=visit().now)
        hand_over(own.number, secret.code)

    act(ledger.number, replace, _("The code before opens the ledger no more."))
